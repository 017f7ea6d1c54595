"""Cached problems of rules that see several notes.

Those of a rule on the notes of a folder are cached under a digest of the folder, those of a rule on all notes under a
digest of all notes. The result of a duplicate rule on a folder depends on its notes, and on the terms that are labels
in all notes: a digest of these labels is cached as well, and computed again only if a note has changed.
"""

from collections.abc import Mapping

import msgspec

from techstock.cache import CachedNote, NoteStore
from techstock.catalog import PAIRS, Rule
from techstock.engine.record import NoteSummary, decode_problems, encode, encode_problems
from techstock.model import Corpus, Note, Problem
from techstock.text.digests import blake2b


class CorpusRuleResults:
    """A cache of the problems of rules that see several notes; it is inactive if the store has no folder."""

    def __init__(self, store: NoteStore[NoteSummary]) -> None:
        self._joint = store.joint
        self._keeps = store.folder is not None
        self._corpus: Corpus | None = None
        self._digests: dict[str | None, bytes] = {}  # of folders; None: of all notes
        self._has_looked = False  # at which terms are labels
        self.learned = False

    def set_corpus(self, corpus: Corpus, entries: Mapping[str, CachedNote[NoteSummary]]) -> None:
        """Set the corpus of this run and the cache entries of its notes. Results for other notes are dropped."""
        if not self._keeps:
            return
        self._corpus, self._has_looked = corpus, False
        self._digests = _digest_folders(corpus, entries)
        present = set(self._digests.values())
        for kept in (self._joint.whole, self._joint.pairs):
            for digest in kept.keys() - present:
                del kept[digest]

    def get_problems(self, rule: Rule, number: int, corpus: Corpus) -> tuple[Problem, ...] | None:
        """Return the cached problems of the rule with that number on all notes or a folder; None if not cached."""
        digest = self._find_digest(corpus)
        raw = self._select_results(rule, corpus).get(digest, {}).get(number) if digest else None
        return None if raw is None else decode_problems(raw)

    def add_problems(self, rule: Rule, number: int, corpus: Corpus, problems: tuple[Problem, ...]) -> None:
        """Add the problems that the rule found."""
        digest = self._find_digest(corpus)
        if digest and (raw := encode_problems(problems)) is not None:
            self._select_results(rule, corpus).setdefault(digest, {})[number] = msgspec.Raw(raw or encode(problems))
            self.learned = True

    def _find_digest(self, corpus: Corpus) -> bytes:
        """Return the digest of all notes or of a folder; empty if notes without a cache entry may affect the result."""
        whole = corpus.around or corpus
        if self._corpus is None or whole.notes is not self._corpus.notes:
            return b""
        return self._digests[corpus.notes[0].path.rpartition("/")[0] if corpus.around else None]

    def _select_results(self, rule: Rule, corpus: Corpus) -> dict[bytes, dict[int, msgspec.Raw]]:
        if corpus.around is None or rule.sight != PAIRS:
            return self._joint.whole
        self._drop_outdated_pairs(corpus.around)
        return self._joint.pairs

    def _drop_outdated_pairs(self, corpus: Corpus) -> None:
        """Drop the cached problems of duplicate rules if the set of labels has changed."""
        inputs = self._digests[None]
        if self._has_looked or (inputs and inputs == self._joint.inputs):
            return
        self._has_looked = True
        from techstock.similarity.handles import find_common_labels  # late: the labels are mostly known

        labels = repr(sorted(find_common_labels(corpus))).encode("utf-8", "surrogatepass")
        outlook = blake2b(labels, digest_size=20).digest()
        if outlook != self._joint.outlook:
            self._joint.pairs.clear()
        if (inputs, outlook) != (self._joint.inputs, self._joint.outlook):
            self._joint.inputs, self._joint.outlook = inputs, outlook
            self.learned = True


def _digest_folders(corpus: Corpus, entries: Mapping[str, CachedNote[NoteSummary]]) -> dict[str | None, bytes]:
    """Return a digest of the notes of each folder, and of all notes (None); empty where a note has no entry."""
    found: dict[str | None, bytes] = {
        folder: _digest_notes(corpus.duplicate_scope, notes, entries) for folder, notes in corpus.folders.items()
    }
    every = list(found.values())
    found[None] = blake2b(b"".join(every), digest_size=20).digest() if all(every) else b""
    return found


def _digest_notes(scope: str, notes: tuple[Note, ...], entries: Mapping[str, CachedNote[NoteSummary]]) -> bytes:
    """Return a digest of the scope, and of the path and bytes of each note; empty if a note has no entry."""
    digest = blake2b(scope.encode(), digest_size=20)
    for note in notes:
        entry = entries.get(note.path)
        if entry is None:
            return b""
        name = note.path.encode("utf-8", "surrogateescape")
        digest.update(len(name).to_bytes(4, "big") + name + entry.digest)
    return digest.digest()
