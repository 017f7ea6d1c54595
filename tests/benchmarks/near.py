"""How the search for near duplicates grows: `TECHSTOCK_COLLECTIONS=… python -m tests.benchmarks.near [ENTRIES]`.

Real entries, Japanese and English, are drawn with replacement up to ENTRIES (400,000) at 8x, and in each between three
tenths and nine tenths of the words are replaced by words of the same script, as frequent as they are in the notes. So
new text comes with every step, as in notes that grow, and the frequencies stay real. All entries are one scope.

Prints seconds of CPU of the search, the ratio to half as many entries, and the peak memory of the process (MB; before
the search, and after).
"""

import random
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import msgspec

from techstock.model import Corpus
from techstock.parse import parse
from techstock.similarity.near import near
from techstock.similarity.units import Unit, units
from techstock.similarity.views import Views
from techstock.similarity.words import plain, weight
from tests.support import collections

_COLLECTIONS = ("aws-notes", "misaka-saa", "kottiee-saa-ja", "til")
_WORD = re.compile(r"[\u3040-\u309f]+|[\u30a0-\u30ff]+|[\u3400-\u9fff]+|[A-Za-z]+|[0-9]+")
_LAST = (("digit", "9"), ("latin", "z"), ("hiragana", "\u309f"), ("katakana", "\u30ff"), ("ideograph", "\u9fff"))


def notes(folder: Path) -> Corpus:
    paths = sorted(path for name in _COLLECTIONS for path in (folder / "corpus" / name).rglob("*.md"))
    texts = ((path, path.read_text("utf-8", "replace")) for path in paths)
    return Corpus(tuple(parse(path.relative_to(folder).as_posix(), text) for path, text in texts), "corpus")


def script(word: str) -> str:
    return next(name for name, last in _LAST if word[0] <= last)


def varied(real: list[Unit], count: int, seed: int = 3) -> Iterator[Unit]:
    chance = random.Random(seed)  # noqa: S311 - no secret, the same texts each time
    words: dict[str, list[str]] = {}
    for unit in real:
        for word in _WORD.findall(unit.text):
            words.setdefault(script(word), []).append(word)
    for _ in range(count):
        unit, share = chance.choice(real), chance.uniform(0.3, 0.9)

        def other(match: re.Match[str], share: float = share) -> str:
            return chance.choice(words[script(match[0])]) if chance.random() < share else match[0]

        text = _WORD.sub(other, unit.text)
        own = plain(text)
        yield msgspec.structs.replace(unit, text=text, own=own, weight=weight(own))


def peak() -> int:
    """The most memory that this process had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 400_000
    corpus = notes(collections())
    real = units(corpus)
    sys.stdout.write(f"{len(real):,} real entries in {len(corpus.notes):,} notes\n")
    before = 0.0
    for count in (most // 8, most // 4, most // 2, most):
        views = Views(corpus, list(varied(real, count)), "corpus")
        held, start = peak(), process_time()
        found = sum(1 for _ in near(views))
        seconds = process_time() - start
        ratio = f"{seconds / before:.2f}x" if before else ""
        memory = f"{held} MB, then {peak()} MB"
        sys.stdout.write(f"{count:>9,} entries {seconds:7.2f} s {ratio:>6}  {found:>7,} pairs  {memory}\n")
        sys.stdout.flush()
        before = seconds


if __name__ == "__main__":
    main()
