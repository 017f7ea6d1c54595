"""Comments in a note that suppress rules, as data."""

from typing import TYPE_CHECKING

import msgspec

from techstock.model.span import Span

if TYPE_CHECKING:
    from techstock.model.note import Note


class Suppression(msgspec.Struct, frozen=True):
    """One rule that one comment ignores.

    A problem of `rule` that begins within `covers` is not reported. With `other`, only the pair that it makes with the
    entry of that address is ignored: `PATH#NAME`, the path as a link in this note would give it. `comment` is all of
    the comment, `name` the rule's name in it. `ends` are the same two of the `ignore-end` that closes an
    `ignore-start`; where that names no rule, the comment twice.
    """

    rule: str
    comment: Span
    name: Span
    covers: Span
    other: str = ""
    ends: tuple[Span, ...] = ()

    def applies_to(self, place: Span) -> bool:
        """Return whether a span of the same note begins in the range that this suppression covers."""
        return self.covers.start <= place.start <= self.covers.end


class InvalidComment(msgspec.Struct, frozen=True):
    """An invalid comment to techstock, which ignores nothing; `verb` is its verb if that is unknown, else empty."""

    place: Span
    message: str
    help: str = ""
    verb: str = ""


class NoteSuppressions(msgspec.Struct, frozen=True):
    """The effect of one note's suppressions in a run, for the rules about comments.

    `unused` are the suppressions that silenced nothing although their rule ran on the note. `known` are the names of
    all rules, `paired` of those that compare two things, `fixed` of those that no comment can ignore.
    """

    note: "Note"
    unused: tuple[Suppression, ...] = ()
    known: frozenset[str] = frozenset()
    paired: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
