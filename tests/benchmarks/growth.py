"""Notes that grow as real ones do: varied text of real notes, as much of it as is asked for."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from techstock.model import Note
from techstock.parse import parse

_COLLECTIONS = ("aws-notes", "misaka-saa", "kottiee-saa-ja", "til", "techstay-notes")  # Japanese and English
# Words, and what stands for itself: code and addresses stay as they are.
_WORD = re.compile(
    r"`[^`\n]*`|https?://\S+|([\u3040-\u309f]+|[\u30a0-\u30ff]+|[\u3400-\u9fff]+|[A-Za-z]+|[0-9]+)",
)
_LAST = (("digit", "9"), ("latin", "z"), ("hiragana", "\u309f"), ("katakana", "\u30ff"), ("ideograph", "\u9fff"))
_COPIED, _EDITED = 0.04, 0.08  # of the lines: copied from an earlier note, and copied with few changes


def grow_collection(folder: Path, count: int, seed: int = 3) -> Iterator[Note]:
    """Make notes with `count` entries or a few more, the same each time.

    Each is made from a real note: between three tenths and nine tenths of the words of a line are replaced by words of
    the same script, as frequent as they are in the notes, so that new text comes with every note. Four lines in a
    hundred are copies of a line that came before, and four more are such copies with a few words replaced.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret, the same notes each time
    texts = _texts(folder)
    words = _words(text for group in texts for text in group)
    lines: list[str] = []
    number = 0
    while count > 0:
        original = chance.choice(chance.choice(texts))
        changed = [_line(line, lines, words, chance) for line in original.split("\n")]
        lines += [line for line in changed if line.lstrip().startswith("- ") and chance.random() < 0.2]
        del lines[:-20_000]
        note = parse(f"{number // 40:04}/{number:06}.md", "\n".join(changed))
        number += 1
        if note.entries:
            count -= len(note.entries)
            yield note


def _texts(folder: Path) -> list[list[str]]:
    """The texts of the notes with a list, one group for each collection."""
    return [
        [text for path in sorted((folder / "corpus" / name).rglob("*.md")) if "\n- " in (text := _read(path))]
        for name in _COLLECTIONS
    ]


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace")


def _words(texts: Iterator[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        for word in _WORD.findall(text):
            if word:
                found.setdefault(_script(word), []).append(word)
    return found


def _script(word: str) -> str:
    return next(name for name, last in _LAST if word[0] <= last)


def _line(line: str, before: list[str], words: dict[str, list[str]], chance: random.Random) -> str:
    share, kind = chance.uniform(0.3, 0.9), chance.random()
    if before and kind < _EDITED and line.startswith("- "):
        line, share = chance.choice(before), 0.0 if kind < _COPIED else 0.05

    def other(match: re.Match[str]) -> str:
        return chance.choice(words[_script(match[1])]) if match[1] and chance.random() < share else match[0]

    return _WORD.sub(other, line)
