"""`<img>` tags and comments in pieces of HTML."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

# Attribute values may hold `>`; an unquoted `<` ends the attempt, so that many unclosed tags cost linear time.
_TAG = re.compile(r"""<!--(?P<comment>.*?)-->|<img(?=[\s/>])(?P<img>(?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.S | re.I)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_DIRECTIVE = re.compile(r"\s*techstock:\s*([a-z-]+)\s*(.*?)\s*", re.S)


class Tag(NamedTuple):
    """An `<img>`: `text[start:end]`, its `src` value at `source` (empty range where it has none)."""

    start: int
    end: int
    source: tuple[int, int]
    target: str
    alt: str


class Comment(NamedTuple):
    """A comment that reads `techstock: VERB ARGUMENTS`."""

    start: int
    end: int
    verb: str
    arguments: str


def tags(text: str, start: int, end: int) -> Iterator[Tag | Comment]:
    """The images and techstock comments of `text[start:end]`; an `<img>` inside a comment is none."""
    for match in _TAG.finditer(text, start, end):
        if match["img"] is not None:
            yield _image(match)
        elif directive := _DIRECTIVE.fullmatch(match["comment"]):
            yield Comment(match.start(), match.end(), directive[1], directive[2])


def _image(match: re.Match[str]) -> Tag:
    values: dict[str, tuple[int, int, str]] = {}
    for attribute in _ATTRIBUTE.finditer(match.string, *match.span("img")):
        quoted = attribute[2] is not None and attribute[2][0] in "\"'"
        start, end = attribute.span(2) if attribute[2] is not None else (attribute.end(),) * 2
        if quoted:
            start, end = start + 1, end - 1
        values.setdefault(attribute[1].lower(), (start, end, unescape(match.string[start:end])))
    start, end, target = values.get("src", (match.start(), match.start(), ""))
    return Tag(match.start(), match.end(), (start, end), target, values.get("alt", (0, 0, ""))[2])
