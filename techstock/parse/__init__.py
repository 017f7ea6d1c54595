"""Parse a note: a pure function of its text. The only package that knows markdown-it-py."""

from techstock.model import Image, Link, Note, Place, Span
from techstock.parse.markdown import Env, blocks
from techstock.parse.source import Source
from techstock.parse.walk import Walk

__all__ = ["parse"]


def parse(path: str, text: str) -> Note:
    """The note at `path` (below the root, with `/`) whose decoded text is `text`; a byte order mark may lead it.

    Never raises for any text: what could not be parsed is among the note's `faults`.
    """
    source = Source(text)
    env = Env()
    walk = Walk(source, env)
    walk.run(blocks(source.text, env))
    found = walk.inline
    return Note(
        path,
        text,
        tuple(walk.headings),
        tuple(walk.blocks),
        tuple(walk.entries),
        tuple(sorted(found.images, key=_where)),
        tuple(sorted(found.links, key=_where)),
        tuple(sorted(found.spans, key=_where)),
        tuple(found.strays),
        tuple(found.directives),
        tuple(walk.faults()),
    )


def _where(fact: Image | Link | Span) -> Place:
    return fact.place
