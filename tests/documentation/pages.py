"""The pages that people write and read: their fences, in order, and what they name in code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SHOWN = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md")])
"""The pages in which commands are shown with their output."""
EVERY = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/rules/*.md")])
"""All pages but decisions, which tell what was true on their day."""

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<mark>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)(?P=mark) *$"
    r"|<!-- scene: (?P<scene>\S+) -->",
    re.M | re.S,
)


class Block(NamedTuple):
    """A fence, or a comment that sets the scene (language `scene`, the text is what it names).

    `start` and `end` are where the text stands in the page, `indent` what stands before each of its lines there.
    """

    language: str
    words: dict[str, str]
    text: str
    start: int
    end: int
    indent: str


def name(page: Path) -> str:
    """The path of a page below the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(text: str) -> Iterator[Block]:
    """Every fence, and every comment that sets a scene."""
    for found in _FENCE.finditer(text):
        if found["scene"]:
            yield Block("scene", {}, found["scene"], *found.span("scene"), "")
            continue
        language, *words = found["info"].split() or [""]
        named = {key: value for key, _, value in (word.partition("=") for word in words)}
        indent = found["indent"]
        plain = re.sub(f"^{indent}", "", found["text"], flags=re.M) if indent else found["text"]
        yield Block(language, named, plain, *found.span("text"), indent)


def outside(text: str) -> str:
    """The page without its fences."""
    return _FENCE.sub("", text)


def spans(text: str) -> list[str]:
    """The inline code of a page, each span on one line."""
    return [
        " ".join(found[2].split()) for found in re.finditer(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", outside(text), re.S)
    ]
