"""HTML in a note: tags that may lead somewhere, and comments to techstock."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from techstock.text.html_entities import unescape_entities
from techstock.text.lazy_patterns import compile_lazily

TARGET_ATTRIBUTES = {
    "a": ("href",),
    "area": ("href",),
    "audio": ("src",),
    "iframe": ("src",),
    "img": ("src",),
    "source": ("src",),
    "video": ("src", "poster"),
}
"""The attributes that lead somewhere, by the name of the tag."""
_START = compile_lazily(rf"<!--|<(?:{'|'.join(TARGET_ATTRIBUTES)})(?=[\s/>])", re.I)
# Attribute values may hold `>`; an unquoted `<` ends the attempt, so that many unclosed tags cost linear time.
_TAG = compile_lazily(r"""<(?P<name>\w+)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = compile_lazily(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_ADDRESS = "techstock:"


class AttributeValue(NamedTuple):
    """The value of an attribute, its entities resolved; it is written at `text[start:end]`."""

    start: int
    end: int
    text: str


class Tag(NamedTuple):
    """A tag of HTML that may lead somewhere, `text[start:end]`; names are in lower case."""

    start: int
    end: int
    name: str
    attributes: dict[str, AttributeValue]


class DirectiveComment(NamedTuple):
    """A comment that reads `techstock: VERB ARGUMENTS`."""

    start: int
    end: int
    verb: str
    arguments: str


def find_tags_and_comments(text: str, start: int, end: int) -> Iterator[Tag | DirectiveComment]:
    """Yield the tags that may lead somewhere and the techstock comments of `text[start:end]`; a comment has no tags."""
    while match := _START.search(text, start, end):
        start = match.end()
        if match[0] == "<!--":
            close = text.find("-->", start, end)
            if close < 0:
                return
            if comment := _comment(text, match.start(), close):
                yield comment
            start = close + 3
        elif tag := _TAG.match(text, match.start(), end):
            yield Tag(tag.start(), tag.end(), tag["name"].lower(), _parse_attributes(tag))
            start = tag.end()


def _comment(text: str, start: int, close: int) -> DirectiveComment | None:
    content = text[start + 4 : close].strip()
    if not content.startswith(_ADDRESS):
        return None
    verb, *rest = content.removeprefix(_ADDRESS).split(maxsplit=1) or [""]
    return DirectiveComment(start, close + 3, verb, rest[0] if rest else "")


def _parse_attributes(tag: re.Match[str]) -> dict[str, AttributeValue]:
    """Return the attributes of a tag; of those with one name the first counts, as in browsers."""
    values: dict[str, AttributeValue] = {}
    for attribute in _ATTRIBUTE.finditer(tag.string, *tag.span("attributes")):
        quoted = attribute[2] is not None and attribute[2][0] in "\"'"
        start, end = attribute.span(2) if attribute[2] is not None else (attribute.end(),) * 2
        if quoted:
            start, end = start + 1, end - 1
        values.setdefault(attribute[1].lower(), AttributeValue(start, end, unescape_entities(tag.string[start:end])))
    return values
