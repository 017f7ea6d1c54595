"""The examples in a rule's page: fences marked `markdown bad` or `markdown good`.

In `markdown bad file=01-10.md allow=[2]`, `file` is the note's path (default `note.md`), `beside` a list of other files
(techstock/sketch.py), other words are options of the rule as TOML. Fences that follow each other with nothing but blank
lines between, with one verdict and different files, form one corpus.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from techstock.model import Corpus
from techstock.sketch import Sketch

_FENCE = re.compile(
    r"^(?P<fence>`{3,})markdown[ ]+(?P<verdict>bad|good)(?P<words>[^\n]*)\n(?P<text>.*?)^(?P=fence)[ ]*$\n?",
    re.M | re.S,
)
_WORD = re.compile(r"([\w-]+)=(\[[^\]]*\]|\"[^\"]*\"|\S+)")


class Example(NamedTuple):
    """Notes that must be reported (`bad`) or must not be, with the options of the rule.

    `end` is where the last of its fences ends in the page.
    """

    bad: bool
    files: dict[str, str]
    options: dict[str, Any]
    end: int
    beside: tuple[str, ...] = ()


def examples(page: str) -> Iterator[Example]:
    """The examples of a page, in its order."""
    current: Example | None = None
    for match in _FENCE.finditer(page):
        bad = match["verdict"] == "bad"
        words = dict(_WORD.findall(match["words"]))
        path = words.pop("file", "note.md")
        options = {key: _value(value) for key, value in words.items()}
        beside = options.pop("beside", ())
        together = current is not None and not page[current.end : match.start()].strip()
        if current and together and bad == current.bad and path not in current.files and options == current.options:
            files = current.files | {path: match["text"]}
            current = current._replace(files=files, end=match.end(), beside=(*current.beside, *beside))
            continue
        if current:
            yield current
        current = Example(bad, {path: match["text"]}, options, match.end(), beside)
    if current:
        yield current


def corpus(example: Example) -> Corpus:
    """The notes of an example, and the files it speaks of."""
    from techstock.parse import parse

    notes = tuple(parse(path, text) for path, text in sorted(example.files.items()))
    return Corpus(notes, files=Sketch(example.files, example.beside))


def _value(text: str) -> Any:
    import tomllib

    value = tomllib.loads(f"value = {text}")["value"]
    return tuple(value) if isinstance(value, list) else value
