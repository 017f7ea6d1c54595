"""GitHub repository and branches of a project, read from git's own files without starting a process."""

import os
import re

from techstock.model import GitHubRemote
from techstock.project.git import Git, read_small_file

_MAX_FILE_SIZE = 1 << 20  # bytes of a configuration
_ORIGIN_HEADER = re.compile(r'\[\s*remote\s+"origin"\s*\]', re.I)
_URL_LINE = re.compile(r"\s*url\s*=\s*(\S+)", re.I)
_GITHUB_URL = re.compile(
    r"(?:https?://(?:[^/@\s]*@)?(?:www\.)?github\.com/|(?:ssh://)?git@github\.com[:/]|git://github\.com/)"
    r"([\w.-]+/[\w.-]+?)(?:\.git)?/?",
    re.I,
)
_USUAL_BRANCHES = ("main", "master")


def find_github_remote(git: Git) -> GitHubRemote | None:
    """Return the repository on github.com that `origin` points to; None if it is elsewhere or unknown.

    The branches are the one checked out and the default branch if git knows it, else the usual names for it.
    """
    try:
        config = read_small_file(os.path.join(git.find_common_directory(), "config"), _MAX_FILE_SIZE)
        match = _GITHUB_URL.fullmatch(_parse_origin_url(config))
        if match is None:
            return None
        current, default = _read_current_branch(git), _read_default_branch(git)
    except OSError:
        return None
    branches = ("HEAD", current, *((default,) if default else _USUAL_BRANCHES))
    return GitHubRemote(match[1], tuple(dict.fromkeys(branch for branch in branches if branch)))


def find_default_branch(git: Git) -> str:
    """Return the default branch if git knows it, else the branch that is checked out; empty if neither is known."""
    try:
        return _read_default_branch(git) or _read_current_branch(git)
    except OSError:
        return ""


def _parse_origin_url(config: str) -> str:
    inside = False
    for line in config.split("\n"):
        if line.lstrip().startswith("["):
            inside = _ORIGIN_HEADER.match(line.strip()) is not None
        elif inside and (match := _URL_LINE.match(line)):
            return match[1].strip('"')
    return ""


def _read_current_branch(git: Git) -> str:
    return _read_branch(os.path.join(git.find_git_directory(), "HEAD"), "refs/heads/")


def _read_default_branch(git: Git) -> str:
    path = os.path.join(git.find_common_directory(), "refs", "remotes", "origin", "HEAD")
    return _read_branch(path, "refs/remotes/origin/")


def _read_branch(path: str, prefix: str) -> str:
    """Return the branch that a symbolic reference names; empty for a commit or a missing file."""
    try:
        text = read_small_file(path, _MAX_FILE_SIZE).strip()
    except FileNotFoundError:
        return ""
    return text.removeprefix(f"ref: {prefix}") if text.startswith(f"ref: {prefix}") else ""
