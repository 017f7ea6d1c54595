"""The result of parsing and checking one note, encoded as bytes for other processes and later runs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, overload

import msgspec

from techstock.model import Block, Directive, Entry, Fault, Heading, Image, Limits, Link, Note, Problem, Span, Stray
from techstock.model.note import FACTS
from techstock.similarity.sums import Handles
from techstock.text.digests import blake2b

if TYPE_CHECKING:
    from techstock.catalog import Check
    from techstock.similarity.units import Unit

Chosen = tuple[str, dict[str, Any]]
"""A rule by its name, and options."""

PARTS = (*(name for name in FACTS if name != "faults"), "units")
"""What the facts of a note consist of, in this order; each is read when it is asked for."""


class Brief(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The facts of a note that every run needs: see `Note`, `NoteChecksums` and `registry.Rule.gist`.

    `is_plain`: the note has no numbered sections. `empty` are the indexes of the `PARTS` of which it has none.
    """

    faults: tuple[Fault, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    is_plain: bool = True
    handles: Handles = Handles()
    gists: dict[str, Any] = {}
    empty: tuple[int, ...] = ()


class Record(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A parsed note. `problems` are those of rules on one note, by the rule's number; `failed` rules raised an error.

    `facts` are decoded by `split_facts` and `decode_fact`.
    """

    path: str
    digest: bytes
    brief: Brief
    facts: bytes
    problems: dict[int, msgspec.Raw] = {}
    failed: tuple[int, ...] = ()


encode = msgspec.msgpack.Encoder().encode
decode_problems = msgspec.msgpack.Decoder(tuple[Problem, ...]).decode
_decode_parts = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
_TYPES: dict[str, Any] = {
    "headings": tuple[Heading, ...],
    "blocks": tuple[Block, ...],
    "entries": tuple[Entry, ...],
    "images": tuple[Image, ...],
    "links": tuple[Link, ...],
    "spans": tuple[Span, ...],
    "strays": tuple[Stray, ...],
    "directives": tuple[Directive, ...],
    "units": list[msgspec.Raw],
}


@cache
def _unit_decoder() -> "msgspec.msgpack.Decoder[Unit]":
    from techstock.similarity.units import Unit  # late, as all of duplicates: what is said of them is mostly known

    return msgspec.msgpack.Decoder(Unit)


class _Units(Sequence["Unit"]):
    """The compared entries of a note, decoded one by one: few of them are ever compared."""

    def __init__(self, pieces: Sequence[msgspec.Raw]) -> None:
        self._pieces = pieces

    def __len__(self) -> int:
        return len(self._pieces)

    @overload
    def __getitem__(self, index: int) -> "Unit": ...

    @overload
    def __getitem__(self, index: slice) -> Sequence["Unit"]: ...

    def __getitem__(self, index: int | slice) -> "Unit | Sequence[Unit]":
        return _Units(self._pieces[index]) if isinstance(index, slice) else _unit_decoder().decode(self._pieces[index])


def digest(data: bytes) -> bytes:
    """Return the digest that identifies the bytes of a note."""
    return blake2b(data, digest_size=20).digest()


def record(path: str, data: bytes, text: str, how: tuple[int, Limits], rules: Sequence[Chosen]) -> Record:
    """Parse the note at `path`, whose bytes are `data`, and run these rules on it.

    `how` is the section level and the limits with which it is parsed.
    """
    from techstock import catalog
    from techstock.parse import parse  # markdown-it-py costs most of a start
    from techstock.similarity.handles import of_units
    from techstock.similarity.units import of_note

    note = parse(path, text, *how)
    units = of_note(note)
    facts = [*(getattr(note, name) for name in PARTS[:-1]), units]
    empty = tuple(at for at, found in enumerate(facts) if not found)
    gists = _gists(note, catalog.gists())
    brief = Brief(note.faults, note.counts, not note.numbered_sections, of_units(units), gists, empty)
    problems: dict[int, msgspec.Raw] = {}
    failed: list[int] = []
    for number, (name, options) in enumerate(rules):
        raw = _problems(note, catalog.load(name).check, options)
        if raw is None:
            failed.append(number)
        elif raw:
            problems[number] = msgspec.Raw(raw)
    return Record(path, digest(data), brief, encode(facts), problems, tuple(failed))


def _gists(note: Note, gists: Mapping[str, Callable[[Note], Any]]) -> dict[str, Any]:
    """Return the gist of this note for each rule on the corpus, without rules that fail: they fail again later."""
    found = {}
    for name, gist in gists.items():
        with suppress(Exception):
            found[name] = gist(note)
    return found


def _problems(note: Note, check: "Check", options: dict[str, Any]) -> bytes | None:
    """Return the encoded problems of one rule on one note, empty if there are none.

    None if the rule fails, so that it runs and fails again when its problems are needed.
    """
    try:
        return kept_problems(tuple(check(note, **options)))
    except Exception:  # noqa: BLE001 (whoever asks for these problems runs the rule and meets the error)
        return None


def kept_problems(problems: tuple[Problem, ...]) -> bytes | None:
    """Return the problems as bytes, empty if there are none; None if decoding these would not give equal problems."""
    if not problems:
        return b""
    try:
        raw = encode(problems)
    except UnicodeEncodeError:  # a path that is no UTF-8
        return None
    return raw if decode_problems(raw) == problems else None


def parts(facts: bytes) -> list[msgspec.Raw]:
    """Split the encoded facts of a note into its `PARTS`, in their order. Raises `msgspec.DecodeError`."""
    return _decode_parts(facts)


@cache
def _decoder(name: str) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(_TYPES[name])


def part(pieces: Sequence[msgspec.Raw], name: str) -> Any:
    """Decode one fact. Raises `msgspec.DecodeError`."""
    found = _decoder(name).decode(pieces[PARTS.index(name)])
    return _Units(found) if name == "units" else found
