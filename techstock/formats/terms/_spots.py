"""Where terms stand, in words."""

from collections.abc import Iterable, Iterator

from techstock.formats._report import Report
from techstock.model import Place
from techstock.survey.terms import Term

Spot = tuple[str, int]
"""A path and a line, from 1."""


def by_definition(term: Term, report: Report) -> Iterator[tuple[str, list[Spot]]]:
    """Each definition with the lines that give it; lines without one last, beside an empty text."""
    for index, text in enumerate(term.definitions):
        yield text, _spots((stand.place for stand in term.places if stand.definition == index), report)
    bare = _spots((stand.place for stand in term.places if stand.definition < 0), report)
    if bare:
        yield "", bare


def _spots(places: Iterable[Place], report: Report) -> list[Spot]:
    return list(dict.fromkeys((place.path, report.positions(place)[0]) for place in places))


def written(spot: Spot) -> str:
    """`path:line`, which editors and terminals follow; the path as it is."""
    return f"{spot[0]}:{spot[1]}"
