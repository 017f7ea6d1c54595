"""How long techstock takes beside other linters: `TECHSTOCK_COLLECTIONS=… python -m tests.benchmarks.ratios [NAME…]`.

Each row is a ratio of seconds on the clock, the least of `--times` runs (5), in one run of this program; CPU stands
beside it. NAME is `aws-notes`, `zettelkasten` (from `zettelkasten-13k.tar.gz`), `links` (40,000 links over 5,000 notes,
see `linked_notes`), or a folder of notes, which is copied; the first three are the default. rumdl and jscpd are those
on the PATH, or given with `--rumdl` and `--jscpd`; what there is not is left out, with a word about it.

"Unchanged" is the run after one that has read every note; "changed" is one with another line at the end of a note,
"named" one that is given a single note. Both are seconds above the unchanged run.
"""

import argparse
import compileall
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import techstock
from tests.benchmarks.linked_notes import write_linked_notes
from tests.benchmarks.processes import Took, least, measure_process
from tests.corpora.collections import copy_collection
from tests.support import get_collections

_NAMES = ("aws-notes", "zettelkasten", "links")
_SETTLED = 2.5  # seconds after which a file's status is trusted
_OTHERS = {
    "rumdl": ("check", "--no-cache", "--quiet", "."),
    "jscpd": ("--silent", "--pattern", "**/*.md", "."),
}


def prepare_notes(name: str, root: Path) -> None:
    """Write the notes of this name below `root`."""
    if name == "links":
        write_linked_notes(root)
    elif name == "zettelkasten":
        copy_collection(get_collections() / "corpus" / "zettelkasten-13k.tar.gz", root)
    elif name == "aws-notes":
        copy_collection(get_collections() / "corpus" / name, root)
    else:
        shutil.copytree(name, root, ignore=shutil.ignore_patterns(".git", ".techstock_cache"))
    (root / "techstock.toml").touch()


class Comparison:
    """A folder of notes, and the programs that run on it."""

    def __init__(self, root: Path, times: int, programs: dict[str, str]) -> None:
        self.root, self.times = root, times
        self.notes = sorted(root.rglob("*.md"))
        self._lint = [
            sys.executable,
            "-m",
            "techstock",
            "lint",
            "-q",
            "--root",
            str(root),
            "--output-format",
            "concise",
        ]
        self._programs = programs

    def lint(self, *options: str) -> Callable[[], Took]:
        return lambda: measure_process([*self._lint, *options], self.root)

    def lint_changed(self) -> Took:
        with self.notes[len(self.notes) // 2].open("a", encoding="utf-8") as note:
            note.write(f"\n- {time.time_ns()}\n")
        return self.lint()()

    def run_others(self) -> list[Callable[[], Took]]:
        commands = [[path, *_OTHERS[name]] for name, path in self._programs.items()]
        return [lambda command=command: measure_process(command, self.root) for command in commands]  # type: ignore[misc]

    def print_ratios(self) -> None:
        cold, *others = least(self.times, self.lint("--no-cache"), *self.run_others())
        shutil.rmtree(self.root / ".techstock_cache", ignore_errors=True)
        self.lint()()
        time.sleep(_SETTLED)
        self.lint()()
        middle = str(self.notes[len(self.notes) // 2])
        same, named = least(self.times, self.lint(), self.lint(middle))
        (changed,) = least(self.times, self.lint_changed)
        print(f"  cold {cold.wall:.2f} s, unchanged {same.wall:.2f} s")
        for name, other in zip(self._programs, others, strict=True):
            _print_ratio(f"cold, of {name} ({other.wall:.2f} s)", cold, other)
            if name == "rumdl":
                _print_ratio("unchanged, of rumdl cold", same, other)
        if len(others) == len(_OTHERS):
            both = Took(sum(took.wall for took in others), sum(took.cpu for took in others))
            _print_ratio("cold, of both", cold, both)
        for what, took in (("changed", changed), ("named", named)):
            print(
                f"  one note {what}: {took.wall - same.wall:+.2f} s above unchanged ({took.cpu - same.cpu:+.2f} s CPU)"
            )


def _print_ratio(what: str, took: Took, other: Took) -> None:
    print(f"  {what}: {took.wall / other.wall:.2f} ({took.cpu / other.cpu:.2f} CPU)")


def find_programs(given: dict[str, str | None]) -> dict[str, str]:
    """Return the paths of the other linters that there are."""
    found = {name: shutil.which(path or name) for name, path in given.items()}
    for name, path in found.items():
        if path is None:
            print(f"without {name}: it is not on the PATH")
    return {name: path for name, path in found.items() if path}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=_NAMES)
    parser.add_argument("--times", type=int, default=5)
    for name in _OTHERS:
        parser.add_argument(f"--{name}")
    options = parser.parse_args(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(str(Path(techstock.__file__).parent), quiet=1)
    programs = find_programs({name: getattr(options, name) for name in _OTHERS})
    with tempfile.TemporaryDirectory() as temporary:
        for number, name in enumerate(options.names):
            root = Path(temporary, str(number))
            prepare_notes(name, root)
            compared = Comparison(root, options.times, programs)
            print(f"{Path(name).name}: {len(compared.notes):,} notes, least of {options.times}")
            compared.print_ratios()


if __name__ == "__main__":
    main()
