"""The parser of notes: a pure function of their text. The only package that knows Markdown parsers."""

from operator import attrgetter

from techstock.model import Note, ParseLimits, ReadFailure, Span
from techstock.parse.fact_builder import FactBuilder
from techstock.parse.markdown_events import ParserPanicError, convert_panics, parse_events
from techstock.parse.source_text import NormalizedSource

_get_place = attrgetter("place")


def parse(path: str, text: str, level: int = 0, limits: ParseLimits | None = None) -> Note:
    """Parse `text`, as decoded (a byte order mark may lead it), as the note at `path` (below the root, with `/`).

    `level` is the configured section level, 0 where it is learned from the note; `limits` tell how much is parsed, None
    for the defaults.

    Never raises for any text: the parts that could not be parsed are listed in the note's `faults`.
    """
    source = NormalizedSource(text)
    try:
        with convert_panics():
            walk = FactBuilder(source, parse_events(source.text), limits or ParseLimits())
            walk.run()
    except ParserPanicError as error:
        return Note(path, text, level, limits, faults=(_describe_panic(error),))
    found = walk.inline
    return Note(
        path,
        text,
        level,
        limits,
        headings=tuple(walk.headings),
        blocks=tuple(walk.blocks),
        entries=tuple(walk.entries),
        images=tuple(sorted(found.images, key=_get_place)),
        links=tuple(sorted(found.links, key=_get_place)),
        spans=tuple(sorted(found.spans, key=_get_place)),
        strays=tuple(found.strays),
        directives=tuple(found.directives),
        faults=tuple(walk.faults),
    )


def reparse(note: Note, text: str) -> Note:
    """Parse another text as this note's, with its path, section level and limits."""
    return parse(note.path, text, note.level, note.limits)


def _describe_panic(error: ParserPanicError) -> ReadFailure:
    """Return the fault of a note on which the Markdown parser fails."""
    message = f"the Markdown parser has a defect and cannot read this note ({str(error)[:80]})"
    return ReadFailure(Span(0, 0), "failed", message, "report the defect, with the smallest note that shows it")
