"""What a finding is known by when lines, paths and messages change: the text that it marks."""

from techstock.model import Corpus, Place, Problem


def marked(problem: Problem, corpus: Corpus) -> tuple[str, ...]:
    """What stands at the places of a problem, its own first; `Diagnostic.fingerprint` is made of it."""
    return tuple(_text(place, corpus) for place in (problem.place, *(other.place for other in problem.related)))


def _text(place: Place, corpus: Corpus) -> str:
    note = corpus.by_path.get(place.path)
    if note is None:
        return place.path
    text = place.of(note.text)
    if not text.strip():  # an empty place is known by its line
        line = note.lines.index(place.start)
        text = note.text[note.lines.starts[line] : note.lines.ends[line]]
    return text
