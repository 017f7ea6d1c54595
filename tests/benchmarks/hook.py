"""What the hooks add to a commit: `python -m tests.benchmarks.hook [--notes N] [--runs N]`.

Real pre-commit runs each hook on a commit of one changed note among N (1,000), when the cache is warm. Beside them
stand two hooks that do nothing: the program `true`, which shows pre-commit's own time, and a Python that starts and
ends. Seconds on the clock and of CPU, the least of several runs, taken in turn, and what each adds to `true`.
The notes have ten sections of four entries each, definitions of ten words, and no problem, as where a hook is in use.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.hooks import Hooks
from tests.support import commit_all, run_git, write_files

_NOTHING = """
  - repo: local
    hooks:
      - {id: 'true', name: 'true', entry: 'true', language: system, types: [markdown]}
      - {id: python, name: python, entry: python -c pass, language: python, types: [markdown]}
"""
_NAMES = ("true", "python", "techstock", "techstock-fix", "techstock-corpus")


_PARTS = "待機 起動 停止 復旧 監視 記録 配置 配信 台数 回線 鍵 権限 区画 経路 分割 統合 予約 費用 圧縮 転送".split()  # noqa: SIM905


def make_numbered_note(first: int, chance: random.Random) -> str:
    """Ten numbered sections from `first` on, of words made of two or three parts and a number."""

    def words(count: int) -> str:
        return "を".join("".join(chance.choices(_PARTS, k=3)) + str(chance.randrange(999)) for _ in range(count))

    sections = ("".join(f"- {words(2)}: {words(10)}する。\n" for _ in range(4)) for _ in range(10))
    return "\n".join(f"## {number}. {words(1)}\n\n{entries}" for number, entries in enumerate(sections, first))


def make_hooked_repository(hooks: Hooks, folder: Path, count: int) -> Path:
    """Make a repository of `count` notes, the same each time, and a configuration with all hooks."""
    chance = random.Random(7)  # noqa: S311 (no secret)
    starts = range(1, 10 * count + 1, 10)
    texts = {f"{start // 500:03}/{start:05}-{start + 9:05}.md": make_numbered_note(start, chance) for start in starts}
    notes = hooks.notes(folder, "techstock", texts)
    config = notes / ".pre-commit-config.yaml"
    ours = "".join(f"{{id: {name}}}, " for name in _NAMES if name.startswith("techstock"))
    config.write_text(config.read_text("utf-8").replace("{id: techstock}", ours.rstrip(", ")), "utf-8")
    first, rest = config.read_text("utf-8").split("repos: [", 1)
    config.write_text(f"{first}repos:\n  - {rest.rstrip().removesuffix(']')}{_NOTHING}", "utf-8")
    commit_all(notes)
    return notes


def measure_hook(hooks: Hooks, notes: Path, name: str) -> tuple[float, float]:
    """Seconds on the clock, and of CPU with all processes that were started."""
    start, before = time.perf_counter(), os.times()
    done = hooks.run(notes, name)
    took, after = time.perf_counter() - start, os.times()
    if done.returncode or "(no files" in done.stdout:
        raise SystemExit(done.stdout + done.stderr)
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    return took, spent


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--notes", type=int, default=1000)
    options.add_argument("--runs", type=int, default=9)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        hooks = Hooks(Path(scratch))
        notes = make_hooked_repository(hooks, Path(scratch) / "notes", given.notes)
        changed = sorted(notes.rglob("*.md"))[given.notes // 2]
        least = dict.fromkeys(_NAMES, (float("inf"), float("inf")))
        for number in range(given.runs + 1):  # the first installs the hooks and fills the cache
            write_files(
                notes, {changed.relative_to(notes).as_posix(): f"{changed.read_text('utf-8')}\n本文 {number}。\n"}
            )
            run_git(notes, "add", "-A")
            took = {name: measure_hook(hooks, notes, name) for name in _NAMES}
            if number:
                least = {
                    name: (min(least[name][0], took[name][0]), min(least[name][1], took[name][1])) for name in _NAMES
                }
    nothing = least["true"]
    for name, (clock, cpu) in least.items():
        sys.stdout.write(
            f"{name:<17} {clock:6.2f} s {clock - nothing[0]:+6.2f} s   CPU {cpu:6.2f} s {cpu - nothing[1]:+6.2f} s\n"
        )


if __name__ == "__main__":
    main()
