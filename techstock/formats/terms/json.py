"""One object, for programs."""

from collections.abc import Iterator, Sequence

from techstock.formats._json_objects import build_span_object, to_safe_json
from techstock.formats._report import PROGRAMS, Report
from techstock.survey.term_index import IndexedTerm

AUDIENCE = PROGRAMS

FORMAT_VERSION = 1


def render(terms: Sequence[IndexedTerm], report: Report) -> Iterator[str]:
    """Yield the version, and the terms, one to a line."""
    yield f'{{"version": {FORMAT_VERSION}, "terms": ['
    for index, term in enumerate(terms):
        yield (",\n " if index else "\n ") + to_safe_json(_build_term_object(term, report))
    yield "]}\n"


def _build_term_object(term: IndexedTerm, report: Report) -> dict[str, object]:
    return {
        "term": term.term,
        "key": term.key,
        "spellings": list(term.spellings),
        "definitions": list(term.definitions),
        "places": [
            build_span_object(stand.place, report) | {"definition": stand.definition if stand.definition >= 0 else None}
            for stand in term.places
        ],
    }
