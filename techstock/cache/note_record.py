"""The result of parsing and checking one note, encoded as bytes for other processes and later runs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, overload

import msgspec

from techstock.cache.index import FactBytes
from techstock.duplicates.checksums import NoteChecksums
from techstock.engine.rule_runs import run_check
from techstock.model import (
    Block,
    Directive,
    Entry,
    Footnote,
    Heading,
    Image,
    InlineMarkup,
    Link,
    NestedStrong,
    Note,
    ParseLimits,
    Problem,
    ReadFailure,
    UnmatchedDelimiter,
)
from techstock.model.note import FACT_NAMES
from techstock.storage.cache_directory import blake2b

if TYPE_CHECKING:
    from techstock.duplicates.entries import ComparedEntry
    from techstock.registry import CheckFunction

RuleWithOptions = tuple[str, dict[str, Any]]
"""A rule by its name, and options."""

DERIVED_PARTS = ("prose", "units")
"""The facts that are not the parser's: entries in prose, and all entries as they are compared."""

PARTS = (*(name for name in FACT_NAMES if name != "faults"), *DERIVED_PARTS)
"""The names of the encoded facts of a note, in this order; each is decoded when it is needed."""


class NoteSummary(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The facts of a note that every run needs: see `Note`, `NoteChecksums` and `registry.Rule.gist`.

    Each gist is decoded when a rule asks for it. `is_plain`: the note has no numbered sections. `empty` are the indexes
    of the `PARTS` of which it has none.
    """

    faults: tuple[ReadFailure, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    is_plain: bool = True
    handles: NoteChecksums = NoteChecksums()
    gists: dict[str, msgspec.Raw] = {}
    empty: tuple[int, ...] = ()


class NoteRecord(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A parsed note. `problems` are those of rules on one note, by the rule's number; `failed` rules raised an error.

    `facts` are decoded by `split_facts` and `decode_fact`. Those of a record that another process sent are a part of
    its message: the encoded gists and problems keep that in memory anyway.
    """

    path: str
    digest: bytes
    brief: NoteSummary
    facts: memoryview
    problems: dict[int, msgspec.Raw] = {}
    failed: tuple[int, ...] = ()


encode = msgspec.msgpack.Encoder().encode
decode_gist = msgspec.msgpack.Decoder().decode
decode_problems = msgspec.msgpack.Decoder(tuple[Problem, ...]).decode
_decode_parts = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
_FACT_TYPES: dict[str, Any] = {
    "headings": tuple[Heading, ...],
    "blocks": tuple[Block, ...],
    "entries": tuple[Entry, ...],
    "images": tuple[Image, ...],
    "links": tuple[Link, ...],
    "spans": tuple[InlineMarkup, ...],
    "footnotes": tuple[Footnote, ...],
    "nested": tuple[NestedStrong, ...],
    "strays": tuple[UnmatchedDelimiter, ...],
    "directives": tuple[Directive, ...],
    "prose": tuple[Entry, ...],
    "units": list[msgspec.Raw],
}


@cache
def _make_entry_decoder() -> "msgspec.msgpack.Decoder[ComparedEntry]":
    from techstock.duplicates.entries import (
        ComparedEntry,  # late, as all of duplicates: what is said of them is mostly known
    )

    return msgspec.msgpack.Decoder(ComparedEntry)


class _LazyEntries(Sequence["ComparedEntry"]):
    """The compared entries of a note, decoded one by one: few of them are ever compared."""

    def __init__(self, pieces: Sequence[msgspec.Raw]) -> None:
        self._pieces = pieces

    def __len__(self) -> int:
        return len(self._pieces)

    @overload
    def __getitem__(self, index: int) -> "ComparedEntry": ...

    @overload
    def __getitem__(self, index: slice) -> Sequence["ComparedEntry"]: ...

    def __getitem__(self, index: int | slice) -> "ComparedEntry | Sequence[ComparedEntry]":
        return (
            _LazyEntries(self._pieces[index])
            if isinstance(index, slice)
            else _make_entry_decoder().decode(self._pieces[index])
        )


def hash_note(data: bytes) -> bytes:
    """Return the digest that identifies the bytes of a note."""
    return blake2b(data, digest_size=20).digest()


def parse_and_check(
    path: str, data: bytes, text: str, how: tuple[int, ParseLimits], rules: Sequence[RuleWithOptions]
) -> NoteRecord:
    """Parse the note at `path`, whose bytes are `data`, and run these rules on it.

    `how` is the section level and the limits with which it is parsed.
    """
    from techstock import registry
    from techstock.duplicates.candidates import compute_checksums
    from techstock.duplicates.entries import build_compared_entries
    from techstock.duplicates.prose import get_prose_entries
    from techstock.parse import parse

    note = parse(path, text, *how)
    units = build_compared_entries(note)
    facts = [*(getattr(note, name) for name in PARTS if name not in DERIVED_PARTS), get_prose_entries(note), units]
    empty = tuple(at for at, found in enumerate(facts) if not found)
    gists = _compute_gists(note, registry.load_gist_functions())
    brief = NoteSummary(
        note.faults, note.counts, not note.numbered_sections, compute_checksums(note, units), gists, empty
    )
    problems: dict[int, msgspec.Raw] = {}
    failed: list[int] = []
    for number, (name, options) in enumerate(rules):
        raw = _check_note(note, registry.load_rule(name).check, options)
        if raw is None:
            failed.append(number)
        elif raw:
            problems[number] = msgspec.Raw(raw)
    return NoteRecord(path, hash_note(data), brief, memoryview(encode(facts)), problems, tuple(failed))


def _compute_gists(note: Note, gists: Mapping[str, Callable[[Note], Any]]) -> dict[str, msgspec.Raw]:
    """Return the gist of this note for each rule on the corpus, without rules that fail: they fail again later."""
    found = {}
    for name, gist in gists.items():
        with suppress(Exception):
            found[name] = msgspec.Raw(encode(gist(note)))
    return found


def _check_note(note: Note, check: "CheckFunction", options: dict[str, Any]) -> bytes | None:
    """Return the encoded problems of one rule on one note, empty if there are none.

    None if the rule fails, so that it runs and fails again when its problems are needed.
    """
    try:
        return encode_problems(run_check(check, note, options))
    except Exception:  # noqa: BLE001 (whoever asks for these problems runs the rule and meets the error)
        return None


def encode_problems(problems: tuple[Problem, ...]) -> bytes | None:
    """Return the problems as bytes, empty if there are none; None if decoding these would not give equal problems."""
    if not problems:
        return b""
    try:
        raw = encode(problems)
    except UnicodeEncodeError:  # a path that is no UTF-8
        return None
    return raw if decode_problems(raw) == problems else None


def split_facts(facts: FactBytes) -> list[msgspec.Raw]:
    """Split the encoded facts of a note into its `PARTS`, in their order. Raises `msgspec.DecodeError`."""
    return _decode_parts(facts)


@cache
def _make_fact_decoder(name: str) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(_FACT_TYPES[name])


def decode_fact(pieces: Sequence[msgspec.Raw], name: str) -> Any:
    """Decode one fact. Raises `msgspec.DecodeError`."""
    found = _make_fact_decoder(name).decode(pieces[PARTS.index(name)])
    return _LazyEntries(found) if name == "units" else found
