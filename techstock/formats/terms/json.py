"""One object, for programs."""

from collections.abc import Iterator, Sequence

from techstock.formats._objects import encoded, place_object
from techstock.formats._report import Report
from techstock.survey.terms import Term

VERSION = 1


def render(terms: Sequence[Term], report: Report) -> Iterator[str]:
    """Yield the version, and the terms, one to a line."""
    yield f'{{"version": {VERSION}, "terms": ['
    for index, term in enumerate(terms):
        yield (",\n " if index else "\n ") + encoded(_object(term, report))
    yield "]}\n"


def _object(term: Term, report: Report) -> dict[str, object]:
    return {
        "term": term.term,
        "key": term.key,
        "spellings": list(term.spellings),
        "definitions": list(term.definitions),
        "places": [
            place_object(stand.place, report) | {"definition": stand.definition if stand.definition >= 0 else None}
            for stand in term.places
        ],
    }
