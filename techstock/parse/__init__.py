"""The parser of notes: a pure function of their text. The only package that knows markdown-it-py."""

from techstock.model import Image, Limits, Link, Note, Place, Span
from techstock.parse.markdown import Env, blocks
from techstock.parse.source import Source
from techstock.parse.walk import Walk

__all__ = ["again", "parse"]


def parse(path: str, text: str, level: int = 0, limits: Limits | None = None) -> Note:
    """Parse `text`, as decoded (a byte order mark may lead it), as the note at `path` (below the root, with `/`).

    `level` is the configured section level, 0 where it is learned from the note; `limits` tell how much is parsed, None
    for the defaults.

    Never raises for any text: the parts that could not be parsed are listed in the note's `faults`.
    """
    source = Source(text)
    env = Env(limits or Limits())
    walk = Walk(source, env)
    walk.run(blocks(source.text, env))
    found = walk.inline
    return Note(
        path,
        text,
        level,
        limits,
        headings=tuple(walk.headings),
        blocks=tuple(walk.blocks),
        entries=tuple(walk.entries),
        images=tuple(sorted(found.images, key=_where)),
        links=tuple(sorted(found.links, key=_where)),
        spans=tuple(sorted(found.spans, key=_where)),
        strays=tuple(found.strays),
        directives=tuple(found.directives),
        faults=tuple(walk.faults()),
    )


def again(note: Note, text: str) -> Note:
    """Parse another text as this note's, with its path, section level and limits."""
    return parse(note.path, text, note.level, note.limits)


def _where(fact: Image | Link | Span) -> Place:
    return fact.place
