"""Locations of terms."""

from collections.abc import Iterable, Iterator

from techstock.formats._report import Report
from techstock.model import Place
from techstock.survey.terms import Term

Spot = tuple[str, int]
"""A path and a line, from 1."""


def by_definition(term: Term, report: Report) -> Iterator[tuple[str, list[Spot]]]:
    """Yield each definition with its locations; locations without a definition come last, with an empty text."""
    for index, text in enumerate(term.definitions):
        yield text, _spots((stand.place for stand in term.places if stand.definition == index), report)
    bare = _spots((stand.place for stand in term.places if stand.definition < 0), report)
    if bare:
        yield "", bare


def _spots(places: Iterable[Place], report: Report) -> list[Spot]:
    return list(dict.fromkeys((place.path, report.positions(place)[0]) for place in places))


def written(spot: Spot) -> str:
    """Return `path:line`, which editors and terminals can open; the path is not escaped."""
    return f"{spot[0]}:{spot[1]}"
