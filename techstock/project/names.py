"""File names: the suffixes of notes, printable paths, and names as spelled on disk."""

import os

from techstock.text.unicode import composed

SUFFIXES = (".md", ".markdown")


def is_note(path: str) -> bool:
    """Return whether the file name ends with a Markdown suffix, in any case (`README.MD`)."""
    return path.lower().endswith(SUFFIXES)


def printable(path: str) -> str:
    """Return the path with lone surrogates escaped: they represent bytes that are not UTF-8 and cannot be encoded."""
    return path.encode("utf-8", "backslashreplace").decode()


def spelled(path: str) -> str | None:
    """Return the absolute path as spelled on disk, which may have another Unicode form; None if it does not exist."""
    head, tail = path, list[str]()
    while not os.path.lexists(head):
        head, name = os.path.split(head)
        if not name:
            return None
        tail.append(name)
    while tail:
        name = _entry(head, composed(tail.pop()))
        if not name:
            return None
        head = os.path.join(head, name)
    return head


def _entry(folder: str, name: str) -> str:
    """Return the name in `folder` that equals `name` in NFC; empty if there is none."""
    try:
        return next((entry for entry in sorted(os.listdir(folder)) if composed(entry) == name), "")
    except OSError:
        return ""
