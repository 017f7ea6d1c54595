"""A table in Markdown, whose places are links that lead to the line on GitHub."""

import re
from collections.abc import Iterator, Sequence

from techstock.formats._report import Report
from techstock.formats.terms._spots import by_definition, spot
from techstock.model import Place
from techstock.survey.terms import Term
from techstock.text.escape import escape
from techstock.text.percent import encoded

# ASCII punctuation may be escaped, and is then text. `&`, `<` and `@` would begin references, tags and mentions.
_MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|~$^=:>/.-]")
_REFERENCES = {"&": "&amp;", "<": "&lt;", "@": "&#64;"}


def render(terms: Sequence[Term], report: Report) -> Iterator[str]:
    """The head of the table, and a row for each term; several definitions are numbered."""
    if not terms:
        return
    yield "| term | definition | places |\n| --- | --- | --- |\n"
    for term in terms:
        texts, links = [], []
        for text, places in by_definition(term):
            texts += [_shown(line) for line in text.split("\n") if line]
            links += [_link(place, report) for place in places]
        yield f"| {_shown(term.term)} | {'<br>'.join(texts)} | {'<br>'.join(links)} |\n"


def _link(place: Place, report: Report) -> str:
    name = spot(place, report)
    return f"[{_shown(name)}]({encoded(place.path)}?plain=1#L{name.rpartition(':')[2]})"


def _shown(text: str) -> str:
    marked = _MARKUP.sub(r"\\\g<0>", escape(text))
    return "".join(_REFERENCES.get(character, character) for character in marked)
