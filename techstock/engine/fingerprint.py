"""Fingerprint texts: the marked text of a problem, which stays the same when lines, paths and messages change."""

import re

from techstock.model import Corpus, Place, Problem

_COMMENT = r"(?s)<!--.*?-->"  # whoever writes one does not make another finding
_LEAST = 4  # characters; `-` or `72` stands everywhere
_MOST = 400  # characters of one place that count: who edits the end of a long note has not made another finding


def marked(problem: Problem, corpus: Corpus) -> tuple[str, ...]:
    """Return the texts at the places of a problem, sorted. Spacing, width and Unicode form are normalized."""
    places = [problem.place, *(other.place for other in problem.related)]
    return tuple(sorted(_normal(place, corpus) for place in places))


def _normal(place: Place, corpus: Corpus) -> str:
    note = corpus.by_path.get(place.path)
    if note is None:
        return place.path
    said = _said(note.text[place.start : min(place.end, place.start + 4 * _MOST)])
    if len(said) < _LEAST:
        line = note.lines.index(place.start)
        start = note.lines.starts[line]
        said = _said(note.text[start : min(note.lines.ends[line], start + 4 * _MOST)])
    return said[:_MOST]


def _said(text: str) -> str:
    from unicodedata import normalize

    if "<!--" in text:
        text = re.sub(_COMMENT, " ", text)
    return " ".join(normalize("NFKC", text).split())
