"""A project that an editor works on: its session, its corpus with unsaved texts, and what rules say of it."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from techstock.cache import make_stamp
from techstock.commands.checking import ReportFilter
from techstock.commands.corpus_loading import load_until_unchanged, require_own_failures, require_valid_problems
from techstock.commands.options import LintOptions, LoadingOptions, OutputOptions, ProjectOptions
from techstock.commands.session import Session, load_project, resolve_stdin_note
from techstock.config import Settings, load_settings
from techstock.engine import diagnose
from techstock.engine.errors import NoteChangedError
from techstock.engine.rule_runs import make_rule_runs
from techstock.load.project_files import DiskFiles
from techstock.model import Corpus, Diagnostic, Note
from techstock.model.files import UnknownFiles
from techstock.model.web import BROKEN, BROKEN_REASONS, OK, WebStatus, is_remote
from techstock.project import Discovery, Project, discover_notes
from techstock.server.disk_state import DiskState, read_disk_state, read_status
from techstock.server.live_corpus import LiveCorpus
from techstock.server.term_table import TermTable, list_note_terms
from techstock.storage.cache_directory import ANSWERS_NAME

_Result = TypeVar("_Result")
_MAX_ATTEMPTS = 3
_PIECE = 10  # notes that are prepared before it is looked for messages again
_SETTLE_TIME = 2_500_000_000  # nanoseconds
_NOTE_PATH = "note.md"  # of a document without a file


class LiveProject:
    """A project, its corpus and its problems. `texts` are those that stand for files, by the path of the note.

    With `alone`, the project is a single document that belongs to none, and nothing is read from the disk. Everything
    that reads notes goes through `read`, which loads those again that change meanwhile. Raise what opening a session
    raises: `ConfigError`, `ProjectError` and `UsageError`.
    """

    def __init__(self, root: Path, *, jobs: int = 1, alone: bool = False) -> None:
        self.root, self.alone = root, alone
        self._jobs = jobs
        self.texts: dict[str, str] = {}
        self.is_checked = False  # whether `found` is about the corpus as it is
        self.found: list[Diagnostic] = []
        self.messages: list[str] = []  # for the log of the editor
        self._terms = TermTable()
        self._answers = make_stamp(None)
        self._young: set[str] = set()  # notes that may change without a new stamp
        self._open()

    @property
    def corpus(self) -> Corpus:
        return self._live.rebuild()

    @property
    def has_baseline(self) -> bool:
        return bool(self.session.config.baseline)

    @property
    def has_failures(self) -> bool:
        """Return whether a rule could not finish: without it, nobody can tell what a change does."""
        return bool(self._filter.failures.errors)

    def _open(self) -> None:
        """Open the session, and load the notes from their files and from the cache."""
        config, notices = self._load_settings()
        self.session, self._discovery = self._create_session(config)
        self.messages += [*notices, *self.session.notices]
        self.runs = make_rule_runs(config)
        self._options = _make_options(self.session)
        self._filter = ReportFilter(self.session, self.runs, self._options)
        for attempt in load_until_unchanged(self.session, self.runs, bounded=False):
            with attempt as got:
                corpus = replace(got.corpus, files=None) if self.alone else got.corpus
                self._filter.known = got.verdicts
                found = self._filter.check(corpus)
                require_own_failures(got, self._filter.failures.errors.values())
                require_valid_problems(corpus, found)
                got.save()
        self.found, self.is_checked = found, True
        self._jobs, self._cache = 1, got.store.folder  # no process is forked beside the thread that reads messages
        self._live = LiveCorpus(self.session, replace(got, corpus=corpus))
        self._note_failures()
        self._answers = make_stamp(None)
        self._remember_disk()
        for path, text in self.texts.items():
            self.set_text(path, text)

    def _load_settings(self) -> tuple[Settings, tuple[str, ...]]:
        if self.alone:
            return load_settings(self.root, self.root, isolated=True)
        project, config, notices = load_project(ProjectOptions((), str(self.root)), self.root)
        self.root = project.root
        return config, notices

    def _create_session(self, config: Settings) -> tuple[Session, Discovery]:
        project = Project(self.root)
        found = Discovery(()) if self.alone else discover_notes(project, config.include, config.exclude)
        loading = LoadingOptions(self._jobs, not self.alone, None)
        work = Session(
            project, config, self.root, loading, True, found.paths, None, "", found.notices, dict(found.statuses)
        )
        return work, found

    def _note_failures(self) -> None:
        self.messages += self._filter.failures.iter_messages()

    # What is read

    def read(self, action: Callable[[Corpus], _Result]) -> _Result:
        """Return what `action` makes of the corpus. If a note changes meanwhile, read that one again and repeat."""
        for _ in range(_MAX_ATTEMPTS):
            try:
                return action(self.corpus)
            except NoteChangedError as error:
                self.read_again(error.path)
        return action(self.corpus)

    def find_note_path(self, file: str) -> str:
        """Return the path of the note that a file is or would be; empty if it is none of the project.

        Empty also for a file that is left out, as by `exclude`.
        """
        if self.alone:
            return os.path.basename(file) or _NOTE_PATH
        config = self.session.config
        return resolve_stdin_note(self.session.project, self._discovery, config, file, self.root)[0]

    def set_text(self, path: str, text: str) -> None:
        """Let a text stand for the note at `path`."""
        self.texts[path] = text
        if self._live.set_text(path, text):
            self.is_checked = False

    def drop_text(self, path: str) -> None:
        """Take the note at `path` from its file again, or remove it if it has none."""
        if self.texts.pop(path, None) is None:
            return
        if path in self.session.paths:
            self.read_again(path)
        else:
            self._live.remove_note(path)
            self.is_checked = False

    def read_again(self, path: str) -> None:
        """Read the note at `path` again, whose file may have changed."""
        if path in self.texts:
            changed = self._live.set_text(path, self.texts[path])
        else:
            status = read_status(self.get_file(path))
            if _is_young(status):
                self._young.add(path)
            changed = self._live.read_file(path, make_stamp(status))
        self.is_checked = self.is_checked and not changed

    def get_file(self, path: str) -> str:
        """Return the absolute path of the file of a note, or of another file of the project."""
        return os.path.join(self.root, path)

    def get_terms(self, corpus: Corpus) -> TermTable:
        """Return the terms of the corpus as it is."""
        self._terms.refresh(corpus)
        return self._terms

    def list_preparations(self) -> Iterator[Callable[[], object]]:
        """Yield what the first hover would have to wait for, in pieces: to load the terms and texts of all notes."""
        notes = self.corpus.notes
        for start in range(0, len(notes), _PIECE):
            yield partial(_prepare_notes, notes[start : start + _PIECE])
        yield partial(self.read, self.get_terms)

    # What is said

    def check_note(self, path: str) -> list[Diagnostic]:
        """Return what the rules on one note say of a note that has just changed; nothing else is looked at."""
        note = self._live.notes.get(path)
        if note is None or self.has_baseline:  # one note does not tell which problems are known
            return []
        runs = [run for run in self.runs if not run.rule.whole and not run.rule.last]
        return diagnose(Corpus((note,)), runs, known=self._live.get_results(path))

    def check(self) -> list[Diagnostic]:
        """Return what `lint` would say if every text were saved."""
        if not self.is_checked:
            self.found = self.read(self._check_corpus)
            self.is_checked = True
            self._note_failures()
        return self.found

    def _check_corpus(self, corpus: Corpus) -> list[Diagnostic]:
        self._filter.known = self._live.verdicts
        return self._filter.check(corpus)

    def recheck(self, corpus: Corpus) -> Sequence[Diagnostic]:
        """Return what `lint` would say of a changed corpus. Raise if a rule fails: nothing may be changed then."""
        return self._filter.recheck(corpus)

    # What changes on the disk

    def recall_web_answers(self) -> None:
        """Take what the last check of images on the web found, if there is news. The web is not asked."""
        file = os.path.join(self._cache.path, ANSWERS_NAME) if self._cache else ""
        status = read_status(file) if file else None
        stamp = make_stamp(status)
        if status is None or stamp == self._answers:
            return
        self._answers = stamp
        if answers := self.read(self._recall):
            self._live.set_web_answers(answers)
            self.is_checked = False

    def _recall(self, corpus: Corpus) -> dict[str, WebStatus]:
        targets = {image.target for note in corpus.notes for image in note.images if is_remote(image.target)}
        if not targets:
            return {}
        from techstock.web.answer_cache import AnswerCache  # late: it takes long, and few ask the web

        answers = AnswerCache(self._cache, time.time()).find_last_answers(targets)
        return {target: answer for target, answer in sorted(answers.items()) if _is_certain(answer)}

    def _remember_disk(self) -> None:
        self._disk = self._read_disk()
        self._young = {path for path, status in self.session.statuses.items() if _is_young(status)}

    def _read_disk(self) -> DiskState:
        return DiskState() if self.alone else read_disk_state(self.session, self.corpus.files or UnknownFiles())

    def notice_changes(self) -> bool:
        """Look for changes of files, and read again what has changed; return whether anything has.

        Raise what opening a session raises if the configuration has changed; until it is mended, all stays as it was.
        """
        now, known = self._read_disk(), self._disk
        self._disk = now
        if now.configuration != known.configuration:
            self._open()
            return True
        if now.surroundings != known.surroundings or now.notes != known.notes:
            self._discover_again()
        changed = {path for path in self.session.paths if now.notes.get(path) != known.notes.get(path)}
        young, self._young = self._young, set()
        for path in sorted(changed.union(young).intersection(self.session.paths)):
            self.read_again(path)
        return now != known or not self.is_checked

    def _discover_again(self) -> None:
        """List the notes again, and ask the disk and git anew for what else there is."""
        before = self._discovery.paths
        self.session, self._discovery = self._create_session(self.session.config)
        self._filter = ReportFilter(self.session, self.runs, self._options)
        for path in set(before).difference(self.session.paths, self.texts):
            self._live.remove_note(path)
        for path in set(self.session.paths).difference(before):
            self.read_again(path)
        self._live.set_files(DiskFiles(self.session.project, self.session.config.targets, self._cache))
        self.is_checked = False
        self._disk = self._read_disk()


def _make_options(work: Session) -> LintOptions:
    """Return the options of a `lint` without any, for this session."""
    output = OutputOptions((), None, False, "never", False, False, False, False)
    return LintOptions(ProjectOptions((), None), work.loading, True, output, None)


def _is_young(status: os.stat_result | None) -> bool:
    """Return whether a file is so young that it may change and keep its stamp."""
    return status is not None and time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < _SETTLE_TIME


def _is_certain(answer: WebStatus) -> bool:
    """Return whether an answer says something about the image, and not only about the check."""
    return answer.state == OK or (answer.state == BROKEN and answer.reason in BROKEN_REASONS)


def _prepare_notes(notes: Sequence[Note]) -> None:
    for note in notes:
        with suppress(NoteChangedError):
            list_note_terms(note)
            note.load_text()
