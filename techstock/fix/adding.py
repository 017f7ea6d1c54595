"""Comments for all that is reported, so that a project of many old problems can begin with none."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from techstock import catalog
from techstock.fix.comments import placed, spots_of
from techstock.fix.edits import edited
from techstock.model import Corpus, Diagnostic, Note
from techstock.parse import again

_ROUNDS = 10  # one is enough unless a cluster falls apart

_Check = Callable[[Corpus], Sequence[Diagnostic]]
_Key = tuple[str, str, str]


class Added(msgspec.Struct, frozen=True):
    """The corpus with comments, what is reported of it, and the new text of each note that has changed.

    `alone` are notes that stay as they were since a comment would have brought out another problem.
    """

    corpus: Corpus
    found: Sequence[Diagnostic]
    texts: dict[str, str]
    alone: frozenset[str]


def add(corpus: Corpus, found: Sequence[Diagnostic], check: _Check, reason: str) -> Added:
    """Ignore what `check` reports of the corpus; what cannot be ignored is reported still, and nothing else is."""
    before = Counter(map(_key, found))
    alone: set[str] = set()
    done = corpus
    for _ in range(_ROUNDS):
        changed = _commented(done, found, reason, alone)
        if not changed:
            break
        tried = replace(done, notes=tuple(changed.get(note.path, note) for note in done.notes))
        left = check(tried)
        fresh = [one.problem.place.path for one in left if not before[_key(one)]]
        if fresh:
            alone |= set(fresh) & set(changed) or set(changed)
        else:
            done, found = tried, left
    texts = {note.path: note.text for note in done.notes if note.text != corpus.by_path[note.path].text}
    return Added(done, found, texts, frozenset(alone))


def _key(one: Diagnostic) -> _Key:
    return one.rule, one.fingerprint, one.problem.place.path


def _commented(corpus: Corpus, found: Sequence[Diagnostic], reason: str, alone: Collection[str]) -> dict[str, Note]:
    """The notes with comments for these diagnostics, as far as there is a place for them; those in `alone` stay."""
    wanted: dict[str, list[tuple[int, str, bool]]] = {}
    for one in found:
        for path, at, whole in _targets(one, corpus):
            wanted.setdefault(path, []).append((at, one.rule, whole))
    changed: dict[str, Note] = {}
    for path, places in wanted.items():
        if path in alone:
            continue
        note = corpus.by_path[path]
        edits = placed(note, spots_of(places), reason)
        if edits:
            changed[path] = again(note, edited(note.text, edits))
    return changed


def _targets(one: Diagnostic, corpus: Corpus) -> Iterator[tuple[str, int, bool]]:
    """Where comments have to stand: path, offset, and whether the note as such is meant.

    Of things that say the same all but the one to keep, the first of the related places.
    """
    rule = catalog.load(one.rule)
    if rule.fixed:
        return
    others = one.problem.related[1:] if rule.paired else ()
    for place in (one.problem.place, *(other.place for other in others)):
        note = corpus.by_path.get(place.path)
        if note is not None:
            yield place.path, place.start, place.end - place.start >= len(note.text) - note.lines.starts[0] > 0
