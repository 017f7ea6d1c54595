"""A table in Markdown, whose places are links that lead to the line on GitHub."""

import re
from collections.abc import Iterator, Sequence

from techstock.formats._report import Report
from techstock.formats.terms._spots import Spot, by_definition, written
from techstock.survey.terms import Term
from techstock.text.escape import escape
from techstock.text.percent import encoded

# ASCII punctuation may be escaped, and is then text. `&`, `<` and `@` would begin references, tags and mentions.
_MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|~$^=:>/.-]")
_REFERENCES = {"&": "&amp;", "<": "&lt;", "@": "&#64;"}


def render(terms: Sequence[Term], report: Report) -> Iterator[str]:
    """Yield the head of the table, and a row for each term."""
    if not terms:
        return
    yield "| term | definition | places |\n| --- | --- | --- |\n"
    for term in terms:
        texts: list[str] = []
        links: list[str] = []
        for text, spots in by_definition(term, report):
            texts += [_shown(line) for line in text.split("\n") if line]
            links += map(_link, spots)
        yield f"| {_shown(term.term)} | {'<br>'.join(texts)} | {'<br>'.join(links)} |\n"


def _link(spot: Spot) -> str:
    path, line = spot
    return f"[{_shown(written(spot))}]({encoded(path)}?plain=1#L{line})"


def _shown(text: str) -> str:
    marked = _MARKUP.sub(r"\\\g<0>", escape(text))
    return "".join(_REFERENCES.get(character, character) for character in marked)
