"""Ignore comments for all reported problems, so that a project with many old problems can start with none."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from techstock import catalog
from techstock.fix.comments import group_comment_targets, make_comment_edits
from techstock.fix.edits import apply_edits
from techstock.model import Corpus, Diagnostic, Note
from techstock.parse import reparse

_MAX_ROUNDS = 10  # one is enough unless a cluster falls apart

_CorpusCheck = Callable[[Corpus], Sequence[Diagnostic]]
_DiagnosticKey = tuple[str, str, str]


class AddedIgnores(msgspec.Struct, frozen=True):
    """The corpus with comments, the problems that are still reported, and the new texts of the changed notes.

    `alone` are the notes that stay unchanged because a comment would have caused another problem.
    """

    corpus: Corpus
    found: Sequence[Diagnostic]
    texts: dict[str, str]
    alone: frozenset[str]


def add_ignore_comments(corpus: Corpus, found: Sequence[Diagnostic], check: _CorpusCheck, reason: str) -> AddedIgnores:
    """Add comments that ignore the problems `found`, which `check` reports for the corpus.

    Problems that no comment can ignore are still reported, and no new ones are.
    """
    before = Counter(map(_diagnostic_key, found))
    alone: set[str] = set()
    done = corpus
    for _ in range(_MAX_ROUNDS):
        changed = _insert_comments(done, found, reason, alone)
        if not changed:
            break
        tried = replace(done, notes=tuple(changed.get(note.path, note) for note in done.notes))
        left = check(tried)
        fresh = [one.problem.place.path for one in left if not before[_diagnostic_key(one)]]
        if fresh:
            alone |= set(fresh) & set(changed) or set(changed)
        else:
            done, found = tried, left
    texts = {note.path: note.text for note in done.notes if note.text != corpus.by_path[note.path].text}
    return AddedIgnores(done, found, texts, frozenset(alone))


def _diagnostic_key(one: Diagnostic) -> _DiagnosticKey:
    return one.rule, one.fingerprint, one.problem.place.path


def _insert_comments(
    corpus: Corpus, found: Sequence[Diagnostic], reason: str, alone: Collection[str]
) -> dict[str, Note]:
    """Return the notes with comments for these diagnostics where one fits; notes in `alone` stay unchanged."""
    wanted: dict[str, list[tuple[int, str, bool]]] = {}
    for one in found:
        for path, at, whole in _find_comment_locations(one, corpus):
            wanted.setdefault(path, []).append((at, one.rule, whole))
    changed: dict[str, Note] = {}
    for path, places in wanted.items():
        if path in alone:
            continue
        note = corpus.by_path[path]
        edits = make_comment_edits(note, group_comment_targets(places), reason)
        if edits:
            changed[path] = reparse(note, apply_edits(note.text, edits))
    return changed


def _find_comment_locations(one: Diagnostic, corpus: Corpus) -> Iterator[tuple[str, int, bool]]:
    """Yield the locations of the comments for a diagnostic: path, offset, and whether the whole note is meant.

    For a cluster of copies, these are all copies but the one to keep, which is the first related place.
    """
    rule = catalog.load_rule(one.rule)
    if rule.fixed:
        return
    others = one.problem.related[1:] if rule.paired else ()
    for place in (one.problem.place, *(other.place for other in others)):
        note = corpus.by_path.get(place.path)
        if note is not None:
            yield place.path, place.start, place.end - place.start >= len(note.text) - note.lines.starts[0] > 0
