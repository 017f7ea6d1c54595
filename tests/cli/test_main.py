"""The command line without a project: version, help, unknown commands, what a start costs."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

import techstock
from techstock.cli import list_commands, main
from tests.cli.support import GAP, ONLY_GAPS, list_loaded_modules, make_command, make_environment, run, run_process
from tests.support import make_project

HEAD = """\
usage: techstock [--version] [--help] COMMAND ...

The linter for years of study notes kept in a git repository.

commands:
"""
TAIL = "\n`techstock COMMAND --help` describes its options.\n"


def list_help_rows(text: str) -> list[str]:
    """Return the rows about commands in the help."""
    assert text.startswith(HEAD)
    assert text.endswith(TAIL)
    return text.removeprefix(HEAD).removesuffix(TAIL).splitlines()


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(capsys: pytest.CaptureFixture[str], option: str) -> None:
    assert main([option]) == 0
    assert capsys.readouterr() == (f"techstock {techstock.__version__}\n", "")


def test_version_of_the_process(tmp_path: Path) -> None:
    done = run_process("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"techstock {techstock.__version__}\n", "")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(capsys: pytest.CaptureFixture[str], option: str) -> None:
    assert main([option]) == 0
    rows = list_help_rows(capsys.readouterr().out)
    assert "  lint        check notes and report their problems" in rows
    assert [row.split()[0] for row in rows] == list(list_commands())
    assert all(row[12:].strip() for row in rows)


def test_no_command_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(list_help_rows(said.err)) == len(list_commands())


def test_arguments_are_those_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["techstock", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("techstock ")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("lnt", "there is no command `lnt`, did you mean `lint`?; see `techstock --help`"),
        ("frobnicate", "there is no command `frobnicate`; see `techstock --help`"),
        ("--verison", "there is no option `--verison`; see `techstock --help`"),
        ("\x1b[31m", "there is no command `\\x1b[31m`; see `techstock --help`"),
    ],
)
def test_unknown_command(capsys: pytest.CaptureFixture[str], given: str, message: str) -> None:
    assert main([given]) == 2
    assert capsys.readouterr() == ("", f"error: {message}\n")


@pytest.mark.parametrize("name", list_commands())
def test_a_caller_in_this_process_keeps_its_garbage_collector(capsys: pytest.CaptureFixture[str], name: str) -> None:
    main([name, "--help"])
    assert capsys.readouterr().err == ""
    assert gc.isenabled()


@pytest.mark.parametrize("name", list_commands())
def test_help_of_a_command(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main([name, "--help"]) == 0
    out, err = capsys.readouterr()
    assert f"techstock {name}" in out
    assert err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["lint", "--help"]])
def test_stdout_that_takes_nothing(tmp_path: Path, arguments: list[str]) -> None:
    for redirection, why in {">/dev/full": "cannot be written: No space left on device", ">&-": "is closed"}.items():
        shell = ["sh", "-c", f'exec "$@" {redirection}', "sh", *make_command(*arguments)]
        done = subprocess.run(shell, cwd=tmp_path, env=make_environment(), stderr=subprocess.PIPE, check=False)
        assert (done.returncode, done.stderr.decode()) == (2, f"error: stdout {why}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
def test_stderr_that_takes_nothing(tmp_path: Path, redirection: str) -> None:
    shell = ["sh", "-c", f'exec "$@" {redirection}', "sh", *make_command()]
    done = subprocess.run(shell, cwd=tmp_path, env=make_environment(), stdout=subprocess.PIPE, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["lint"], ""),
        (["lint", "-", "--stdin-filename", "c.md", "--output-format", "json"], GAP),
        (["lint", "--help"], ""),
        (["rules", "nowhere"], ""),
        (["lint", "\x1b.md"], ""),
    ],
)
def test_a_process_says_what_the_same_command_says_in_tests(tmp_path: Path, arguments: list[str], stdin: str) -> None:
    make_project(tmp_path, {"a.md": GAP, "b.md": b"\xff", "techstock.toml": ONLY_GAPS})
    done, other = (how(*arguments, cwd=tmp_path, stdin=stdin) for how in (run, run_process))
    assert (done.returncode, done.stdout, done.stderr) == (other.returncode, other.stdout, other.stderr)
    assert done.stdout + done.stderr


def test_module_run_beside_the_notes_imports_nothing_from_there(tmp_path: Path) -> None:
    names = ("argparse", "markdown_it", "msgspec", "pyromark", "typing")
    make_project(
        tmp_path, {"a.md": GAP, "techstock.toml": ONLY_GAPS, **{f"{name}.py": "raise SystemExit" for name in names}}
    )
    assert "section 2 is missing" in run_process("lint", cwd=tmp_path).stdout


def test_version_loads_nothing(tmp_path: Path) -> None:
    assert list_loaded_modules(tmp_path, "--version") == {"techstock", "techstock.cli", ""}


HEAVY = {"PIL", "asyncio", "concurrent", "email", "http", "httpx", "importlib.metadata", "json", "lsprotocol"}
HEAVY |= {"multiprocessing", "pygls", "shutil", "socket", "sqlite3", "ssl", "tempfile", "urllib.request", "xml"}


def test_lint_loads_nothing_heavy(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": GAP, "techstock.toml": ONLY_GAPS})
    modules = list_loaded_modules(tmp_path, "lint", "--quiet", "--output-format", "concise")
    assert "techstock.cli.lint" in modules
    assert modules & HEAVY == set()
    assert (
        modules & {"techstock.cli.rules", "techstock.commands.rules", "techstock.config.toml_writer", "difflib"}
        == set()
    )


DEFERRED = ("ipaddress", "msgspec._json_schema", "msgspec.inspect", "urllib.parse")


def test_what_a_lint_does_not_call_is_not_loaded(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": GAP, "techstock.toml": ""})
    assert not list_loaded_modules(tmp_path, "lint", "-q", "--exit-zero", "a.md") & {*DEFERRED, "typing_extensions"}


def test_what_is_not_loaded_works_when_it_is_called(tmp_path: Path) -> None:
    script = """
from techstock.cli import main
assert main(["lint", "--exit-zero", "-q"]) == 0
import pathlib, platform, textwrap, uuid
import msgspec
from urllib.parse import quote
assert pathlib.Path("/a b").as_uri() == "file:///a%20b" and quote("a b") == "a%20b"
assert msgspec.json.schema(int) == {"type": "integer"}
assert isinstance(msgspec.inspect.type_info(int), msgspec.inspect.IntType)
assert platform.system() and uuid.uuid1().version == 1 and textwrap.dedent(" a") == "a"
import msgspec.inspect, typing_extensions
assert msgspec.inspect.IntType(ge=1).ge == 1 and typing_extensions.Annotated
"""
    make_project(tmp_path, {"a.md": GAP})
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=make_environment(), check=True)
