"""The source that this techstock was installed from, as pip and others record it (PEP 610, `direct_url.json`)."""

import os
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from techstock import __version__

_MAX_RECORD_SIZE = 1 << 16  # bytes
REPOSITORY = "https://github.com/techstock/techstock"
_PLAIN_URL = re.compile(r"(?:https://|ssh://|git://|file:///)[\w.@:/~+-]+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ON_GITHUB = re.compile(r"https://github\.com/([\w-][\w.-]*/[\w.-]+?)(?:\.git)?/?")


class InstallSource(msgspec.Struct, frozen=True):
    """A repository and a revision that others can install techstock from; both are empty for a folder or a file.

    `command` are the words that run this very techstock.
    """

    repository: str
    revision: str
    command: tuple[str, ...]

    @property
    def action(self) -> str:
        """Return the repository on GitHub and the revision, as a workflow names an action; empty if it is elsewhere."""
        found = _ON_GITHUB.fullmatch(self.repository)
        return f"{found[1]}@{self.revision}" if found else ""


def find_install_source() -> InstallSource:
    """Return what the installer has recorded: a release has no record, a git URL its commit."""
    record = _read_record()
    if record is None:
        return InstallSource(REPOSITORY, f"v{__version__}", _find_command())
    return InstallSource(*_parse_record(record), _find_command())


def _read_record() -> bytes | None:
    """Return the content of `direct_url.json`; `None` for a release from an index, empty if nothing is installed."""
    from importlib.metadata import PackageNotFoundError, distribution

    from techstock.storage.regular_file import read_regular_file

    try:
        installed = distribution("techstock")
        record = next((file for file in installed.files or () if file.name == "direct_url.json"), None)
        if record is None:
            return None
        return read_regular_file(str(installed.locate_file(record)), _MAX_RECORD_SIZE, follow_links=True)
    except (PackageNotFoundError, OSError):  # run from a folder of sources
        return b""


def _parse_record(record_text: bytes) -> tuple[str, str]:
    """Return the repository and the commit; both empty if it was not a repository, or is not safe to write down."""
    from techstock.text.bounded_parsing import parse_json

    try:
        record: Any = parse_json(record_text)
        url, commit = record["url"], record["vcs_info"]["commit_id"]
        plain = _PLAIN_URL.fullmatch(url) and _COMMIT.fullmatch(commit) and record["vcs_info"]["vcs"] == "git"
    except (ValueError, TypeError, KeyError):
        return "", ""
    if not plain or "subdirectory" in record or re.match(r"\w+://[^/]*:[^/]*@", url):  # a password is nobody's business
        return "", ""
    return url, commit


def _find_command() -> tuple[str, ...]:
    script = Path(sys.executable).with_name("techstock.exe" if os.name == "nt" else "techstock")
    return (script.as_posix(),) if script.is_file() else (Path(sys.executable).as_posix(), "-P", "-m", "techstock")
