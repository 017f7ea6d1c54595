"""GitHub repository and branches of a project, read from git's own files without starting a process."""

import os
import re

from techstock.model import Home
from techstock.project.git import Git, text_of

_LONGEST = 1 << 20  # bytes of a configuration
_ORIGIN = re.compile(r'\[\s*remote\s+"origin"\s*\]', re.I)
_URL = re.compile(r"\s*url\s*=\s*(\S+)", re.I)
_GITHUB = re.compile(
    r"(?:https?://(?:[^/@\s]*@)?(?:www\.)?github\.com/|(?:ssh://)?git@github\.com[:/]|git://github\.com/)"
    r"([\w.-]+/[\w.-]+?)(?:\.git)?/?",
    re.I,
)
_USUAL = ("main", "master")


def home(git: Git) -> Home | None:
    """Return the repository on github.com that `origin` points to; None if it is elsewhere or unknown.

    The branches are the one checked out and the default branch if git knows it, else the usual names for it.
    """
    try:
        shared = git.shared()
        match = _GITHUB.fullmatch(_origin(text_of(os.path.join(shared, "config"), _LONGEST)))
        if match is None:
            return None
        current = _branch(os.path.join(git.folder(), "HEAD"), "refs/heads/")
        default = _branch(os.path.join(shared, "refs", "remotes", "origin", "HEAD"), "refs/remotes/origin/")
    except OSError:
        return None
    branches = ("HEAD", current, *((default,) if default else _USUAL))
    return Home(match[1], tuple(dict.fromkeys(branch for branch in branches if branch)))


def branch(git: Git) -> str:
    """Return the default branch if git knows it, else the branch that is checked out; empty if neither is known."""
    try:
        default = _branch(os.path.join(git.shared(), "refs", "remotes", "origin", "HEAD"), "refs/remotes/origin/")
        return default or _branch(os.path.join(git.folder(), "HEAD"), "refs/heads/")
    except OSError:
        return ""


def _origin(config: str) -> str:
    inside = False
    for line in config.split("\n"):
        if line.lstrip().startswith("["):
            inside = _ORIGIN.match(line.strip()) is not None
        elif inside and (match := _URL.match(line)):
            return match[1].strip('"')
    return ""


def _branch(path: str, prefix: str) -> str:
    """Return the branch that a symbolic reference names; empty for a commit or a missing file."""
    try:
        text = text_of(path, _LONGEST).strip()
    except FileNotFoundError:
        return ""
    return text.removeprefix(f"ref: {prefix}") if text.startswith(f"ref: {prefix}") else ""
