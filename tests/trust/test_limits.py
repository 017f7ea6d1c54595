"""What is over a limit is said to be not checked; what stands before it is."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from techstock.engine import CorpusTimeoutError
from techstock.engine.timeouts import TimeLimitExceededError, limit_corpus_time, limit_time
from techstock.load.corpus_loader import LoadOptions, load_corpus
from techstock.load.parse_job import ParseJob
from techstock.model import Corpus, ParseLimits, ReadFailure
from techstock.parse import parse
from tests.project.disk import posix_only
from tests.support import make_project
from tests.trust.support import check_run, lint_checked, run_here

NESTED = "- 一\n  - 二\n    - 三\n      - 四\n"


@pytest.mark.parametrize(
    ("setting", "text", "message"),
    [
        ("file-size=20", NESTED, "the note has 36 bytes, more than the 20 of `limits.file-size`"),
        ("nesting=4", NESTED, "nested over 4 levels deep, not checked from here on"),
        ("entries=3", NESTED, "more than the 3 entries of `limits.entries`: not checked from here on"),
    ],
)  # fmt: skip
def test_a_limit(tmp_path: Path, setting: str, text: str, message: str) -> None:
    """Cold, and with what is kept of a run with another limit, and without."""
    root = make_project(tmp_path, {"a.md": text})
    assert lint_checked(cwd=root) == (0, [])
    for _ in range(2):
        code, found = lint_checked("--config", f"limits.{setting}", cwd=root)
        assert (code, [(one["rule"], one["message"]) for one in found]) == (1, [("note-unreadable", message)])
    assert lint_checked(cwd=root) == (0, [])


def test_what_stands_before_it_is_checked() -> None:
    text = "- 停止:\n- 再開: する。\n  > - 待避: する。\n  >   1. 一\n  >   2. 二\n\n## 題\n\n![図](a.png)\n"
    whole = parse("a.md", text)
    for most in range(1, 6):
        note = parse("a.md", text, limits=ParseLimits(entries=most))
        assert [entry.marker for entry in note.entries] == [entry.marker for entry in whole.entries[:most]]
        assert [entry.parent for entry in note.entries] == [entry.parent for entry in whole.entries[:most]]
        assert bool(note.faults) == (most < 5)
        assert bool(note.headings) == bool(note.images) == (most == 5)
    place = parse("a.md", text, limits=ParseLimits(entries=3)).faults[0].place
    assert place.extract_from(text) == "1. 一"


def test_a_fix_keeps_the_limits(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "-\u3000一\n-\u3000二\n- 三:\n"})
    found = run_here("lint", "--fix", "--config", "limits.entries=2", cwd=root)
    assert "more than the 2 entries" in found.out
    assert (root / "a.md").read_text("utf-8").startswith("- 一\n- 二\n")


@posix_only
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # raised while garbage is collected
def test_a_note_that_takes_too_long(tmp_path: Path) -> None:
    """A brief one is checked; for one that is not, nothing is kept."""
    root = make_project(tmp_path, {"a.md": "[ a_" * 240_000, "b.md": "- 停止: 台の電源を切ること。\n"})
    work = ParseJob(os.fsencode(root), 1_000_000, 0, (), seconds=0.02)
    found = work.parse_file("a.md")
    assert isinstance(found, tuple)
    path, fault = found
    assert (path, fault.kind) == ("a.md", "time")
    assert fault.message == "the note took more than the 0.02 seconds of `limits.seconds`"
    assert not isinstance(work.parse_file("b.md"), tuple)
    given: dict[str, str | ReadFailure] = {"a.md": "[ a_" * 240_000}
    wish = LoadOptions(os.fsencode(root), 1_000_000, given=given, seconds=0.02)
    got = load_corpus(["a.md", "b.md"], wish)
    assert [[fault.kind for fault in note.faults] for note in got.corpus.notes] == [["time"], []]


@posix_only
def test_time_is_over_even_where_errors_are_swallowed() -> None:
    with pytest.raises(TimeLimitExceededError), limit_time(0.01):
        _stubborn()
    _work(0.02)  # and nothing is raised afterwards


@posix_only
def test_a_limit_in_a_limit() -> None:
    """The inner one ends, and the outer one goes on."""
    with pytest.raises(TimeLimitExceededError), limit_time(0.05):
        _limited_and_more()
    with pytest.raises(TimeLimitExceededError), limit_time(5), limit_time(0.01):
        _work(0.5)
    _work(0.02)


def test_all_notes_together_may_take_longer_the_more_there_are() -> None:
    images, entries = parse("a.md", "![](a.png)\n" * 50), parse("b.md", "- a: b\n" * 100)
    for notes, most in (
        ([images] * 19, "30"),
        ([images] * 20, "60"),
        ([entries] * 100, "60"),
        ([entries] * 1000, "360"),
    ):
        corpus = Corpus(tuple(notes))
        with pytest.raises(CorpusTimeoutError, match=f"more than the {most} seconds"), limit_corpus_time(corpus, 30):
            raise TimeLimitExceededError


@posix_only
@pytest.mark.parametrize("where", ["techstock.commands.checking.diagnose", "techstock.fix.fix_loop.fix_corpus"])
def test_rules_on_all_notes_that_take_too_long(tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is reported and nothing is written, and this is said."""
    root = make_project(tmp_path, {"a.md": "-\u3000停止: する。\n"})
    monkeypatch.setattr(where, lambda *_, **__: _work(9))
    monkeypatch.setattr("techstock.engine.timeouts.limit_time", lambda _: limit_time(0.02))
    found = check_run(run_here("lint", "--fix", cwd=root))
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: 1 note together took more than")
    assert found.err.endswith(" that `limits.seconds` allows for so many; nothing is reported\n")
    assert (root / "a.md").read_text("utf-8") == "-\u3000停止: する。\n"


def test_other_commands_have_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_project(tmp_path, {"a.md": "- 停止: する。\n"})

    def late(*_: object) -> None:
        raise TimeLimitExceededError

    monkeypatch.setattr("techstock.commands.explain.format_explanation", late)
    found = run_here("explain", "a.md:1", cwd=root)
    assert found.code == 2
    assert "`limits.seconds`" in found.err


def _stubborn() -> None:
    while True:
        with suppress(Exception):
            _work(0.5)


def _limited_and_more() -> None:
    with limit_time(5):
        _work(0.02)
    _work(9)


def _work(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
