"""Where a repository is hosted, read from git's own files: no process is started for it."""

import os
import re

from techstock.model import Home
from techstock.project.git import Git

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
    """The repository on github.com that `origin` is; `None` where it is elsewhere or cannot be told.

    The branches are the one checked out and the default one, where git knows it; else the usual names for it.
    """
    try:
        shared = git.shared()
        match = _GITHUB.fullmatch(_origin(_text(os.path.join(shared, "config"))))
        if match is None:
            return None
        current = _branch(os.path.join(git.folder(), "HEAD"), "refs/heads/")
        default = _branch(os.path.join(shared, "refs", "remotes", "origin", "HEAD"), "refs/remotes/origin/")
    except OSError:
        return None
    branches = ("HEAD", current, *((default,) if default else _USUAL))
    return Home(match[1], tuple(dict.fromkeys(branch for branch in branches if branch)))


def branch(git: Git) -> str:
    """The default branch, where git knows it, else the one that is checked out; empty where neither can be told."""
    try:
        default = _branch(os.path.join(git.shared(), "refs", "remotes", "origin", "HEAD"), "refs/remotes/origin/")
        return default or _branch(os.path.join(git.folder(), "HEAD"), "refs/heads/")
    except OSError:
        return ""


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST)


def _origin(config: str) -> str:
    inside = False
    for line in config.split("\n"):
        if line.lstrip().startswith("["):
            inside = _ORIGIN.match(line.strip()) is not None
        elif inside and (match := _URL.match(line)):
            return match[1].strip('"')
    return ""


def _branch(path: str, prefix: str) -> str:
    """The branch that a symbolic reference names; empty for a commit and where there is none."""
    try:
        text = _text(path).strip()
    except FileNotFoundError:
        return ""
    return text.removeprefix(f"ref: {prefix}") if text.startswith(f"ref: {prefix}") else ""
