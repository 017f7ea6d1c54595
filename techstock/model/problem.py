"""Problems, which rules yield, diagnostics, which the engine makes of them, and comments that suppress them."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import replace

from techstock.model.span import Span

if TYPE_CHECKING:
    from techstock.model.note import Note

ERROR: Final = "error"
WARNING: Final = "warning"
INFO: Final = "info"
OFF: Final = "off"
LEVELS: Final = (ERROR, WARNING, INFO, OFF)


class RelatedSpan(msgspec.Struct, frozen=True):
    """Another span that belongs to a problem, with a message about it."""

    place: Span
    message: str


class Edit(msgspec.Struct, frozen=True):
    """A replacement of the text at `place` by `text`; line ends in `text` are `\\n`, the writer puts the note's own."""

    place: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """A group of edits that do not overlap and are applied together.

    `safe` is true where the rendered note changes only as the message says. `meant` are edits of the same text that
    write with HTML what the fix is to achieve: an unsafe fix is offered, and a safe one applied, only if both are
    rendered alike. `meant` is empty in an unsafe fix that is offered.
    """

    message: str
    edits: tuple[Edit, ...]
    safe: bool = True
    meant: tuple[Edit, ...] = ()


class ProblemPart(msgspec.Struct, frozen=True):
    """A problem of `rule` as it would be reported alone."""

    rule: str
    problem: "Problem"


class ProblemGroup(msgspec.Struct, frozen=True):
    """Problems with one cause, such as a pasted chapter: each part is one thing that is written twice.

    The group is reported at the end of its parts that is in the note `home`. In `message`, `{count}` is the number of
    parts; `again` and `first` are the texts below the two excerpts.
    """

    home: str
    kind: str
    message: str
    again: str
    first: str
    help: str
    parts: tuple[ProblemPart, ...]

    def select_parts(self, parts: Iterable[ProblemPart]) -> "ProblemGroup":
        """Return the same group with some of its parts."""
        return replace(self, parts=tuple(parts))

    def build_problem(self) -> "Problem":
        """Return the parts as one problem, whose place spans all that is repeated. Every place must have a path."""
        ends: tuple[list[Span], list[Span]] = ([], [])
        rest: set[Span] = set()
        for part in self.parts:
            kept, *others = [one.place for one in part.problem.related] or [part.problem.place]
            both = sorted((kept, part.problem.place), key=lambda place: (place.path == self.home, place))
            for spans, place in zip(ends, both, strict=True):
                spans.append(place)
            rest.update(others)
        scores = [part.problem.data.get("score", 0.0) for part in self.parts]
        first, again = (Span(min(spans).start, max(place.end for place in spans), spans[0].path) for spans in ends)
        return Problem(
            again,
            self.message.replace("{count}", str(len(self.parts))),
            label=self.again,
            related=(
                RelatedSpan(first, self.first),
                *(
                    RelatedSpan(place, "one of them also here")
                    for place in sorted(rest, key=lambda one: (one.path, one))
                ),
            ),
            help=self.help,
            data={"kind": self.kind, "entries": len(self.parts), "score": round(sum(scores) / len(scores), 3)},
            group=self,
        )


MIN_GROUPED: Final = 3
"""As many parts make a group; fewer are reported one by one."""


class SharedCause(msgspec.Struct, frozen=True):
    """A cause that many problems of a rule may have, such as one wrong prefix of paths: people get these as one.

    `key` tells the causes of a rule apart; `prefix` is the beginning of what is written wrong. In `message` and `help`,
    `{count}` is the number of problems, `{prefix}` what is common to their prefixes, `{glob}` a glob of what they name.
    """

    key: str
    prefix: str
    message: str
    help: str


class Problem(msgspec.Struct, frozen=True):
    """A problem in a note: a message, its span, the other half (`related`) and a remedy (`help`, `fix`).

    `label` is the text below the marked excerpt. A span without a path is in the note that the rule was given.
    `data` holds plain values for machines and is documented on the rule's page. `differs` are spans within `place` or
    a related one, of one line each, whose characters the other copy does not have; they are only for highlighting.
    `ignored` is the name of the rule in each comment that suppresses this problem: a rule that joins problems to
    one must know which remain, and yields those that do not. `group` are the problems that this one stands for,
    `causes` are what it may share with others.
    """

    place: Span
    message: str
    label: str = ""
    related: tuple[RelatedSpan, ...] = ()
    help: str = ""
    fix: Fix | None = None
    data: dict[str, Any] = {}
    differs: tuple[Span, ...] = ()
    ignored: tuple[Span, ...] = ()
    group: ProblemGroup | None = None
    causes: tuple[SharedCause, ...] = ()

    @property
    def fixed_paths(self) -> frozenset[str]:
        """Return the paths of the notes that the fix changes; none without a fix."""
        return frozenset(edit.place.path for edit in self.fix.edits) if self.fix else frozenset()

    def list_edits_of(self, path: str) -> list[Edit]:
        """Return the edits of the fix that change one note."""
        return [edit for edit in self.fix.edits if edit.place.path == path] if self.fix else []


class Diagnostic(msgspec.Struct, frozen=True, dict=True):
    """A problem with the rule that found it, its severity, and the normalised, sorted texts at its spans (`marked`).

    Every span in it has its path. `parts` are the diagnostics that it stands for, if its problem is a group: each of
    them is suppressed, known or changed for itself, whatever becomes of the others.
    """

    rule: str
    severity: str
    problem: Problem
    marked: tuple[str, ...]
    parts: tuple["Diagnostic", ...] = ()

    def list_parts(self) -> tuple["Diagnostic", ...]:
        """Return the diagnostics that this one stands for; itself if it is no group."""
        return self.parts or (self,)

    @cached_property
    def fingerprint(self) -> str:
        """Return a digest of the rule and of the texts at its spans; 20 hexadecimal digits.

        It does not depend on line numbers, paths, the wording of messages, or on which of several copies comes first.
        Two findings in text that reads the same have one fingerprint, so a comparison must count them. Computed when
        first needed: `hashlib` takes long to load.
        """
        from hashlib import sha256

        return sha256("\0".join((self.rule, *self.marked)).encode("utf-8", "surrogatepass")).hexdigest()[:20]


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
