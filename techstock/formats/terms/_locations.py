"""Locations of terms."""

from collections.abc import Iterable, Iterator

from techstock.formats._report import Report
from techstock.model import Span
from techstock.survey.term_index import IndexedTerm

LineLocation = tuple[str, int]
"""A path and a line, from 1."""


def group_by_definition(term: IndexedTerm, report: Report) -> Iterator[tuple[str, list[LineLocation]]]:
    """Yield each definition with its locations; locations without a definition come last, with an empty text."""
    for index, text in enumerate(term.definitions):
        yield text, _find_locations((stand.place for stand in term.places if stand.definition == index), report)
    bare = _find_locations((stand.place for stand in term.places if stand.definition < 0), report)
    if bare:
        yield "", bare


def _find_locations(places: Iterable[Span], report: Report) -> list[LineLocation]:
    return list(dict.fromkeys((place.path, report.locate_span(place)[0]) for place in places))


def format_line_location(spot: LineLocation) -> str:
    """Return `path:line`, which editors and terminals can open; the path is not escaped."""
    return f"{spot[0]}:{spot[1]}"
