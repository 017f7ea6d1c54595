"""Columns of 80 characters in all, to read and to search."""

from collections.abc import Iterable, Iterator, Sequence

from techstock.formats._report import PEOPLE, Report
from techstock.formats.terms._locations import group_by_definition
from techstock.survey.term_index import IndexedTerm
from techstock.text.escape import escape
from techstock.text.terminal_width import display_width, pad_to_width, wrap_text

AUDIENCE = PEOPLE

_WIDTH = 80  # columns
_MAX_TERM_WIDTH, _MAX_PLACE_WIDTH = 22, 28  # columns at most
_MIN_PLACE_WIDTH = 5  # columns
_MAX_DEFINITION_LINES = 3  # of a definition
_MAX_PLACES = 3  # of a term that has no definition
_NO_DEFINITION = "-"
_DefinitionCells = Sequence[tuple[str, Sequence[str]]]
"""Each definition with its places, all escaped."""


def render(terms: Sequence[IndexedTerm], report: Report) -> Iterator[str]:
    """Yield one row for each term; a definition takes three lines at most. A path is never cut."""
    if not terms:
        return
    if not any(term.definitions for term in terms):
        yield from _render_uses(terms, report)
        return
    rows = [(escape(term.term), list(_format_cells(term, report))) for term in terms]
    head = ("TERM", "DEFINITION", "PLACE")
    term = _measure_column((name for name, _ in rows), _MAX_TERM_WIDTH)
    spots = (spot for _, cells in rows for _, places in cells for spot in places)
    place = _measure_column(spots, _MAX_PLACE_WIDTH)
    columns = (term, _WIDTH - term - place - 4, place)
    yield _format_line(head, columns)
    for name, cells in rows:
        yield from _format_term_rows(name, cells, columns)


def _render_uses(terms: Sequence[IndexedTerm], report: Report) -> Iterator[str]:
    """Yield rows of terms that have no definition: how often each is used, and the first places."""
    columns = (_measure_column((escape(term.term) for term in terms), _MAX_TERM_WIDTH), 5, _MIN_PLACE_WIDTH)
    yield _format_line(("TERM", " USES", "PLACE"), columns)
    for term in terms:
        every = [spot for _, found in group_by_definition(term, report) for spot in found]
        first = list({path: (path, line) for path, line in reversed(every)}.values())[::-1]  # of each note
        spots = (first if len(first) >= _MAX_PLACES else every)[:_MAX_PLACES]
        names = wrap_text(escape(term.term), columns[0])
        for index in range(max(len(spots), len(names))):
            place = escape(f"{report.to_shown_path(spots[index][0])}:{spots[index][1]}") if index < len(spots) else ""
            count = "" if index else f"{len(term.places):>5,}"
            yield _format_line((names[index] if index < len(names) else "", count, place), columns)


def _format_cells(term: IndexedTerm, report: Report) -> Iterator[tuple[str, list[str]]]:
    for text, spots in group_by_definition(term, report):
        lines = [line for line in text.split("\n") if line]
        yield (
            escape(" / ".join(lines)) or _NO_DEFINITION,
            [escape(f"{report.to_shown_path(path)}:{line}") for path, line in spots],
        )


def _measure_column(texts: Iterable[str], most: int) -> int:
    return max(5, min(most, max(map(display_width, texts), default=0)))


def _format_term_rows(name: str, cells: _DefinitionCells, columns: Sequence[int]) -> Iterator[str]:
    names = wrap_text(name, columns[0])
    for text, places in cells:
        texts = wrap_text(text, columns[1], _MAX_DEFINITION_LINES)
        late: list[str] = []  # places that no line has room for: they follow the text, and do not break it up
        for place in places:
            left = [names.pop(0) if names else "", texts.pop(0) if texts else ""]
            line = _format_location_line(left, place, columns)
            if line or any(left):
                yield line or _format_line(left, columns)
            late += [] if line else [place]
        while texts or (late and names):
            yield _format_line((names.pop(0) if names else "", texts.pop(0) if texts else ""), columns)
        yield from (f"{' ' * max(_WIDTH - display_width(place), 0)}{place}\n" for place in late)
    while names:
        yield _format_line((names.pop(0),), columns)


def _format_location_line(left: list[str], place: str, columns: Sequence[int]) -> str:
    """Return a line with a location, aligned to the right if it is too long for its column.

    The line is empty if it has no room for the location.
    """
    if display_width(place) <= columns[-1]:
        return _format_line((*left, place), columns)
    start = _format_line(left, columns)[:-1]
    room = _WIDTH - display_width(place)
    if start and display_width(start) + 2 > room:
        return ""
    return f"{start}{' ' * max(room - display_width(start), 0)}{place}\n"


def _format_line(cells: Iterable[str], columns: Sequence[int]) -> str:
    return "  ".join(map(pad_to_width, cells, columns)).rstrip() + "\n"
