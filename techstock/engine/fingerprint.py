"""Fingerprint texts: the marked text of a problem, which stays the same when lines, paths and messages change."""

import re

from techstock.model import Corpus, Problem, Span

_COMMENT = r"(?s)<!--.*?-->"  # whoever writes one does not make another finding
_MIN_LENGTH = 4  # characters; `-` or `72` stands everywhere
_MAX_LENGTH = 400  # characters of one place that count: who edits the end of a long note has not made another finding


def extract_fingerprint_texts(problem: Problem, corpus: Corpus) -> tuple[str, ...]:
    """Return the texts at the places of a problem, sorted. Spacing, width and Unicode form are normalized."""
    places = [problem.place, *(other.place for other in problem.related)]
    return tuple(sorted(_extract_span_text(place, corpus) for place in places))


def _extract_span_text(place: Span, corpus: Corpus) -> str:
    note = corpus.by_path.get(place.path)
    if note is None:
        return place.path
    said = _normalize_text(note.text[place.start : min(place.end, place.start + 4 * _MAX_LENGTH)])
    if len(said) < _MIN_LENGTH:
        line = note.lines.find_line(place.start)
        start = note.lines.starts[line]
        said = _normalize_text(note.text[start : min(note.lines.ends[line], start + 4 * _MAX_LENGTH)])
    return said[:_MAX_LENGTH]


def _normalize_text(text: str) -> str:
    from unicodedata import normalize

    if "<!--" in text:
        text = re.sub(_COMMENT, " ", text)
    return " ".join(normalize("NFKC", text).split())
