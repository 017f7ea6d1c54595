"""Terms that are just written and have a definition elsewhere: to be told of before the definition is written again."""

from collections.abc import Iterator, Sequence

from techstock.analysis.entries import is_link_only, is_pointer
from techstock.model import Corpus, Diagnostic, RelatedSpan, Span
from techstock.server.live_project import LiveProject
from techstock.server.term_table import NoteTerm, get_definition, list_note_terms

_MAX_PLACES = 3
_MAX_DEFINITION = 80  # characters


def find_known_terms(
    project: LiveProject, corpus: Corpus, typed: Span, found: Sequence[Diagnostic]
) -> Iterator[tuple[Span, str, list[RelatedSpan]]]:
    """Yield the terms of the entries that were just written and are defined elsewhere, with a message and the places.

    Those about which a rule has something to say are left out.
    """
    note = corpus.by_path.get(typed.path)
    if note is None:
        return
    told = [place for one in found for place in (one.problem.place, *(other.place for other in one.problem.related))]
    for term in list_note_terms(note):
        entry = note.entries[term.entry]
        line = Span(note.lines.find_start(entry.place.start), note.lines.find_end(entry.head.end), note.path)
        if not _was_typed(typed, line) or any(_touches(place, line) for place in told):
            continue
        if is_link_only(note, term.entry) or is_pointer(note, term.entry):  # it leads to the definition
            continue
        if others := list(_find_other_definitions(project, corpus, term)):
            yield (
                term.place,
                _describe(corpus, term, others),
                [RelatedSpan(other.place, "defined here") for other in others[:_MAX_PLACES]],
            )


def _was_typed(typed: Span, line: Span) -> bool:
    return typed.start < line.end and typed.end > line.start


def _touches(place: Span, line: Span) -> bool:
    return place.path == line.path and place.start <= line.end and line.start <= place.end


def _find_other_definitions(project: LiveProject, corpus: Corpus, term: NoteTerm) -> Iterator[NoteTerm]:
    every = {one.place: one for key in term.keys for one in project.get_terms(corpus).find_terms(key)}
    yield from (one for place, one in every.items() if place != term.place and get_definition(corpus, one))


def _describe(corpus: Corpus, term: NoteTerm, others: Sequence[NoteTerm]) -> str:
    """Return a message that names the first place and begins its definition."""
    first = others[0]
    said = get_definition(corpus, first).partition("\n")[0]
    said = said if len(said) <= _MAX_DEFINITION else f"{said[:_MAX_DEFINITION]}…"
    more = f" and {len(others) - 1:,} more" if len(others) > 1 else ""
    return (
        f"`{term.name}` is defined already, in {first.place.path}:{corpus.find_position(first.place)[0]}{more}: {said}"
    )
