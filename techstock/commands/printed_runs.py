"""The output of `techstock lint`, kept until anything changes that it depends on: an unchanged run prints it again."""

import os
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from techstock.cache.index import decode_checked, encode_checked
from techstock.cache.key import is_settled, make_stamp
from techstock.commands.console import (
    OutputRecord,
    get_terminal_width,
    is_color_enabled,
    print_messages,
    require_stdout,
    write_output,
)
from techstock.commands.options import LintOptions
from techstock.commands.output_files import OutputTarget
from techstock.commands.session import Session, compute_cache_key, explain_untrusted_cache, locate_cache
from techstock.load.project_files import DiskFiles
from techstock.model.files import FileQuestions, FileStamp
from techstock.storage.cache_directory import PRINTED_NAME, blake2b

if TYPE_CHECKING:
    from techstock.load.corpus_loader import LoadedCorpus

_MAGIC = b"techstock runs 1"
_MAX_RUNS = 8
_MAX_SIZE = 16_000_000  # bytes of all runs
_PACKAGES = ("markdown_it", "msgspec", "pathspec", "wcwidth")  # beside the parser, which the key of the cache counts


class PrintedRun(msgspec.Struct, frozen=True, array_like=True):
    """The output of a run with the exit code `code`.

    It holds while the files have the digest `stamps`, and the questions in `asked` have answers with the digest
    `answers`.
    """

    stamps: bytes
    asked: FileQuestions
    answers: bytes
    code: int
    text: str
    exact: bool
    notices: tuple[str, ...]
    summary: tuple[str, ...]

    def print_again(self, *, quiet: bool) -> int:
        """Print all of it, and return the exit code."""
        print_messages(self.notices, quiet=quiet)
        write_output([self.text], exact=self.exact)
        print_messages(self.summary, quiet=quiet)
        return self.code


class PrintedRuns:
    """The outputs that are kept of earlier runs on the notes of a session, for the run with these options.

    `started` is the time before the notes were looked for, in nanoseconds.
    """

    def __init__(self, work: Session, options: LintOptions, targets: Sequence[OutputTarget], started: int, /) -> None:
        self._work, self._options = work, options
        self._started = started
        self._folder = locate_cache(work.loading.cache_dir, work.project.root, work.cwd)
        self._is_used = _is_repeatable(work, options, targets)

    def find_run(self) -> PrintedRun | None:
        """Return what an earlier run printed, if this run would print the same; None if nobody knows."""
        if not self._is_used:
            return None
        written, runs = self._read_runs()
        run = _decode_run(runs.get(self._digest_request())) if runs else None
        if run is None or run.stamps != _digest_stamps(self._list_stamps()):
            return None
        work = self._work
        if explain_untrusted_cache(work.project, self._folder):
            return None
        if written != _add_packages(compute_cache_key(work.config, work.project.base)):  # late: it looks at many files
            return None
        files = DiskFiles(work.project, work.config.targets)
        return run if run.answers and run.answers == files.digest_answers(run.asked) else None

    def add_run(self, got: "LoadedCorpus", record: OutputRecord, code: int) -> None:
        """Keep what this run has printed, if all that it depends on is known and at rest."""
        if not self._is_used or got.store.folder is None or record.pieces is None or got.corpus.files is None:
            return
        stamps, asked = self._list_stamps(), got.corpus.files.list_questions()
        if asked is None or len(got.entries) < len(self._work.paths):  # a note without an entry could not be read
            return
        if not all(is_settled(stamp, self._started) for _, stamp in stamps):
            return
        since = got.store.compute_start_time() - max(got.store.since - self._started, 0)  # the clock of the files
        if not all(is_settled(stamp, since) for _, stamp in stamps):
            return
        asked = asked.join(got.store.joint.asked)
        answers = got.corpus.files.digest_answers(asked, since)
        if not answers:
            return
        run = PrintedRun(
            _digest_stamps(stamps),
            asked,
            answers,
            code,
            "".join(record.pieces),
            record.exact,
            tuple(record.notices),
            tuple(record.summary),
        )
        self._write_run(run, _add_packages(got.store.key))

    def _write_run(self, run: PrintedRun, key: bytes) -> None:
        written, known = self._read_runs()
        if written != key:
            known = {}
        request = self._digest_request()
        known.pop(request, None)
        try:
            known[request] = msgspec.Raw(msgspec.msgpack.encode(run))
            while len(known) > _MAX_RUNS or sum(map(len, map(bytes, known.values()))) > _MAX_SIZE:
                del known[next(iter(known))]
            self._folder.write(PRINTED_NAME, [encode_checked(_MAGIC, key, msgspec.msgpack.encode(known))])
        except (OSError, MemoryError, UnicodeEncodeError):
            return  # the next run works it out again

    def _read_runs(self) -> tuple[bytes, dict[bytes, msgspec.Raw]]:
        """Return the outputs that are kept, by what was asked, and the key that they were written with."""
        try:
            key, body = decode_checked(_MAGIC, self._folder.read(PRINTED_NAME)) or (b"", b"\x80")
            return key, msgspec.msgpack.decode(body, type=dict[bytes, msgspec.Raw])
        except (OSError, MemoryError, msgspec.DecodeError, ValueError):
            return b"", {}

    def _list_stamps(self) -> list[tuple[str, FileStamp]]:
        """Return the stamps of the notes and of the baseline, which show that they are as they were."""
        work = self._work
        stamps = [(path, make_stamp(work.statuses.get(path))) for path in work.paths]
        if baseline := _find_baseline_file(work, self._options):
            try:
                stamps.append((f"\0{baseline}", make_stamp(baseline.lstat())))
            except OSError:
                stamps.append((f"\0{baseline}", make_stamp(None)))
        return stamps

    def _digest_request(self) -> bytes:
        """Return a digest of all that this run was asked, and by what terminal."""
        work, options, out = self._work, self._options, require_stdout()
        parts = (
            options,
            work.config,
            str(work.cwd),
            str(work.project.root),
            None if work.scope is None else sorted(work.scope),
            [(work.cwd / path).is_file() for path in options.project.paths],
            is_color_enabled(options.output.color, out, os.environ),
            (out.isatty(), get_terminal_width(out), bool(os.environ.get("PRE_COMMIT"))),
        )
        return blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=20).digest()


def _is_repeatable(work: Session, options: LintOptions, targets: Sequence[OutputTarget]) -> bool:
    """Return whether a run only prints, and what it prints depends on notes, files and options alone."""
    acts = options.web is not None or options.fixes is not None or options.add_ignores or work.stdin
    reads = options.since is not None or options.output.compare is not None
    return not acts and not reads and not options.output.verbose and all(target.file is None for target in targets)


def _find_baseline_file(work: Session, options: LintOptions) -> Path | None:
    """Return the path of the baseline; None if there is none."""
    if options.no_baseline:
        return None
    if options.baseline is not None:
        return work.cwd / options.baseline
    return work.project.root / work.config.baseline if work.config.baseline else None


def _add_packages(key: bytes) -> bytes:
    """Return a key that also stands for the packages on which the output depends."""
    specs = map(PathFinder.find_spec, _PACKAGES)
    stamps = [make_stamp(Path(spec.origin).stat()) if spec and spec.origin else () for spec in specs]
    return blake2b(key + repr(stamps).encode(), digest_size=20).digest()


def _digest_stamps(stamps: Sequence[tuple[str, FileStamp]]) -> bytes:
    return blake2b(repr(sorted(stamps)).encode("utf-8", "backslashreplace"), digest_size=20).digest()


def _decode_run(raw: msgspec.Raw | None) -> PrintedRun | None:
    try:
        return None if raw is None else msgspec.msgpack.decode(raw, type=PrintedRun)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
