"""The identity of a finding, for baselines and for services that track findings over time."""

from techstock.model import Corpus, Place, Problem


def fingerprint(rule: str, problem: Problem, corpus: Corpus) -> str:
    """A digest of the rule and of what stands at its places, in any spacing, width and Unicode form.

    It does not depend on line numbers, paths or the wording of messages. Two findings in text that reads the same have
    one fingerprint: who compares counts them.
    """
    from hashlib import sha256  # late: a run without findings does not need it

    places = [problem.place, *(other.place for other in problem.related)]
    parts = [rule, *(_normal(place, corpus) for place in places)]
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _normal(place: Place, corpus: Corpus) -> str:
    from unicodedata import normalize

    note = corpus.by_path.get(place.path)
    if note is None:
        return place.path
    text = place.of(note.text)
    if not text.strip():  # an empty place is known by its line
        line = note.lines.index(place.start)
        text = note.text[note.lines.starts[line] : note.lines.ends[line]]
    return " ".join(normalize("NFKC", text).split())
