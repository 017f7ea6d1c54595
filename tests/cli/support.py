"""Run techstock in a project, as a process of its own or in this one."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

import techstock
from techstock.cli import main

GAP = "## 1.\n\n- 待避: 新しい要求を受けない状態。\n\n## 3.\n\n- 復旧: 止まった仕事を再び始めること。\n"
WHOLE = "## 1.\n\n- 停止: 台の電源を切ること。\n\n## 2.\n\n- 再開: 同じところから続けること。\n"
ONLY_GAPS = 'select = ["section-number-gap"]\n'
"""A configuration under which `GAP` has one problem, a warning, and `WHOLE` none."""

Done = subprocess.CompletedProcess[str]

_CHANGING = (
    "GITHUB_ACTIONS",
    "TF_BUILD",
    "TEAMCITY_VERSION",
    "NO_COLOR",
    "FORCE_COLOR",
    "PYTHONIOENCODING",
    "PYTHONUTF8",
    "LANG",
    "LC_ALL",
    "COLUMNS",
    "TERM",
)


_SLOWING = ("PYTHONDONTWRITEBYTECODE",)  # each process would compile all it imports


def make_environment(**more: str) -> dict[str, str]:
    """Return this process's environment without what changes output, in UTF-8, with techstock importable."""
    kept = {name: value for name, value in os.environ.items() if name not in (*_CHANGING, *_SLOWING)}
    return kept | {"PYTHONPATH": str(Path(techstock.__file__).parents[1]), "LC_ALL": "C.UTF-8"} | more


def make_unmeasured_environment(**more: str) -> dict[str, str]:
    """Return the same for processes whose coverage is not measured, which would take 0.2 s more for each."""
    return {name: value for name, value in make_environment(**more).items() if not name.startswith("COVERAGE_")}


def make_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "techstock", *arguments]


def run(*arguments: str, cwd: Path, stdin: str | bytes = b"", env: Mapping[str, str] | None = None) -> Done:
    """Run `techstock` in this process, which takes a tenth of the time of a process of its own."""
    streams = {"stdin": BytesIO(_encode(stdin)), "stdout": BytesIO(), "stderr": BytesIO()}
    wanted = make_environment() if env is None else env
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        for name in os.environ.keys() - wanted.keys():
            patch.delenv(name)
        for name, value in wanted.items():
            patch.setenv(name, value)
        for name, stream in streams.items():
            patch.setattr(sys, name, TextIOWrapper(stream, "utf-8", write_through=True))
        code = main([*arguments])
        return Done(arguments, code, *(streams[name].getvalue().decode("utf-8") for name in ("stdout", "stderr")))


def run_process(*arguments: str, cwd: Path, stdin: str | bytes = b"", env: Mapping[str, str] | None = None) -> Done:
    """Run `techstock` as a process of its own, for what only that shows: streams, locale, how Python starts."""
    done = subprocess.run(
        make_command(*arguments),
        cwd=cwd,
        input=_encode(stdin),
        env=env or make_environment(),
        capture_output=True,
        check=False,
    )
    return Done(done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def list_loaded_modules(cwd: Path, *arguments: str) -> set[str]:
    """Return the modules that Python has after this command, less those that it starts with."""
    script = "import sys; before = set(sys.modules); from techstock.cli import main; main(sys.argv[1:])"
    script += "; print(*sorted(set(sys.modules) - before), sep='\\n', file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        env=make_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stderr.split("\n"))


def lint_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """Lint in this process and working directory, and return the objects of the JSON report."""
    code = main(["lint", "--quiet", "--output-format", "json", *arguments])
    said = capsys.readouterr()
    assert said.err == ""
    found: list[dict[str, Any]] = json.loads(said.out)
    assert code == (1 if found else 0)
    return found


class Terminal(StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def run_on_terminal(
    *arguments: str, cwd: Path, rows: int = 40, columns: int = 80, answer: str = "", env: Mapping[str, str] = {}
) -> str:
    """Run `techstock` on a terminal of its own, type `answer`, and return what it prints, colours left out."""
    pty = pytest.importorskip("pty")
    import fcntl
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(leader, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    environment = make_unmeasured_environment(TERM="xterm", NO_COLOR="1", **env)
    with subprocess.Popen(
        make_command(*arguments), cwd=cwd, env=environment, stdin=follower, stdout=follower, stderr=follower
    ) as process:
        os.close(follower)
        if answer:
            os.write(leader, answer.encode())
        pieces: list[bytes] = []
        with suppress(OSError):  # Linux ends a terminal with an error
            while piece := os.read(leader, 1 << 16):
                pieces.append(piece)
        process.wait()
    os.close(leader)
    return b"".join(pieces).decode().replace("\r\n", "\n")


def _encode(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
