"""What the hooks add to a commit: `TECHSTOCK_COLLECTIONS=… python -m tests.benchmarks.hook [--notes N] [--runs N]`.

Real pre-commit runs each hook on a commit of one changed note among N (1,000), when the cache is warm. Beside them
stand two hooks that do nothing: the program `true`, which shows pre-commit's own time, and a Python that starts and
ends. Seconds on the clock, the least of several runs, taken in turn; the second column is what is added to `true`.
"""

import argparse
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from tests.benchmarks.growth import grown
from tests.hooks import Hooks, committed, git, put
from tests.support import collections

_NOTHING = """
  - repo: local
    hooks:
      - {id: 'true', name: 'true', entry: 'true', language: system, types: [markdown]}
      - {id: python, name: python, entry: python -c pass, language: python, types: [markdown]}
"""
_NAMES = ("true", "python", "techstock", "techstock-fix", "techstock-corpus")


def repository(hooks: Hooks, folder: Path, count: int) -> Path:
    """Notes of varied real text without a problem that anybody sees, and a configuration with all hooks."""
    texts = {note.path: note.text for note in islice(grown(collections(), sys.maxsize), count)}
    notes = hooks.notes(folder, "techstock", texts | {"techstock.toml": 'fail-on = "error"\n'})
    config = notes / ".pre-commit-config.yaml"
    ours = "".join(f"{{id: {name}}}, " for name in _NAMES if name.startswith("techstock"))
    config.write_text(config.read_text("utf-8").replace("{id: techstock}", ours.rstrip(", ")), "utf-8")
    first, rest = config.read_text("utf-8").split("repos: [", 1)
    config.write_text(f"{first}repos:\n  - {rest.rstrip().removesuffix(']')}{_NOTHING}", "utf-8")
    committed(notes)
    return notes


def timed(hooks: Hooks, notes: Path, name: str) -> float:
    start = time.perf_counter()
    done = hooks.run(notes, name)
    took = time.perf_counter() - start
    if "Traceback" in done.stdout + done.stderr or name not in done.stdout:
        raise SystemExit(done.stdout + done.stderr)
    return took


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--notes", type=int, default=1000)
    options.add_argument("--runs", type=int, default=9)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        hooks = Hooks(Path(scratch))
        notes = repository(hooks, Path(scratch) / "notes", given.notes)
        note = sorted(path for path in notes.rglob("*.md"))[given.notes // 2]
        least = dict.fromkeys(_NAMES, float("inf"))
        for number in range(given.runs + 1):  # the first installs the hooks and fills the cache
            put(notes, {note.relative_to(notes).as_posix(): f"{note.read_text('utf-8')}\n本文 {number}。\n"})
            git(notes, "add", "-A")
            took = {name: timed(hooks, notes, name) for name in _NAMES}
            if number:
                least = {name: min(least[name], took[name]) for name in _NAMES}
    for name, seconds in least.items():
        sys.stdout.write(f"{name:<17} {seconds:6.2f} s {seconds - least['true']:+6.2f} s\n")


if __name__ == "__main__":
    main()
