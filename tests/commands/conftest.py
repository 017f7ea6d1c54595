"""Repositories that the tests of several commands begin with."""

from pathlib import Path

import pytest

from tests.commands.init_notes import OLD
from tests.support import make_project, run_git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository on the branch `trunk` whose notes know no techstock yet."""
    make_project(tmp_path, OLD)
    run_git(tmp_path, "init", "--quiet", "-b", "trunk")
    return tmp_path
