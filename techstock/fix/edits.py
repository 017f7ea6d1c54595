"""Apply edits to the text of one note."""

import re
from collections.abc import Iterable
from itertools import pairwise

from techstock.model import Edit

_END = re.compile(r"\r\n?|\n")


class OverlapError(ValueError):
    """Two edits want the same characters to become different things."""


def ordered(edits: Iterable[Edit]) -> list[Edit]:
    """The edits of one note in the order of their places, equal ones once. Raises `OverlapError`.

    Two edits may touch; an insertion may stand at the start or the end of another edit.
    """
    found = sorted(dict.fromkeys(edits), key=lambda edit: (edit.place.start, edit.place.end))
    for before, after in pairwise(found):
        if after.place.start < before.place.end or after.place == before.place:
            raise OverlapError(f"edits overlap at {after.place.start}")
    return found


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with its edits, whose line ends become those of the note. Raises `OverlapError`."""
    pieces, at = [], 0
    end = line_end(text)
    for edit in ordered(edits):
        pieces += [text[at : edit.place.start], own(edit.text, end)]
        at = edit.place.end
    return "".join([*pieces, text[at:]])


def own(text: str, end: str) -> str:
    """The text of an edit, with this line end."""
    return text if end == "\n" else text.replace("\n", end)


def line_end(text: str) -> str:
    """How the first line of a note ends; `\\n` where there is but one line."""
    match = _END.search(text)
    return match[0] if match else "\n"
