"""Notes from the cache, whose facts are decoded when they are first used."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol
from weakref import ReferenceType, ref

import msgspec

from techstock.cache import CachedNote
from techstock.cache.index import FactBytes
from techstock.cache.note_record import (
    DERIVED_PARTS,
    PARTS,
    NoteSummary,
    decode_fact,
    decode_gist,
    hash_note,
    split_facts,
)
from techstock.engine.errors import NoteChangedError
from techstock.model import Note, ParseLimits, ReadFailure
from techstock.project.reading import decode_note, read_note_bytes

MAX_DECODED_SIZE = 6_000_000
"""Bytes of encoded facts of the notes whose facts stay decoded, which takes three times as much memory or more."""
_MIN_DECODED_NOTES = 8  # stay decoded, however large: as many are compared with each other at once


class FactStore(Protocol):
    """A store of the encoded facts of notes, such as `NoteStore`."""

    def get_facts(self, entry: CachedNote[NoteSummary]) -> FactBytes | None:
        """Return the encoded facts of an entry; None if they are lost or damaged."""


class _DecodedNote(NamedTuple):
    """A note with decoded facts, as long as something else refers to it, and the size of its encoded facts."""

    note: "ReferenceType[Note]"
    loader: "_FactLoader"
    size: int


class NoteLoader:
    """A loader of notes from cached facts, and from files below `root` (bytes) of at most `limit` bytes.

    `how` is the section level and the limits with which notes are parsed.
    """

    def __init__(self, root: bytes, limit: int, how: tuple[int, ParseLimits], store: FactStore) -> None:
        self.root = root
        self.limit = limit
        self.level, self.limits = how
        self.store = store
        self._decoded: dict[int, _DecodedNote] = {}  # by the note's identity, in the order of decoding
        self._size = 0  # of their encoded facts

    def make_lazy_note(self, entry: CachedNote[NoteSummary], text: str | None = None) -> Note:
        """Return the note of a cache entry. Its text, unless given, and facts are loaded when they are first used."""
        brief = entry.brief
        known: dict[str, Any] = {PARTS[part]: () for part in brief.empty}
        if brief.is_plain:
            known["numbered_sections"] = ()
        known |= {"limits": self.limits, "faults": brief.faults, "counts": brief.counts}
        if text is not None:
            known["text"] = text
        return Note.create_lazy(entry.path, self.level, _FactLoader(self, entry), **known)

    def read_note_text(self, entry: CachedNote[NoteSummary]) -> str:
        """Read the text of a note. Raises `NoteChangedError` if the file has changed."""
        data = read_note_bytes(self.root, entry.path, limit=self.limit)
        if isinstance(data, ReadFailure) or hash_note(data) != entry.digest:
            raise NoteChangedError(entry.path)
        text = decode_note(data, entry.path)
        if isinstance(text, ReadFailure):
            raise NoteChangedError(entry.path)
        return text

    def count_decoded(self, loader: "_FactLoader", note: Note, size: int) -> None:
        """Count a note whose facts, encoded in so many bytes, are decoded now; release those decoded longest ago."""
        key = id(note)
        self._decoded[key] = _DecodedNote(ref(note, lambda _: self._uncount(key)), loader, size)
        self._size += size
        while self._size > MAX_DECODED_SIZE and len(self._decoded) > _MIN_DECODED_NOTES:
            oldest = self._uncount(next(iter(self._decoded)))
            if other := oldest.note():
                oldest.loader.release_facts(other)

    def _uncount(self, key: int) -> "_DecodedNote":
        found = self._decoded.pop(key)
        self._size -= found.size
        return found

    def reparse_note(self, note: Note) -> Note:
        """Parse the note again from its text, because its cached facts are damaged."""
        from techstock.parse import reparse

        return reparse(note, note.text)


class _FactLoader:
    """A callable that loads the text or a fact of one note."""

    __slots__ = ("_decoded", "_entry", "_parsed", "_pieces", "_source")

    def __init__(self, source: NoteLoader, entry: CachedNote[NoteSummary]) -> None:
        self._source, self._entry = source, entry
        self._decoded: list[str] = []  # names of facts
        self._pieces: Sequence[msgspec.Raw] | None = None
        self._parsed: Note | None = None

    def __call__(self, note: Note, name: str) -> Any:
        if name == "text":
            return self._source.read_note_text(self._entry)
        brief = self._entry.brief
        if name in ("handles", "digest"):
            return brief.handles if name == "handles" else self._entry.digest
        if name not in PARTS:
            return decode_gist(brief.gists[name]) if name in brief.gists else None
        if PARTS.index(name) in brief.empty:
            return ()
        if self._parsed is None:
            try:
                return self._decode(note, name)
            except (ValueError, RecursionError):  # checksums fit whatever somebody wrote; msgspec's errors are such
                self._parsed = self._source.reparse_note(note)
        return None if name in DERIVED_PARTS else getattr(self._parsed, name)

    def release_facts(self, note: Note) -> None:
        """Remove decoded facts from the note: they are decoded again when they are needed."""
        note.unload(self._decoded)
        self._decoded, self._pieces = [], None

    def _decode(self, note: Note, name: str) -> Any:
        pieces = self._pieces or self._read_pieces(note)
        self._decoded.append(name)
        return decode_fact(pieces, name)

    def _read_pieces(self, note: Note) -> Sequence[msgspec.Raw]:
        facts = self._source.store.get_facts(self._entry)
        if facts is None:
            raise msgspec.DecodeError
        pieces = split_facts(facts)
        if len(pieces) != len(PARTS):
            raise msgspec.DecodeError
        self._pieces = pieces
        self._source.count_decoded(self, note, len(facts))
        return pieces
