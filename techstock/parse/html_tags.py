"""`<img>` tags and comments in pieces of HTML."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_START = re.compile(r"<!--|<img(?=[\s/>])", re.I)
# Attribute values may hold `>`; an unquoted `<` ends the attempt, so that many unclosed tags cost linear time.
_IMAGE = re.compile(r"""<img(?P<img>(?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.I)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_ADDRESS = "techstock:"


class ImageTag(NamedTuple):
    """An `<img>`: `text[start:end]`, its `src` value at `source` (empty range where it has none)."""

    start: int
    end: int
    source: tuple[int, int]
    target: str
    alt: str


class DirectiveComment(NamedTuple):
    """A comment that reads `techstock: VERB ARGUMENTS`."""

    start: int
    end: int
    verb: str
    arguments: str


def find_images_and_comments(text: str, start: int, end: int) -> Iterator[ImageTag | DirectiveComment]:
    """Yield the images and techstock comments of `text[start:end]`; an `<img>` inside a comment is none."""
    while match := _START.search(text, start, end):
        start = match.end()
        if match[0] == "<!--":
            close = text.find("-->", start, end)
            if close < 0:
                return
            if comment := _comment(text, match.start(), close):
                yield comment
            start = close + 3
        elif image := _IMAGE.match(text, match.start(), end):
            yield _image(image)
            start = image.end()


def _comment(text: str, start: int, close: int) -> DirectiveComment | None:
    content = text[start + 4 : close].strip()
    if not content.startswith(_ADDRESS):
        return None
    verb, *rest = content.removeprefix(_ADDRESS).split(maxsplit=1) or [""]
    return DirectiveComment(start, close + 3, verb, rest[0] if rest else "")


def _image(match: re.Match[str]) -> ImageTag:
    values: dict[str, tuple[int, int, str]] = {}
    for attribute in _ATTRIBUTE.finditer(match.string, *match.span("img")):
        quoted = attribute[2] is not None and attribute[2][0] in "\"'"
        start, end = attribute.span(2) if attribute[2] is not None else (attribute.end(),) * 2
        if quoted:
            start, end = start + 1, end - 1
        values.setdefault(attribute[1].lower(), (start, end, unescape(match.string[start:end])))
    start, end, target = values.get("src", (match.start(), match.start(), ""))
    return ImageTag(match.start(), match.end(), (start, end), target, values.get("alt", (0, 0, ""))[2])
