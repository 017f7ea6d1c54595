"""File names: printable paths, and names as spelled on disk."""

import os

from techstock.text.unicode_names import normalize_nfc


def make_printable(path: str) -> str:
    """Return the path with lone surrogates escaped: they represent bytes that are not UTF-8 and cannot be encoded."""
    return path.encode("utf-8", "backslashreplace").decode()


def find_spelling_on_disk(path: str) -> str | None:
    """Return the absolute path as spelled on disk, which may have another Unicode form; None if it does not exist."""
    head, tail = path, list[str]()
    while not os.path.lexists(head):
        head, name = os.path.split(head)
        if not name:
            return None
        tail.append(name)
    while tail:
        name = _find_file_name(head, normalize_nfc(tail.pop()))
        if not name:
            return None
        head = os.path.join(head, name)
    return head


def _find_file_name(folder: str, name: str) -> str:
    """Return the name in `folder` that equals `name` in NFC; empty if there is none."""
    try:
        return next((entry for entry in sorted(os.listdir(folder)) if normalize_nfc(entry) == name), "")
    except OSError:
        return ""
