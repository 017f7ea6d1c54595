"""One Markdown file: its text, its facts, and values derived from them."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import msgspec

from techstock.model.facts import (
    Block,
    Directive,
    Entry,
    Footnote,
    Heading,
    Image,
    InlineMarkup,
    Link,
    NestedStrong,
    ParseLimits,
    ReadFailure,
    SectionNumber,
    UnmatchedDelimiter,
)
from techstock.model.span import LineIndex, Span

_DEFAULT_SECTION_LEVEL = 2  # the section level of a note whose headings do not tell


class Section(msgspec.Struct, frozen=True):
    """A heading at the section level and the content below it, up to the next heading of its level or above.

    `place` is the heading, `body` the range between it and the next. `number` is -1 without a number, and for a range
    heading. `series` separates sections that are below different headings, or whose numbers follow different words
    (`Chapter 3`, `Question 3`): numbers are compared within one series only.
    """

    place: Span
    heading: Heading
    body: Span
    number: int
    series: tuple[int, str]

    @property
    def numeral(self) -> SectionNumber | None:
        return self.heading.numeral


FACT_NAMES = (
    "headings",
    "blocks",
    "entries",
    "images",
    "links",
    "spans",
    "footnotes",
    "nested",
    "strays",
    "directives",
    "faults",
)
FactLoader = Callable[["Note", str], Any]
_Computed = TypeVar("_Computed")


def _hash_text(note: "Note") -> bytes:
    from hashlib import blake2b  # late: it takes long to load, and the digest of a note that was read is known

    return blake2b(note.text.encode("utf-8", "surrogatepass"), digest_size=20).digest()


class Note:
    """A note: path below the root (with `/`), text as decoded, facts in document order. It does not change.

    `level` is the section level configured for the project, 0 where it is learned from the note; `limits` tell how much
    of the note was parsed. The facts are tuples, listed in `FACT_NAMES`. Those of a note that was parsed in an earlier
    run are read when they are first needed, as its text is (docs/decisions/0010).
    """

    path: str
    level: int
    limits: ParseLimits = ParseLimits()
    text: str
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    entries: tuple[Entry, ...]
    images: tuple[Image, ...]
    links: tuple[Link, ...]
    spans: tuple[InlineMarkup, ...]
    footnotes: tuple[Footnote, ...]
    nested: tuple[NestedStrong, ...]
    strays: tuple[UnmatchedDelimiter, ...]
    directives: tuple[Directive, ...]
    faults: tuple[ReadFailure, ...]

    def __init__(self, path: str, text: str, level: int = 0, limits: ParseLimits | None = None, **facts: Any) -> None:
        vars(self).update(dict.fromkeys(FACT_NAMES, ()), path=path, text=text, level=level, **facts)
        if limits is not None:
            vars(self)["limits"] = limits

    @classmethod
    def create_lazy(cls, path: str, level: int, load: FactLoader, **known: Any) -> "Note":
        """Return a note whose text and facts are loaded when they are first needed, except for the `known` ones.

        `load` is called with the note and the name of a fact, `text`, or a name given to `get_or_compute`; it returns
        None for what it does not have.
        """
        note = object.__new__(cls)
        vars(note).update(known, path=path, level=level, _load=load)
        return note

    def load_text(self, text: str | None = None) -> None:
        """Load the text now, unless it has been loaded: a file that has changed since it was parsed is noticed here.

        A caller that has the `text` already passes it on, so that the file is not read.
        """
        known = vars(self)
        if "text" not in known:
            known["text"] = known["_load"](self, "text") if text is None else text

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name not in FACT_NAMES and name != "text":
                raise AttributeError(name)
            found = vars(self)[name] = vars(self)["_load"](self, name)
            return found

    def unload(self, names: Iterable[str]) -> None:
        """Remove these facts from memory: they are loaded again when they are next needed."""
        for name in names:
            vars(self).pop(name, None)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a note does not change: {name}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Note) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((self.path, self.level))

    def __repr__(self) -> str:
        return f"Note({self.path!r})"

    def _content(self) -> tuple[Any, ...]:
        return self.path, self.level, self.text, *(getattr(self, name) for name in FACT_NAMES)

    def get_or_compute(self, name: str, work: Callable[["Note"], _Computed]) -> _Computed:
        """Return the value that an earlier run kept under `name`, else `work(self)`, a function of this note alone."""
        load: FactLoader | None = vars(self).get("_load")
        found = load(self, name) if load else None
        return work(self) if found is None else found

    @cached_property
    def digest(self) -> bytes:
        """Return a digest of the bytes of the note, or of its text if it was not read from a file."""
        return self.get_or_compute("digest", _hash_text)

    def add_path_to(self, place: Span) -> Span:
        """Return `place` with this note's path, as rules over the corpus must give it."""
        return place if place.path else Span(place.start, place.end, self.path)

    def trim_to_first_line(self, place: Span) -> Span:
        """Return the part of `place` on its first line, without trailing white space."""
        end = min(place.end, self.lines.find_end(place.start))
        return Span(place.start, place.start + len(self.text[place.start : end].rstrip()))

    @cached_property
    def span_starts(self) -> tuple[int, ...]:
        """Return the start offsets of `spans`."""
        return tuple([span.place.start for span in self.spans])

    @cached_property
    def link_starts(self) -> tuple[int, ...]:
        """Return the start offsets of `links`."""
        return tuple([link.place.start for link in self.links])

    @cached_property
    def lines(self) -> LineIndex:
        return LineIndex(self.text)

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of sections, entries and images."""
        return len(self.sections), len(self.entries), len(self.images)

    @cached_property
    def section_level(self) -> int:
        """Return the highest level whose headings are mostly numbered, 2 where unclear.

        A level with two numbers or more goes before one with a single number: numbered headings below numbered
        sections are their parts.
        """
        return self.level or self._learned or _DEFAULT_SECTION_LEVEL

    @cached_property
    def is_numbered(self) -> bool:
        """Return whether most headings at the section level have a number."""
        return self._is_numbered_at(self.section_level)

    def _is_numbered_at(self, level: int) -> bool:
        at_level = [h for h in self.outer_headings if h.level == level]
        return 2 * sum(h.numeral is not None for h in at_level) > len(at_level)

    @cached_property
    def outer_headings(self) -> tuple[Heading, ...]:
        """Return the headings outside entries and block quotes: only these divide a note."""
        return tuple(h for h in self.headings if h.entry < 0 and not self.blocks[h.block].quotes)

    @cached_property
    def _learned(self) -> int:
        counts: dict[int, int] = {}
        for heading in self.outer_headings:
            if heading.numeral is not None:
                counts[heading.level] = counts.get(heading.level, 0) + 1
        levels = [level for level in counts if self._is_numbered_at(level)]
        return min(levels, key=lambda level: (counts[level] < 2, level), default=0)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return tuple(self._iter_sections())

    def _iter_sections(self) -> Iterator[Section]:
        series = 0
        outer = [h for h in self.outer_headings if h.level <= self.section_level]
        for index, heading in enumerate(outer):
            if heading.level < self.section_level:
                series += 1
                continue
            following = outer[index + 1] if index + 1 < len(outer) else None
            end = following.place.start if following else len(self.text)
            numeral = heading.numeral
            number = numeral.value if numeral and not numeral.is_range else -1
            label = numeral.label if numeral else ""
            yield Section(heading.place, heading, Span(heading.place.end, end), number, (series, label))

    @cached_property
    def numbered_sections(self) -> tuple[Section, ...]:
        """Return the sections with a number; empty for a note whose headings are mostly not numbered."""
        return tuple(s for s in self.sections if s.number >= 0) if self.is_numbered else ()

    @cached_property
    def children(self) -> dict[int, tuple[int, ...]]:
        """Return the indexes of the entries directly inside each entry, by its index (-1: at the top)."""
        return _group_indexes(entry.parent for entry in self.entries)

    @cached_property
    def siblings(self) -> dict[int, tuple[int, ...]]:
        """Return the indexes of the entries of each list, by the index of the list among the blocks."""
        return _group_indexes(entry.list for entry in self.entries)

    @cached_property
    def blocks_inside(self) -> dict[int, tuple[int, ...]]:
        """Return the indexes of the blocks directly inside each entry, by its index (-1: in none), lists included."""
        return _group_indexes(block.entry for block in self.blocks)

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """Results that others compute from this note alone, by name, so that they are computed once."""
        return {}

    @cached_property
    def running_text(self) -> tuple[Span, ...]:
        """Return the spans of the text that a reader reads: no code, no HTML, no link targets, no images."""
        texts = sorted(text for block in self.blocks for text in block.texts)
        return tuple(_subtract_markup(texts, self.spans))


def _group_indexes(keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return the positions of each key."""
    found: dict[int, list[int]] = {}
    for index, key in enumerate(keys):
        found.setdefault(key, []).append(index)
    return {key: tuple(indexes) for key, indexes in found.items()}


def _subtract_markup(texts: list[Span], spans: tuple[InlineMarkup, ...]) -> Iterator[Span]:
    """Yield the parts of `texts` outside `spans`; both are in order of their start. A span may cover several texts."""
    holes = sorted(span.place for span in spans)
    first = 0
    for text in texts:
        while first < len(holes) and holes[first].end <= text.start:
            first += 1
        at, index = text.start, first
        while index < len(holes) and holes[index].start < text.end:
            if holes[index].start > at:
                yield Span(at, holes[index].start)
            at = max(at, holes[index].end)
            index += 1
        if at < text.end:
            yield Span(at, text.end)
