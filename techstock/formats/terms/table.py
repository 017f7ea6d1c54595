"""Columns of 80 characters in all, to read and to search."""

from collections.abc import Iterator, Sequence

from techstock.formats._report import Report
from techstock.formats.terms._spots import by_definition, spot
from techstock.survey.terms import Term
from techstock.text.escape import escape
from techstock.text.width import display_width
from techstock.text.wrap import wrapped

_WIDTH = 80  # columns
_TERM, _PLACE = 22, 28  # columns at most
_ROWS = 3  # of a definition
_NONE = "-"


def render(terms: Sequence[Term], report: Report) -> Iterator[str]:
    """One row for each term; a definition takes three lines at most, a place longer than its column one of its own."""
    rows = [(escape(term.term), list(_cells(term, report))) for term in terms]
    spots = [display_width(place) for _, cells in rows for _, places in cells for place in places]
    widths = (
        max(4, min(_TERM, max((display_width(name) for name, _ in rows), default=0))),
        max(5, min(_PLACE, max(spots, default=0))),
    )
    if rows:
        yield _line(("TERM", "DEFINITION", "PLACE"), widths)
    for name, cells in rows:
        yield from _row(name, cells, widths)


def _cells(term: Term, report: Report) -> Iterator[tuple[str, list[str]]]:
    for text, places in by_definition(term):
        lines = [line for line in text.split("\n") if line]
        yield escape(" / ".join(lines)) or _NONE, [escape(spot(place, report)) for place in places]


def _row(name: str, cells: list[tuple[str, list[str]]], widths: tuple[int, int]) -> Iterator[str]:
    room = _WIDTH - sum(widths) - 4
    names = iter(wrapped(name, widths[0]))
    for text, places in cells:
        texts = iter(wrapped(text, room, _ROWS))
        for place in places:
            if display_width(place) > widths[1]:
                yield _line((next(names, ""), next(texts, ""), ""), widths)
                yield f"{' ' * max(_WIDTH - display_width(place), 0)}{place}\n"
            else:
                yield _line((next(names, ""), next(texts, ""), place), widths)
        for line in texts:
            yield _line((next(names, ""), line, ""), widths)
    for rest in names:
        yield _line((rest, "", ""), widths)


def _line(cells: tuple[str, str, str], widths: tuple[int, int]) -> str:
    columns = (widths[0], _WIDTH - sum(widths) - 4, widths[1])
    padded = (cell + " " * (width - display_width(cell)) for cell, width in zip(cells, columns, strict=True))
    return "  ".join(padded).rstrip() + "\n"
