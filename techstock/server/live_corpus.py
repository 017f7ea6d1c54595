"""A corpus in memory, of which notes are replaced one by one while the facts and results of the others stay."""

import os
from collections.abc import Mapping, Sequence

from techstock.cache import CachedNote, NoteStore
from techstock.cache.index import FactBytes
from techstock.cache.key import NO_STAMP
from techstock.cache.lazy_note import NoteLoader
from techstock.cache.note_record import NoteRecord, NoteSummary, decode_problems, hash_note
from techstock.cache.rule_results import RuleResults
from techstock.commands.session import Session
from techstock.engine.rule_runs import RuleRun
from techstock.load.corpus_loader import LoadedCorpus
from techstock.load.parse_job import ParseJob
from techstock.model import Corpus, Note, Problem, ProjectFiles, ReadFailure
from techstock.model.files import FileStamp
from techstock.model.web import WebStatus
from techstock.project.reading import make_size_fault, read_note_bytes

_Entry = CachedNote[NoteSummary]


class _RecentFacts:
    """The facts of notes that changed since the corpus was loaded; those of an older text of a note are dropped."""

    def __init__(self, store: NoteStore[NoteSummary]) -> None:
        self._store = store
        self._by_path: dict[str, tuple[bytes, FactBytes]] = {}  # digest of the note, and its facts

    def add_facts(self, path: str, digest: bytes, facts: FactBytes) -> None:
        self._by_path[path] = digest, facts

    def get_facts(self, entry: _Entry) -> FactBytes | None:
        digest, facts = self._by_path.get(entry.path, (b"", b""))
        return facts if digest == entry.digest else self._store.get_facts(entry)

    def drop_facts(self, path: str) -> None:
        self._by_path.pop(path, None)


class NoteResults:
    """The problems of the rules on one note, as they were found when it was parsed: a cache for `diagnose`."""

    def __init__(self, record: NoteRecord, rules: Mapping[str, int]) -> None:
        self._record, self._rules = record, rules

    def get_note_problems(
        self, plan: RuleRun, notes: Sequence[Note]
    ) -> tuple[dict[str, tuple[Problem, ...]], list[Note]]:
        number = self._rules.get(plan.rule.name)
        if number is None or number in self._record.failed:
            return {}, list(notes)
        raw = self._record.problems.get(number)
        return ({self._record.path: decode_problems(raw)} if raw else {}), []

    def add_note_problems(self, plan: RuleRun, note: Note, problems: tuple[Problem, ...]) -> None:
        """Keep nothing: what was not found when the note was parsed has failed."""

    def get_corpus_problems(self, plan: RuleRun, corpus: Corpus) -> tuple[Problem, ...] | None:  # noqa: ARG002
        return None

    def add_corpus_problems(self, plan: RuleRun, corpus: Corpus, problems: tuple[Problem, ...]) -> None:
        """Keep nothing: one note is no corpus."""


class LiveCorpus:
    """The notes of a loaded corpus, and the corpus that they make after each `rebuild`.

    `verdicts` are the cached results of rules for this corpus. `records` are the notes that were parsed since it was
    loaded, as far as they can be read.
    """

    def __init__(self, work: Session, loaded: LoadedCorpus) -> None:
        self._root, self._limit = os.fsencode(work.project.root), work.config.limits.file_size
        self._level, limits = work.config.section_level, work.config.limits.parsing
        self.verdicts: RuleResults = loaded.verdicts
        rules = tuple(loaded.verdicts.chosen)
        self._numbers = {name: number for number, (name, _) in enumerate(rules)}
        self._job = ParseJob(self._root, self._limit, self._level, rules, limits, work.config.limits.seconds)
        self._facts = _RecentFacts(loaded.store)
        self._loader = NoteLoader(self._root, self._limit, (self._level, limits), self._facts)
        self._entries: dict[str, _Entry] = dict(loaded.entries)
        self._results: dict[str, NoteResults] = {}
        self.notes = dict(loaded.corpus.by_path)
        self.corpus: Corpus = loaded.corpus
        self._files, self._web = loaded.corpus.files, loaded.corpus.web
        self._is_current = True

    def set_files(self, files: ProjectFiles | None) -> None:
        """Set the other files of the project: they are asked anew."""
        self._files, self._is_current = files, False

    def set_web_answers(self, answers: Mapping[str, WebStatus]) -> None:
        """Set what is known of images on the web, by target."""
        self._web, self._is_current = tuple(answers.items()), False

    def set_text(self, path: str, text: str) -> bool:
        """Let this text stand for the file at `path`; return whether that changes the corpus."""
        data = text.encode("utf-8", "surrogatepass")
        if len(data) > self._limit:
            self._set_fault(path, make_size_fault(len(data), self._limit))
            return True
        entry, note = self._entries.get(path), self.notes.get(path)
        if entry and note and entry.digest == hash_note(data):
            note.load_text(text)  # it must not be read from the file, which may change
            return False
        self._parse(path, data, text, NO_STAMP)
        return True

    def read_file(self, path: str, stamp: FileStamp) -> bool:
        """Read the note at `path` from its file; return whether that changes the corpus."""
        data = read_note_bytes(self._root, path, limit=self._limit)
        if isinstance(data, ReadFailure):
            changed = path not in self.notes or self.notes[path].faults != (data,)
            if changed:
                self._set_fault(path, data)
            return changed
        entry = self._entries.get(path)
        if entry and path in self.notes and entry.digest == hash_note(data):
            entry.stamp = stamp
            return False
        self._parse(path, data, None, stamp)
        return True

    def remove_note(self, path: str) -> None:
        """Remove a note, if there is one at this path."""
        self._is_current = self._is_current and path not in self.notes
        for known in (self.notes, self._entries, self._results):
            known.pop(path, None)
        self._facts.drop_facts(path)

    def get_results(self, path: str) -> NoteResults | None:
        """Return the results of rules on a note that changed since the corpus was loaded, if it can be read."""
        return self._results.get(path)

    def rebuild(self) -> Corpus:
        """Return the corpus of the notes as they are now."""
        if not self._is_current:
            notes = tuple(self.notes[path] for path in sorted(self.notes))
            self.corpus = Corpus(notes, self.corpus.duplicate_scope, self._files, self._web, kept=self.corpus.kept)
            self.verdicts.set_corpus(self.corpus, self._entries)
            self._is_current = True
        return self.corpus

    def _parse(self, path: str, data: bytes, text: str | None, stamp: FileStamp) -> None:
        found = self._job.parse_data(path, data)
        if not isinstance(found, NoteRecord):
            self._set_fault(path, found[1])
            return
        ran, problems = self.verdicts.renumber_results(found)
        entry = CachedNote(path, stamp, found.digest, found.brief, ran, problems)
        self._facts.add_facts(path, found.digest, found.facts)
        self._entries[path] = entry
        self._results[path] = NoteResults(found, self._numbers)
        self.notes[path] = self._loader.make_lazy_note(entry, text)
        self._is_current = False

    def _set_fault(self, path: str, fault: ReadFailure) -> None:
        self.remove_note(path)
        self.notes[path] = Note(path, "", self._level, faults=(fault,))
        self._is_current = False
