"""Where terms stand, in words."""

from collections.abc import Iterator

from techstock.formats._report import Report
from techstock.model import Place
from techstock.survey.terms import Term


def spot(place: Place, report: Report) -> str:
    """`path:line`, which editors and terminals follow; the path as it is."""
    return f"{place.path}:{report.positions(place)[0]}"


def by_definition(term: Term) -> Iterator[tuple[str, list[Place]]]:
    """Each definition with the places that give it; places without one last, beside an empty text."""
    for index, text in enumerate(term.definitions):
        yield text, [stand.place for stand in term.places if stand.definition == index]
    bare = [stand.place for stand in term.places if stand.definition < 0]
    if bare:
        yield "", bare
