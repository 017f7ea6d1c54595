"""Tests here see no git variables and no git configuration of the machine they run on."""

from tests.project.conftest import _plain_git

__all__ = ["_plain_git"]
