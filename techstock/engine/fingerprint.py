"""The identity of a finding, for baselines and for services that track findings over time."""

import re

from techstock.model import Corpus, Place, Problem

_COMMENT = r"(?s)<!--.*?-->"  # whoever writes one does not make another finding
_LEAST = 4  # characters; `-` or `72` stands everywhere
_MOST = 400  # characters of one place that count: who edits the end of a long note has not made another finding


def fingerprint(rule: str, problem: Problem, corpus: Corpus) -> str:
    """A digest of the rule and of what stands at its places, in any spacing, width and Unicode form.

    It does not depend on line numbers, paths, the wording of messages, or on which of several copies comes first. Two
    findings in text that reads the same have one fingerprint: who compares counts them.
    """
    return _digest("\0".join([rule, *sorted(_texts(problem, corpus))]), 20)


def members(problem: Problem, corpus: Corpus) -> tuple[str, ...]:
    """What stands at each place of a problem, its own and the related ones, as digests in alphabetical order."""
    return tuple(sorted(_digest(text, 12) for text in _texts(problem, corpus)))


def _digest(text: str, length: int) -> str:
    from hashlib import sha256  # late: a run without findings does not need it

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def _texts(problem: Problem, corpus: Corpus) -> list[str]:
    places = [problem.place, *(other.place for other in problem.related)]
    return [_normal(place, corpus) for place in places]


def _normal(place: Place, corpus: Corpus) -> str:
    note = corpus.by_path.get(place.path)
    if note is None:
        return place.path
    said = _said(note.text[place.start : min(place.end, place.start + 4 * _MOST)])
    if len(said) < _LEAST:
        line = note.lines.index(place.start)
        said = _said(note.text[note.lines.starts[line] : note.lines.ends[line]])
    return said[:_MOST]


def _said(text: str) -> str:
    from unicodedata import normalize

    return " ".join(normalize("NFKC", re.sub(_COMMENT, " ", text)).split())
