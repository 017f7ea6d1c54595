"""What the tests of this folder share: notes that have problems, and runs with and without a cache."""

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from techstock.cli import main
from tests.cli.support import make_unmeasured_environment

LINES = [
    "## 1.", "## 2.", "## 02", "## 4.", "## 11.", "### 5.", "# 題", "", "text", "text\n\n---",
    "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。そのあと別の場所で始まる。",
    "- 退避: 新しい要求を受けず、いまの仕事を終えてから止まる。そのあと別の場所で始まる。",
    "- 待避：いまの仕事を終えてから止まる。", "- 復旧:", "  - 待避: 深い項目であり、止まった仕事を再び始める。",
    "-\u3000全角の空白", "**強調。**続き", "![図](a.png)", "[[別のノート]]", "```", "<<<<<<< HEAD",
    "* **語**: `コード`と[リンク](b.md)",
    # A term that is a label once a note has it under three others, in whatever folder that note is.
    "- 語:\n  - 現場: 東の建物の三階で、朝に開く\n  - 現場: 西の建物の地下で、夜に閉じる",
    "- 語甲:\n  - 現場: 朝の話\n- 語乙:\n  - 現場: 昼の話\n- 語丙:\n  - 現場: 夜の話",
]  # fmt: skip


def make_text(choose: random.Random) -> str:
    """Make the text of a note with some of these lines."""
    return "\n\n".join(choose.choices(LINES, k=choose.randint(0, 14))) + "\n"


def lint_report(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Lint in this process and working directory, and return the exit code and the JSON report."""
    code = main(["lint", "--quiet", "--output-format", "json", *arguments])
    return code, capsys.readouterr().out


def run_with(patch: str, *arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run `techstock` in a process of its own, in which the statements `patch` come first."""
    program = f"import os, sys\n{patch}\nfrom techstock.cli import main\nsys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        input=stdin,
        env=make_unmeasured_environment(),  # what is killed, or may write no files, cannot say what it covered
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def get_cache_report(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line about the cache that a run with `-v` printed."""
    return done.stderr.splitlines()[-1]


def run_together(commands: Sequence[list[str]], cwd: Path) -> list[str]:
    """Run processes at the same time, and return their reports."""
    running = [
        subprocess.Popen(
            command, cwd=cwd, env=make_unmeasured_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for command in commands
    ]
    return [process.communicate()[0].decode("utf-8") for process in running]
