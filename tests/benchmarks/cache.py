"""How long a run takes: `TECHSTOCK_COLLECTIONS=… python -m tests.benchmarks.cache [--quick] [--large N] [NAME…]`.

Every figure is of whole processes, with bytecode compiled before, and the least of several runs; beside it stands the
time of a process, run in turn with it, that two processes take to read and block-parse the same files with
markdown-it-py and nothing else (`bare`). CPU is user and system time of the process and of those it started. Memory is
the sum over processes of what each holds alone and its share of what they have in common, at the highest of samples
every few milliseconds (Linux only; on small runs it is low by what lies between two).

NAME is `aws-notes`, `zettelkasten` (from `zettelkasten-13k.tar.gz`) or `copies` (three varied copies of it). `--large
N` makes N notes of the same real text, and a tenth of that, and compares. `--python` names the Python of an environment
that holds techstock and nothing else, as users have it. rumdl and jscpd are run where they are on the PATH.
"""

import argparse
import compileall
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import techstock
from tests.benchmarks.processes import Took, least, measure_process
from tests.corpora.collections import copy_collection
from tests.support import get_collections, write_files

_NAMES = ("aws-notes", "zettelkasten", "copies")
_WORD = re.compile(r"[A-Za-z]{4,}|[\u3040-\u30ff\u3400-\u9fff]{2,}")
_BARE = """
import os, sys
from multiprocessing import Process
def parse(files):
    from markdown_it import MarkdownIt
    md = MarkdownIt("commonmark").enable("table")
    for file in files:
        with open(file, "rb") as stream:
            text = stream.read().decode("utf-8", "replace")
        md.block.parse(text, md, {}, [])
if __name__ == "__main__":
    files = sorted(os.path.join(f, n) for f, _, names in os.walk(sys.argv[1]) for n in names if n.endswith(".md"))
    both = [Process(target=parse, args=(files[start::2],)) for start in (0, 1)]
    [one.start() for one in both]
    [one.join() for one in both]
"""


def list_notes(root: Path) -> list[Path]:
    return sorted(root.rglob("*.md"))


def varied(source: Path, target: Path, copies: int, seed: int = 7) -> None:
    """Copies of real notes in which one word of four is another word of the same notes."""
    chance = random.Random(seed)  # noqa: S311 (no secret, the same texts each time)
    texts = [(path.relative_to(source), path.read_text("utf-8", "replace")) for path in list_notes(source)]
    words = sorted({word for _, text in texts for word in _WORD.findall(text)})

    def other(match: re.Match[str]) -> str:
        return chance.choice(words) if chance.random() < 0.25 else match[0]

    for copy in range(copies):
        for path, text in texts:
            write_files(target, {f"copy{copy}/{path}": _WORD.sub(other, text) if copy else text})


class Subject:
    """A folder of notes, and what is run on it."""

    def __init__(self, name: str, root: Path, times: int, python: str) -> None:
        self.name, self.root, self.times, self.python = name, root, times, python
        self.lint = [python, "-m", "techstock", "lint", "-q", "--root", str(root), "--output-format", "concise"]
        self.files = list_notes(root)
        self.size = sum(path.stat().st_size for path in self.files)
        (root / "techstock.toml").touch()

    def run(self, *more: str, memory: bool = False) -> Callable[[], Took]:
        return lambda: measure_process([*self.lint, *more], self.root, memory=memory)

    def bare(self) -> Took:
        return measure_process([self.python, "-c", _BARE, str(self.root)], self.root)

    def changed(self) -> Took:
        """One note changed: the middle one, by a line at its end."""
        file = self.files[len(self.files) // 2]
        with file.open("a", encoding="utf-8") as stream:
            stream.write(f"\n- {time.time_ns()}\n")
        return self.run()()

    def report(self) -> None:
        print(f"\n{self.name}: {len(self.files):,} notes, {self.size / 1e6:.1f} MB, least of {self.times}")
        bare, cold = least(self.times, self.bare, self.run("--no-cache"))
        memory = self.run("--no-cache", memory=True)().memory
        shutil.rmtree(self.root / ".techstock_cache", ignore_errors=True)
        self.run()()
        time.sleep(2.5)  # until all files are older than the cache by two seconds
        self.run()()
        same, named = least(self.times + 2, self.run(), self.run(str(self.files[len(self.files) // 2])))
        (edited,) = least(self.times, self.changed)
        row("bare (two processes)", bare, bare, self)
        row("cold", cold, bare, self, "<= 2.0, goal 1.4")
        row("nothing changed", same, bare, self, "<= 0.30, goal 0.15")
        row("one note named", named, bare, self, f"{named.wall - same.wall:+.2f} s, <= +0.2 s")
        row("one note changed", edited, bare, self, f"{edited.wall - same.wall:+.2f} s, <= +0.2 s")
        allowed = 8 * self.size / 1e6 + 60
        print(f"  memory, cold: {memory:.0f} MB (<= {allowed:.0f} MB)")
        kept = sum(path.stat().st_size for path in (self.root / ".techstock_cache").iterdir())
        print(f"  cache: {kept / 1e6:.1f} MB, {kept / self.size:.2f} bytes per byte of notes")
        self.others(cold)

    def others(self, cold: Took) -> None:
        for name, command in (
            ("rumdl", ["rumdl", "check", "--no-cache", "--quiet", "."]),
            ("jscpd", ["jscpd", "--silent", "--pattern", "**/*.md", "."]),
        ):
            if _works(name):
                (took,) = least(self.times, lambda command=command: measure_process(command, self.root))  # type: ignore[misc]
                print(
                    f"  {name:<22}{took.wall:8.2f} s {took.cpu:8.2f} s CPU; cold is {cold.wall / took.wall:.2f} of it"
                )


def _works(name: str) -> bool:
    """Whether there is such a program; a package without its binary does not count."""
    return (
        bool(shutil.which(name))
        and not subprocess.run([name, "--version"], capture_output=True, check=False).returncode
    )


def row(name: str, took: Took, bare: Took, subject: Subject, limit: str = "") -> None:
    each = 1e6 * took.wall / len(subject.files)
    print(
        f"  {name:<22}{took.wall:8.2f} s {took.cpu:8.2f} s CPU {took.wall / bare.wall:7.2f} of bare "
        f"({took.cpu / bare.cpu:.2f} CPU) {1e6 * took.wall / subject.size:8.3f} s/MB {each:7.0f} us/note  {limit}"
    )


def large(source: Path, folder: Path, count: int, times: int, python: str) -> None:
    """Ten times the notes: time and memory of a cold run."""
    per_copy = len(list_notes(source))
    found = []
    for number in (count // 10, count):
        root = folder / f"large{number}"
        varied(source, root, -(-number // per_copy))
        for extra in list_notes(root)[number:]:
            extra.unlink()
        subject = Subject(f"{number} notes", root, times, python)
        (took,) = least(times, subject.run("--no-cache"))
        took.memory = subject.run("--no-cache", memory=True)().memory
        print(f"  {number:,} notes: {took.wall:.2f} s, {took.cpu:.2f} s CPU, {took.memory:.0f} MB")
        found.append(took)
    small, big = found
    print(
        f"  ratios: {big.wall / small.wall:.1f} wall, {big.cpu / small.cpu:.1f} CPU, "
        f"{big.memory / small.memory:.1f} memory"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--quick", action="store_true", help="one run of each")
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    times = 1 if options.quick else 5
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(str(Path(techstock.__file__).parent), quiet=1)
    corpus = get_collections() / "corpus"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copy_collection(corpus / "zettelkasten-13k.tar.gz", folder / "zettelkasten")
        for name in options.names or (() if options.large else _NAMES):
            if name == "aws-notes":
                copy_collection(corpus / name, folder / name)
            elif name == "copies":
                varied(folder / "zettelkasten", folder / name, 3)
            Subject(name, folder / name, times, options.python).report()
        if options.large:
            large(folder / "zettelkasten", folder, options.large, 1 if options.quick else 2, options.python)


if __name__ == "__main__":
    main()
