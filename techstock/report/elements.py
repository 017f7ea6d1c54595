"""Parts that all sections of the page are made of: places, texts with their language, long lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from techstock.report.language import LanguageMarker
from techstock.report.markup import Child, Markup, escape_text, join_markup, make_element
from techstock.report.words import Words

MAX_ROWS = 300  # in one element: a browser lays out so many at once


class PageContext(NamedTuple):
    """The context of all sections: the words, and `repository`, the address of the files on github.com, or ""."""

    words: Words
    marker: LanguageMarker
    repository: str = ""


class PageSection(NamedTuple):
    """A section of the page: its key in the table of words, the number beside its name, and its content."""

    key: str
    total: int
    content: Markup


def make_place(context: PageContext, path: str, line: int = 0) -> Markup:
    """Return `path:line`, as a link to the file on github.com if the repository is there."""
    shown = f"{path}:{line}" if line else path
    if not context.repository:
        return make_element("span", shown, class_="at")
    anchor = f"?plain=1#L{line}" if line else ""
    address = f"{context.repository}{quote(path.encode('utf-8', 'surrogateescape'))}{anchor}"
    return make_element("a", shown, class_="at", href=address, rel="noreferrer")


def make_places(context: PageContext, places: Sequence[tuple[str, int]], most: int) -> Markup:
    """Return a line of places, of those beyond `most` their number; without links it is plain text, which is short."""
    shown = [
        make_place(context, *place) if context.repository else escape_text(f"{place[0]}:{place[1]}")
        for place in places[:most]
    ]
    if len(places) > most:
        shown.append(escape_text(context.words.say("and-more", count=len(places) - most)))
    return make_element("small", join_markup(shown, ", "))


def make_message(text: str) -> Markup:
    """Return a message with code for what is in backticks."""
    pieces = re.split(r"`([^`]+)`", text)
    return join_markup(make_element("code", piece) if at % 2 else piece for at, piece in enumerate(pieces))


def make_text(context: PageContext, tag: str, text: str, content: Child = None, class_: str | None = None) -> Markup:
    """Return an element with text of a note in its language; `content` is the same text with marks or links."""
    return make_element(tag, text if content is None else content, class_=class_, lang=context.marker.find_lang(text))


def make_long_list(context: PageContext, rows: Sequence[Markup], class_: str) -> Markup:
    """Return a list of all rows; those beyond the first are in closed elements, so that opening stays fast."""
    parts = [rows[at : at + MAX_ROWS] for at in range(0, len(rows), MAX_ROWS)]
    return Markup("".join(_iter_parts(context, parts, class_)))


def _iter_parts(context: PageContext, parts: Iterable[Sequence[Markup]], class_: str) -> Iterator[Markup]:
    for number, part in enumerate(parts):
        # A blank line is between two rows and in none, so that the script tells them apart in the text of the list.
        rows = Markup("\n\n".join(row.replace("\n\n", "\n \n") for row in part))
        content = make_element("ul", rows, class_=f"list {class_}")
        if number:
            content = make_fold(context.words.say("more", count=len(part)), content, class_="more")
        yield content


def make_fold(
    head: Child, *content: Child, class_: str | None = None, open_: bool = False, id_: str | None = None
) -> Markup:
    """Return what opens at a click, also without JavaScript."""
    return make_element("details", make_element("summary", head), *content, class_=class_, open=open_, id=id_)


def make_lead(context: PageContext, key: str) -> Markup:
    """Return the sentence at the top of a section."""
    return make_element("p", context.words.say(key), class_="lead")
