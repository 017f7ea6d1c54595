"""Facts: the content of a note as the parser found it, plain data with exact offsets.

Facts are a pure function of the note's bytes, so they carry no path and can be kept between runs. They are msgspec
structs written as arrays: decoding a kept corpus costs less than reading it (docs/decisions/0002).
"""

import msgspec

from techstock.model.span import Span


class SectionNumber(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The section number at the start of a heading: `61.`, `03`, `第 3 分野`, `31-40`.

    `last` differs from `value` only for a range heading, which is about a whole file and is no section number.
    `digits` are the digits as written, `mark` what ends them (`.`, `)`, or nothing), `label` the word before them.
    """

    place: Span
    value: int
    last: int
    digits: str
    mark: str = ""
    label: str = ""

    @property
    def is_range(self) -> bool:
        return self.last != self.value


class Heading(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A heading; `place` runs from its marker to the end of its text.

    `level` is 1 to 6, `title` the text as written without marker, at `text`. `entry` is the index of the entry that
    holds it (-1: none), `block` its index among the blocks.
    """

    place: Span
    text: Span
    level: int
    title: str
    numeral: SectionNumber | None = None
    entry: int = -1
    block: int = -1


class Block(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A leaf block or a list, in document order.

    `kind` is one of `heading`, `paragraph`, `fence`, `code` (indented), `html`, `table`, `rule`, `list`,
    `front-matter`. `texts` are the pieces of running text inside, one for each line of a paragraph or cell of a table.
    `entry` is the index of the innermost entry that holds the block (-1: none), `quotes` the number of block quotes
    around it. `info` is a fence's info string; `closed` is false for a fence or a `<!--` that runs to the end of its
    container.
    """

    place: Span
    kind: str
    texts: tuple[Span, ...] = ()
    entry: int = -1
    quotes: int = 0
    info: str = ""
    closed: bool = True


class Entry(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A list item; `place` runs from its marker to the end of its last block.

    `head` is the text of its first paragraph (empty when it begins with something else). A *term entry* has `term`
    and `colon`; `name` is the term without emphasis, `definition` what follows the colon in the head (empty when
    nothing does). `depth` is 1 at the top, `parent` the index of the entry around it (-1: none), `list` the index of
    its list among the blocks. `opens` is the kind of the item's first block (empty: the item is empty).
    """

    place: Span
    marker: Span
    head: Span
    depth: int
    parent: int
    list: int
    opens: str = ""
    ordered: bool = False
    term: Span | None = None
    colon: Span | None = None
    definition: Span | None = None
    name: str = ""


class Image(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An image; `place` is all of its source, `at` the destination or `src` value within (or in its definition).

    `kind` is `inline`, `reference`, `html` (`<img>`) or `wiki` (`![[x.png]]`). `target` is the destination with
    escapes and entities resolved, not percent-decoded. `linked` is true for an image inside a link.
    """

    place: Span
    kind: str
    target: str
    at: Span
    alt: str = ""
    block: int = -1
    entry: int = -1
    linked: bool = False


class Link(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A link. Fields as for images, and `text` is its text in brackets.

    `kind` is `inline`, `reference`, `auto` (`<https://…>`), `wiki`, `bare` (a URL of a file on GitHub that is written
    as text) or `html` (`<a href>` and others: its place is the tag, its text is empty).
    """

    place: Span
    kind: str
    target: str
    at: Span
    text: Span
    block: int = -1
    entry: int = -1


class InlineMarkup(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Inline source that is not running text.

    `kind` is `code`, `html`, `target` (a link's destination), `image`, `math` (`$…$`, `$$…$$`) or `footnote` (a
    reference to one).
    """

    place: Span
    kind: str


class Footnote(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A footnote or a reference to one; `label` is written between `[^` and `]`.

    `kind` is `definition` (`place` runs to the end of its last block), `reference`, or `text`: a reference to a
    footnote that the note does not have, which is shown as it is written. `block` is the index of the block that holds
    a reference, or of the first one of a definition.
    """

    place: Span
    label: str
    kind: str
    block: int = -1


class NestedStrong(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Bold text that begins and ends within bold text, in asterisks both; a reader sees one piece."""

    place: Span
    inner: Span


class UnmatchedDelimiter(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A run of `*` or `_` that stayed literal text; `opens` and `closes`: whether CommonMark lets it open or close."""

    place: Span
    opens: bool
    closes: bool
    block: int = -1


class Directive(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A comment addressed to techstock: `<!-- techstock: VERB ARGUMENTS -->`."""

    place: Span
    verb: str
    arguments: str
    block: int = -1


class ReadFailure(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The reason why a note, or its rest from `place` on, was not checked; `message` is one clause in lower case."""

    place: Span
    kind: str
    message: str
    help: str = ""


class ParseLimits(msgspec.Struct, frozen=True):
    """Limits on how much of a note is parsed; content beyond them is left out of its facts, and a fault says so.

    `nesting` counts lists, items and quotes, 100 at most: the parser calls itself for each. `entries` is the largest
    number of entries.
    """

    nesting: int = 100
    entries: int = 50_000
