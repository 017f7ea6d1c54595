"""What the tests of this folder share: notes that have problems, and runs with and without a cache."""

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from techstock.cli import main
from tests.cli.support import unmeasured

LINES = [
    "## 1.", "## 2.", "## 02", "## 4.", "## 11.", "### 5.", "# 題", "", "text", "text\n\n---",
    "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。そのあと別の場所で始まる。",
    "- 退避: 新しい要求を受けず、いまの仕事を終えてから止まる。そのあと別の場所で始まる。",
    "- 待避：いまの仕事を終えてから止まる。", "- 復旧:", "  - 待避: 深い項目であり、止まった仕事を再び始める。",
    "-\u3000全角の空白", "**強調。**続き", "![図](a.png)", "[[別のノート]]", "```", "<<<<<<< HEAD",
    "* **語**: `コード`と[リンク](b.md)",
    # A term that is a label once it stands under four others, in whatever folders.
    *(f"- 語{name}:\n  - 現場: 東の建物\n  - 現場: 西の建物" for name in "甲乙丙丁戊"),
]  # fmt: skip


def text(choose: random.Random) -> str:
    """A note with some of these lines."""
    return "\n\n".join(choose.choices(LINES, k=choose.randint(0, 14))) + "\n"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code and the report of a run in this process, in the working directory."""
    code = main(["lint", "--quiet", "--output-format", "json", *arguments])
    return code, capsys.readouterr().out


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def run_with(patch: str, *arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run `techstock` in a process of its own, in which the statements `patch` come first."""
    program = f"import os, sys\n{patch}\nfrom techstock.cli import main\nsys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        input=stdin,
        env=unmeasured(),  # what is killed, or may write no files, cannot say what it covered
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def verbose(done: subprocess.CompletedProcess[str]) -> str:
    """What a run with `-v` says of its cache."""
    return done.stderr.splitlines()[-1]


def started(commands: Sequence[list[str]], cwd: Path) -> list[str]:
    """The reports of processes that run at the same time."""
    running = [
        subprocess.Popen(command, cwd=cwd, env=unmeasured(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    return [process.communicate()[0].decode("utf-8") for process in running]
