"""Elements of HTML. Every text that reaches the page passes `escape_text`; nothing else makes `Markup`."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from techstock.text.escape import escape


class Markup(str):
    """Text that is HTML already. Only functions of this module make one."""

    __slots__ = ()


Child: TypeAlias = "str | Iterable[str] | None"
"""A text, which is escaped unless it is `Markup`; several of them; or nothing."""

_VOID = frozenset({"img", "input", "meta"})
_TAGS = _VOID | {
    "a", "b", "body", "button", "circle", "code", "dd", "details", "dfn", "div", "dl", "dt", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "head", "header", "ins", "li", "line", "mark", "nav", "p", "polyline", "pre",
    "section", "small", "span", "summary", "svg", "table", "tbody", "td", "text", "textarea", "th", "thead", "title",
    "tr", "ul",
}  # fmt: skip
_ATTRIBUTE = re.compile(r"(?!on|style$)[a-z][a-z0-9-]*", re.IGNORECASE)
_SAFE_ADDRESS = re.compile(r"#|https://github\.com/|data:image/(?:webp|svg\+xml);base64,")
_ADDRESSES = frozenset({"href", "src"})
_SIGNS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escape_text(text: str) -> Markup:
    """Return a text as HTML, also for the value of an attribute; what is invisible is written as `\\u202e`.

    Line breaks stay, and a tab becomes a space.
    """
    if isinstance(text, Markup):
        return text
    if "\t" in text:
        text = text.replace("\t", " ")
    shown = "\n".join(map(escape, text.split("\n"))) if "\n" in text else escape(text)
    return Markup(shown.translate(_SIGNS))


def join_markup(children: Child, between: str = "") -> Markup:
    """Return several texts as one; each of them, and `between`, is escaped unless it is `Markup`."""
    if children is None:
        return Markup()
    if isinstance(children, str):
        return escape_text(children)
    return Markup(escape_text(between).join(map(escape_text, children)))


def make_element(tag: str, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """Return an element. `class_` and `data_rule` are the attributes `class` and `data-rule`.

    `True` is an attribute without a value; `False` and `None` are none. Raise `ValueError` for a tag or an attribute
    that the page does not use, such as one that runs a script, and for an address that would load something.
    """
    if tag not in _TAGS:
        raise ValueError(f"the page has no element {tag!r}")
    opening = f"<{tag}{''.join(_format_attribute(*pair) for pair in attributes.items())}>"
    if tag in _VOID:
        return Markup(opening)
    return Markup(f"{opening}{''.join(map(join_markup, children))}</{tag}>")


def _format_attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    if not _ATTRIBUTE.fullmatch(name):
        raise ValueError(f"the page has no attribute {name!r}")
    if value is True:
        return f" {name}"
    text = str(value)
    if name in _ADDRESSES and not _SAFE_ADDRESS.match(text):
        raise ValueError(f"the page has no address {text!r}")
    return f' {name}="{escape_text(text)}"'


def make_raw_element(tag: str, content: str) -> Markup:
    """Return a `style` or a `script` with a file of this package. Raise `ValueError` if the content would end it."""
    if tag not in ("style", "script") or re.search(r"</|<!--", content):
        raise ValueError(f"no content of {tag!r}")
    return Markup(f"<{tag}>{content}</{tag}>")
