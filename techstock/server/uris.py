"""Paths of files and the URIs that name them."""

import os
import re
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urlsplit

_DRIVE = re.compile(r"/?([A-Za-z]):(?=[/\\]|$)")


def parse_file_uri(uri: str, *, windows: bool = os.name == "nt") -> str | None:
    """Return the absolute path that a `file:` URI names; `None` for any other URI, or one that is damaged.

    `file:///c%3A/notes` and `file:///C:/notes` are the same folder of Windows.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file":
        return None
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if "\0" in path or not path:
        return None
    if not windows:
        return path if path.startswith("/") and parts.netloc.lower() in ("", "localhost") else None
    if drive := _DRIVE.match(path):
        path = f"{drive[1].upper()}:{path[drive.end() :]}"
    elif parts.netloc:
        path = f"//{parts.netloc}{path}"
    return path.replace("/", "\\")


def make_file_uri(path: str | Path, *, windows: bool = os.name == "nt") -> str:
    """Return the URI of an absolute path; bytes that are not UTF-8 are escaped as they are."""
    name = os.fspath(path)
    if not windows:
        return f"file://{quote(os.fsencode(name))}"
    name = name.replace("\\", "/")
    if name.startswith("//"):
        return f"file:{quote(name.encode('utf-8', 'surrogateescape'))}"
    drive, rest = name[:2], name[2:]
    return f"file:///{drive[:1].lower()}%3A{quote(rest.encode('utf-8', 'surrogateescape'))}"
