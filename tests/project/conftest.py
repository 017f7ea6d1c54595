"""Run every test here with git as it is without the variables and the configuration of this machine."""

import pytest


@pytest.fixture(autouse=True)
def _plain_git(plain_git: None) -> None:
    pass
