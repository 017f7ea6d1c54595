"""A table in Markdown, whose places are links that lead to the line on GitHub."""

import re
from collections.abc import Iterator, Sequence

from techstock.formats._report import PROGRAMS, Report
from techstock.formats.terms._locations import LineLocation, format_line_location, group_by_definition
from techstock.survey.term_index import IndexedTerm
from techstock.text.escape import escape
from techstock.text.percent_encoding import percent_encode

AUDIENCE = PROGRAMS

# ASCII punctuation may be escaped, and is then text. `&`, `<` and `@` would begin references, tags and mentions.
_MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|~$^=:>/.-]")
_CHARACTER_REFERENCES = {"&": "&amp;", "<": "&lt;", "@": "&#64;"}


def render(terms: Sequence[IndexedTerm], report: Report) -> Iterator[str]:
    """Yield the head of the table, and a row for each term."""
    if not terms:
        return
    yield "| term | definition | places |\n| --- | --- | --- |\n"
    for term in terms:
        texts: list[str] = []
        links: list[str] = []
        for text, spots in group_by_definition(term, report):
            texts += [_escape_markdown(line) for line in text.split("\n") if line]
            links += map(_format_link, spots)
        yield f"| {_escape_markdown(term.term)} | {'<br>'.join(texts)} | {'<br>'.join(links)} |\n"


def _format_link(spot: LineLocation) -> str:
    path, line = spot
    return f"[{_escape_markdown(format_line_location(spot))}]({percent_encode(path)}?plain=1#L{line})"


def _escape_markdown(text: str) -> str:
    marked = _MARKUP.sub(r"\\\g<0>", escape(text))
    return "".join(_CHARACTER_REFERENCES.get(character, character) for character in marked)
