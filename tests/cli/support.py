"""Make a project on disk and run techstock in it, as a process of its own or in this one."""

import os
import subprocess
import sys
from collections.abc import Mapping
from io import BytesIO, TextIOWrapper
from pathlib import Path

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


def project(root: Path, files: Mapping[str, str | bytes], git: bool = False) -> Path:
    """A folder that holds these files; a git repository, with all of them in its index, if asked for."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    if git:
        for command in (["init", "-q"], ["add", "."]):
            subprocess.run(["git", "-C", str(root), *command], check=True, stdin=subprocess.DEVNULL)
    return root


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what changes output, in UTF-8, with techstock importable."""
    kept = {name: value for name, value in os.environ.items() if name not in (*_CHANGING, *_SLOWING)}
    return kept | {"PYTHONPATH": str(Path(techstock.__file__).parents[1]), "LC_ALL": "C.UTF-8"} | more


def unmeasured(**more: str) -> dict[str, str]:
    """The same for processes that show no line which others do not: measuring them takes 0.2 s more for each."""
    return {name: value for name, value in environment(**more).items() if not name.startswith("COVERAGE_")}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "techstock", *arguments]


def run(*arguments: str, cwd: Path, stdin: str | bytes = b"", env: Mapping[str, str] | None = None) -> Done:
    """What `techstock` with these arguments does, in this process: a tenth of the time that one of its own takes."""
    streams = {"stdin": BytesIO(_bytes(stdin)), "stdout": BytesIO(), "stderr": BytesIO()}
    wanted = environment() if env is None else env
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
    """The same as a process of its own, for what only that shows: streams, locale, how Python starts."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        input=_bytes(stdin),
        env=env or environment(),
        capture_output=True,
        check=False,
    )
    return Done(done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
