"""Names of files: which are notes, how they are compared, how the disk spells them."""

import os

from techstock.text.unicode import composed

SUFFIXES = (".md", ".markdown")


def is_note(path: str) -> bool:
    """Whether the file name ends like Markdown, in any case (`README.MD`)."""
    return path.lower().endswith(SUFFIXES)


def printable(path: str) -> str:
    """The path without the lone surrogates that stand for bytes that are not UTF-8: no output could encode them."""
    return path.encode("utf-8", "backslashreplace").decode()


def spelled(path: str) -> str | None:
    """The absolute path as the disk spells it, where it was typed in another Unicode form; None if nothing is there."""
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
    """The name in `folder` that is `name` in NFC; empty if there is none."""
    try:
        return next((entry for entry in sorted(os.listdir(folder)) if composed(entry) == name), "")
    except OSError:
        return ""
