"""Columns of 80 characters in all, to read and to search."""

from collections.abc import Iterable, Iterator, Sequence

from techstock.formats._report import Report
from techstock.formats.terms._spots import by_definition, written
from techstock.survey.terms import Term
from techstock.text.escape import escape
from techstock.text.width import display_width, padded
from techstock.text.wrapping import wrapped

_WIDTH = 80  # columns
_TERM, _PLACE = 22, 28  # columns at most
_ROWS = 3  # of a definition
_NONE = "-"
_Cells = Sequence[tuple[str, Sequence[str]]]
"""Each definition with its places, all escaped."""


def render(terms: Sequence[Term], report: Report) -> Iterator[str]:
    """Yield one row for each term; a definition takes three lines at most. A path is never cut."""
    if not terms:
        return
    rows = [(escape(term.term), list(_cells(term, report))) for term in terms]
    head = ("TERM", "DEFINITION", "PLACE") if any(term.definitions for term in terms) else ("TERM", "PLACE")
    term = _widest((name for name, _ in rows), _TERM)
    spots = (spot for _, cells in rows for _, places in cells for spot in places)
    place = _widest(spots, _PLACE if len(head) > 2 else _WIDTH - term - 2)
    columns = (term, _WIDTH - term - place - 4, place) if len(head) > 2 else (term, place)
    yield _line(head, columns)
    for name, cells in rows:
        yield from _row(name, cells, columns)


def _cells(term: Term, report: Report) -> Iterator[tuple[str, list[str]]]:
    for text, spots in by_definition(term, report):
        lines = [line for line in text.split("\n") if line]
        yield escape(" / ".join(lines)) or _NONE, [escape(written(spot)) for spot in spots]


def _widest(texts: Iterable[str], most: int) -> int:
    return max(5, min(most, max(map(display_width, texts), default=0)))


def _row(name: str, cells: _Cells, columns: Sequence[int]) -> Iterator[str]:
    names = wrapped(name, columns[0])
    for text, places in cells:
        texts = wrapped(text, columns[1], _ROWS) if len(columns) > 2 else []
        for place in places:
            left = [names.pop(0) if names else "", *([texts.pop(0) if texts else ""] if len(columns) > 2 else [])]
            yield from _beside(left, place, columns)
        while texts:
            yield _line((names.pop(0) if names else "", texts.pop(0)), columns)
    while names:
        yield _line((names.pop(0),), columns)


def _beside(left: list[str], place: str, columns: Sequence[int]) -> Iterator[str]:
    """Yield a line with a location.

    One that is too long for its column is aligned to the right, on a line of its own if necessary.
    """
    if display_width(place) <= columns[-1]:
        yield _line((*left, place), columns)
        return
    start = _line(left, columns)[:-1]
    room = _WIDTH - display_width(place)
    if start and display_width(start) + 2 > room:
        yield f"{start}\n"
        start = ""
    yield f"{start}{' ' * max(room - display_width(start), 0)}{place}\n"


def _line(cells: Iterable[str], columns: Sequence[int]) -> str:
    return "  ".join(map(padded, cells, columns)).rstrip() + "\n"
