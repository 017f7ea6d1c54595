"""The problems that rules found, cached for the next run.

Those of a rule on one note are cached with the facts of the note: they depend on its bytes, its path and the options.
Those of rules that see several notes are cached by `CorpusRuleResults`, and those of rules that see other files as well
by `FileRuleResults`.

The result of a duplicate rule on a folder depends on its notes, and on the terms that are labels in all notes: a digest
of these labels is cached as well, and computed again only if a note has changed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from techstock.cache import CachedNote, NoteStore
from techstock.cache.note_record import (
    NoteRecord,
    NoteSummary,
    RuleWithOptions,
    decode_problems,
    encode,
    encode_problems,
)
from techstock.engine.errors import DamagedCacheError
from techstock.engine.rule_runs import RuleRun
from techstock.model import OFF, Corpus, FileQuestions, Note, Problem, ProjectFiles
from techstock.model.files import SettledNotes
from techstock.registry import BESIDE, PAIRS, Rule
from techstock.storage.cache_directory import blake2b
from techstock.text.lazy_patterns import compile_lazily

_SURROGATES = compile_lazily("[\ud800-\udfff]")


class FileRuleResults:
    """A cache of the problems of rules that see all notes and other files, for the notes with this digest.

    They hold if every question that was asked of the files when they were found has the same answer now.
    """

    def __init__(self, store: NoteStore[NoteSummary], files: ProjectFiles, corpus: Corpus, notes: bytes) -> None:
        self._store, self._joint = store, store.joint
        self._files, self._notes, self._paths = files, notes, corpus.paths
        self._is_checked = self._learned = False
        files.recall_images(self._joint.images)

    def get_problems(self, number: int) -> msgspec.Raw | None:
        """Return the cached problems of a rule; None if not cached."""
        if not self._is_checked:
            if not self._joint.answers or self._joint.answers != self._digest(self._joint.asked):
                self._forget()
            if self._joint.noted != self._notes:
                self._joint.beside, self._joint.noted = {}, self._notes
            self._files.recall_settled(self._paths, self._joint.settled)
            self._is_checked = True
        return self._joint.beside.get(number)

    def _forget(self) -> None:
        self._joint.beside, self._joint.asked, self._joint.settled = {}, FileQuestions(), SettledNotes()

    def add_problems(self, number: int, raw: bytes) -> None:
        """Add the problems that a rule found."""
        self._joint.beside[number] = msgspec.Raw(raw)
        self._learned = True

    def finish(self) -> None:
        """Record what the results depend on; drop them if it is not known."""
        if not self._learned:
            return
        joint, asked = self._joint, self._files.list_questions()
        since = self._store.compute_start_time()
        known, joint.images = joint.images, self._files.list_images(since)
        joint.answers = b""
        if asked is not None:
            joint.asked = asked = asked.join(joint.asked)
            joint.images = joint.images.join(known, asked.images)
            joint.answers = self._digest(asked, since)
            joint.settled = _select_encodable(self._files.get_settled(self._paths))
        if not joint.answers:
            self._forget()

    def _digest(self, asked: FileQuestions, since: int | None = None) -> bytes:
        """Return a digest of the paths of all notes and of the answers of the files; empty if these are not known."""
        answers = self._files.digest_answers(asked, since)
        paths = "\0".join(self._paths).encode("utf-8", "surrogatepass")
        return blake2b(paths + answers, digest_size=20).digest() if answers else b""


def _select_encodable(settled: SettledNotes) -> SettledNotes:
    """Return the same without names that are no UTF-8; those of notes are, for no others are cached."""
    nearest = {key: near for key, near in settled.nearest.items() if not _SURROGATES.search(key + near)}
    return SettledNotes(settled.links, settled.images, nearest)


class CorpusRuleResults:
    """A cache of the problems of rules that see several notes; it is inactive if the store has no folder."""

    def __init__(self, store: NoteStore[NoteSummary]) -> None:
        self._store = store
        self._joint = store.joint
        self._keeps = store.folder is not None
        self._beside: FileRuleResults | None = None
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
        if corpus.files is not None and self._digests[None]:
            self._beside = FileRuleResults(self._store, corpus.files, corpus, self._digests[None])

    def get_problems(self, rule: Rule, number: int, corpus: Corpus) -> tuple[Problem, ...] | None:
        """Return the cached problems of the rule with that number on all notes or a folder; None if not cached."""
        digest, raw = self._find_digest(corpus), None
        if digest and rule.sight == BESIDE:
            raw = self._beside.get_problems(number) if self._beside and not corpus.web else None
        elif digest:
            raw = self._select_results(rule, corpus).get(digest, {}).get(number)
        return None if raw is None else decode_problems(raw)

    def add_problems(self, rule: Rule, number: int, corpus: Corpus, problems: tuple[Problem, ...]) -> None:
        """Add the problems that the rule found."""
        digest = self._find_digest(corpus)
        if not digest or corpus.web or (raw := encode_problems(problems)) is None:
            return
        if rule.sight != BESIDE:
            self._select_results(rule, corpus).setdefault(digest, {})[number] = msgspec.Raw(raw or encode(problems))
        elif self._beside:
            self._beside.add_problems(number, raw or encode(problems))
        self.learned = True

    def finish(self) -> None:
        """Record what the results depend on that are to be cached."""
        if self._beside:
            self._beside.finish()

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
        from techstock.duplicates.candidates import get_recurrence  # late: it is mostly known

        learned = repr(get_recurrence(corpus).listed()).encode("utf-8", "surrogatepass")
        outlook = blake2b(learned, digest_size=20).digest()
        if outlook != self._joint.outlook:
            self._joint.pairs.clear()
        if (inputs, outlook) != (self._joint.inputs, self._joint.outlook):
            self._joint.inputs, self._joint.outlook = inputs, outlook
            self.learned = True
        self._has_looked = True  # not before: the search may run out of time, and outdated problems would be believed


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


class RuleResults:
    """A cache of the problems of the rules in `plans`, for the notes of one run."""

    def __init__(self, store: NoteStore[NoteSummary], plans: Iterable[RuleRun]) -> None:
        self._store = store
        self.chosen: list[RuleWithOptions] = []
        self._numbers: dict[str, int] = {}  # of rules, as entries name them
        self._entries: dict[str, CachedNote[NoteSummary]] = {}
        self._with_problems: list[CachedNote[NoteSummary]] = []
        self._present: set[int] = set()  # the sets of rules that entries have
        self._notes: Sequence[Note] = ()
        self._own: dict[str, Note] = {}  # notes with an entry: any other note of the path has another text
        self._strange: set[str] = set()  # notes without one
        self._joint = CorpusRuleResults(store)
        self._learned = False
        known = {key: number for number, key in enumerate(store.rules)}
        for plan in plans:
            if plan.severity == OFF or plan.rule.last:
                continue
            if not plan.rule.whole:
                self.chosen.append((plan.rule.name, plan.options))
            key = _make_rule_key(plan)
            if key not in known:
                known[key] = len(store.rules)
                store.rules.append(key)
            self._numbers[plan.rule.name] = known[key]
        self._rans = {ran: number for number, ran in enumerate(store.rans)}
        self._chosen_numbers = tuple(self._numbers[name] for name, _ in self.chosen)
        self._rans_without: dict[tuple[int, ...], int] = {}  # by the rules that failed

    @property
    def learned(self) -> bool:
        """Return whether problems were added since the cache was loaded."""
        return self._learned or self._joint.learned

    def finish(self) -> None:
        """Record what the results depend on that are to be cached."""
        self._joint.finish()

    def set_corpus(self, corpus: Corpus, entries: dict[str, CachedNote[NoteSummary]]) -> None:
        """Set the corpus of this run and the cache entries of its notes."""
        notes = corpus.notes
        self._entries = entries
        self._with_problems = [entry for entry in entries.values() if entry.problems]
        self._present = {entry.ran for entry in entries.values()}
        self._notes = notes
        self._own = {note.path: note for note in notes if note.path in entries}
        self._strange = {note.path for note in notes if note.path not in entries}
        self._joint.set_corpus(corpus, entries)

    def get_corpus_problems(self, plan: RuleRun, corpus: Corpus) -> tuple[Problem, ...] | None:
        """Return the cached problems of a rule on all notes or a folder; None if not cached for exactly these notes."""
        number = self._numbers.get(plan.rule.name)
        return None if number is None else self._joint.get_problems(plan.rule, number, corpus)

    def add_corpus_problems(self, plan: RuleRun, corpus: Corpus, problems: tuple[Problem, ...]) -> None:
        """Add the problems that a rule found in all notes or in those of a folder."""
        number = self._numbers.get(plan.rule.name)
        if number is not None:
            self._joint.add_problems(plan.rule, number, corpus, problems)

    def renumber_results(self, found: NoteRecord) -> tuple[int, dict[int, msgspec.Raw]]:
        """Return `CachedNote.ran` and `CachedNote.problems` for a note that was parsed with the rules in `chosen`."""
        numbers, failed = self._chosen_numbers, found.failed
        ran = self._rans_without.get(failed)
        if ran is None:
            ran = self._intern_rule_set({number for at, number in enumerate(numbers) if at not in failed})
            self._rans_without[failed] = ran
        return ran, {numbers[at]: raw for at, raw in found.problems.items()}

    def _intern_rule_set(self, numbers: Collection[int]) -> int:
        ran = tuple(sorted(numbers))
        if ran not in self._rans:
            self._rans[ran] = len(self._store.rans)
            self._store.rans.append(ran)
        return self._rans[ran]

    def get_note_problems(
        self, plan: RuleRun, notes: Sequence[Note]
    ) -> tuple[dict[str, tuple[Problem, ...]], list[Note]]:
        """Return the cached problems of a rule by path, and the notes for which none are cached.

        Problems belong to a note as it was loaded, not to its path: a note that has been changed since has none.
        """
        number = self._numbers.get(plan.rule.name)
        if number is None:
            return {}, list(notes)
        known = {at for at, ran in enumerate(self._store.rans) if number in ran}
        strange = self._find_paths_without_entry(notes)
        found: dict[str, tuple[Problem, ...]] = {}
        for entry in self._with_problems:
            if number in entry.problems and entry.ran in known and entry.path not in strange:
                found[entry.path] = _decode_own_problems(entry.path, entry.problems[number])
        return found, self._select_unchecked(notes, known, strange)

    def _find_paths_without_entry(self, notes: Sequence[Note]) -> set[str]:
        """Return the paths of the notes that have no entry, including notes changed since they were loaded."""
        if notes is self._notes:
            return self._strange
        return {note.path for note in notes if self._own.get(note.path) is not note}

    def _select_unchecked(self, notes: Sequence[Note], known: Collection[int], strange: Collection[str]) -> list[Note]:
        entries = self._entries
        if all(ran in known for ran in self._present):
            return [note for note in notes if note.path in strange] if strange else []
        return [note for note in notes if note.path in strange or entries[note.path].ran not in known]

    def add_note_problems(self, plan: RuleRun, note: Note, problems: tuple[Problem, ...]) -> None:
        """Add the problems that a rule found in a note."""
        number = self._numbers.get(plan.rule.name)
        entry = self._entries[note.path] if self._own.get(note.path) is note else None
        raw = encode_problems(problems)
        if number is None or entry is None or raw is None:
            return
        before = self._store.rans[entry.ran] if entry.ran >= 0 else ()
        entry.ran = self._intern_rule_set({*before, number})
        self._present.add(entry.ran)
        if raw:
            if not entry.problems:
                self._with_problems.append(entry)
            entry.problems = {**entry.problems, number: msgspec.Raw(raw)}
        self._learned = True


def _decode_own_problems(path: str, raw: msgspec.Raw) -> tuple[Problem, ...]:
    """Return the problems of a rule on one note, which are in that note. Raise `DamagedCacheError` for others."""
    found = decode_problems(raw)
    if any(problem.place.path not in ("", path) for problem in found):
        raise DamagedCacheError(f"`{path}` has a problem that is elsewhere")
    return found


def _make_rule_key(plan: RuleRun) -> bytes:
    """Return a digest of the rule's name and options; the code of the rule is part of the key of the store."""
    return blake2b(f"{plan.rule.name} {sorted(plan.options.items())!r}".encode(), digest_size=12).digest()
