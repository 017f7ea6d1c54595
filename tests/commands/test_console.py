"""Small parts of the command line that a process shows badly."""

import io
from pathlib import Path

import pytest

from techstock.cli import _runner as runner
from techstock.cli import list_commands
from techstock.commands import console
from techstock.commands.console import PhaseTimer, is_color_enabled, is_terminal
from techstock.commands.errors import UsageError
from techstock.commands.output_files import write_file
from tests.cli.support import Terminal


@pytest.mark.parametrize(
    ("choice", "terminal", "environment", "colored"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        ("auto", True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color(choice: str, terminal: bool, environment: dict[str, str], colored: bool) -> None:
    assert is_color_enabled(choice, Terminal() if terminal else io.StringIO(), environment) is colored


@pytest.mark.parametrize(("terminal", "environment", "shown"), [(True, {}, True), (True, {"TERM": "dumb"}, False),
                                                                (False, {}, False)])  # fmt: skip
def test_terminal_that_can_erase_a_line(terminal: bool, environment: dict[str, str], shown: bool) -> None:
    assert is_terminal(Terminal() if terminal else io.StringIO(), environment) is shown


def test_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 0.5, 1.0, 1.05, 1.1, 1.3])
    monkeypatch.setattr(console, "perf_counter", lambda: next(times))
    stream = io.StringIO()
    shown = console.ProgressLine(stream)
    for done in range(1, 6):
        shown(done, 5)
    shown.close()
    erase = "\r\x1b[K"
    assert stream.getvalue() == "".join(f"{erase}reading notes: {done} of 5" for done in (2, 4, 5)) + erase


def test_progress_of_a_short_run() -> None:
    stream = io.StringIO()
    shown = console.ProgressLine(stream)
    shown(1, 1)
    shown.close()
    assert stream.getvalue() == ""


def test_clock() -> None:
    clock = PhaseTimer()
    clock.record_phase("files")
    clock.laps[0] = ("files", 0.0123)
    clock.laps.append(("parsing", 1.5))
    assert str(clock) == "files 12 ms, parsing 1500 ms"


def test_save_replaces_at_once_and_leaves_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("old")
    write_file(file, ["日本", "\n", "\udc80"])
    assert file.read_bytes() == "日本\n\\udc80".encode()
    assert list(tmp_path.iterdir()) == [file]


def test_save_of_half_a_file_keeps_the_old_one(tmp_path: Path) -> None:
    def broken() -> list[str]:
        raise OSError(28, "No space left on device")

    file = tmp_path / "out.json"
    file.write_text("old")
    with pytest.raises(UsageError, match=r"out\.json` cannot be written: No space left on device$"):
        write_file(file, (piece for _ in "x" for piece in broken()))
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_save_writes_through_no_link_that_waits_for_it(tmp_path: Path) -> None:
    other, waiting = tmp_path / "other", tmp_path / f".techstock-{'0' * 16}"
    other.write_text("kept")
    try:
        waiting.symlink_to(other)
    except OSError:
        pytest.skip("this system has no links")
    write_file(tmp_path / "out.json", ["[]"])
    assert other.read_text() == "kept"
    assert waiting.is_symlink()


def test_save_to_what_is_no_file() -> None:
    null = Path("/dev/null")
    if not null.exists():
        pytest.skip("this system has no /dev/null")
    write_file(null, ["x"])
    assert not null.is_file()


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (SystemExit(0), 0), (SystemExit("no"), 2), (UsageError("x"), 2)]
)
def test_exit_code(monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int) -> None:
    def fail(command: str, arguments: list[str], commands: object) -> int:
        raise error

    monkeypatch.setattr(runner, "_dispatch_command", fail)
    assert runner.run_command("lint", [], list_commands()) == code


def test_what_the_system_refuses_is_no_defect(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(command: str, arguments: list[str], commands: object) -> int:
        raise PermissionError(13, "Permission denied", "notes/\x1b.md")

    monkeypatch.setattr(runner, "_dispatch_command", fail)
    assert runner.run_command("lint", [], list_commands()) == 2
    assert capsys.readouterr() == ("", "error: `notes/\\x1b.md`: Permission denied\n")


def test_a_defect(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(command: str, arguments: list[str], commands: object) -> int:
        raise RecursionError("too deep\x07")

    monkeypatch.setattr(runner, "_dispatch_command", fail)
    assert runner.run_command("lint", [], list_commands()) == 2
    message = "error: techstock has a defect: RecursionError: too deep\\x07"
    assert capsys.readouterr() == ("", f"{message}; `-v` shows where\n")
    assert runner.run_command("lint", ["-v"], list_commands()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Traceback")
    assert "\x07" not in err
    assert err.endswith(f"{message}\n")
