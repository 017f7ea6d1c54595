"""The index of a cache: one entry for each note, and the names of the pack files that hold the other facts."""

import struct
from typing import Generic, TypeVar
from zlib import crc32

import msgspec

from techstock.model.files import FileQuestions, FileStamp, InspectedImages, SettledNotes

_MAGIC = b"techstock index\n"
_HEADER = struct.Struct(">16s20sIQ")  # magic, key, checksum and length of the rest


Brief = TypeVar("Brief")
FactBytes = bytes | memoryview
"""The encoded facts of a note."""


class CachedNote(msgspec.Struct, Generic[Brief], gc=False, array_like=True):
    """The cache entry of one note.

    `digest` is that of its bytes, `stamp` identifies the state of its file at the time. Its facts are `length` bytes
    from `start` in the pack with index `pack`, with the checksum `check`; pack -1: not saved yet. `brief` is what every
    run needs. `ran` is the index of the set of rules whose problems are cached, `problems` are these by rule.
    """

    path: str
    stamp: FileStamp
    digest: bytes
    brief: Brief
    ran: int = -1
    problems: dict[int, msgspec.Raw] = {}
    pack: int = -1
    start: int = 0
    length: int = 0
    check: int = 0


class CorpusProblems(msgspec.Struct, gc=False, array_like=True):
    """The cached problems of rules on several notes, by a digest of these notes and by rule.

    Those in `pairs` depend on `outlook` as well, a digest of the labels in all notes. `inputs` is the digest of all
    notes for which `outlook` was computed. Those in `beside` depend on all notes, whose digest is `noted`, and on the
    files beside them: they hold while `answers` is the digest of the answers to the questions in `asked`, as `settled`
    does, which does not depend on all notes. `images` are those that were inspected for them.
    """

    whole: dict[bytes, dict[int, msgspec.Raw]] = {}
    pairs: dict[bytes, dict[int, msgspec.Raw]] = {}
    inputs: bytes = b""
    outlook: bytes = b""
    beside: dict[int, msgspec.Raw] = {}
    asked: FileQuestions = FileQuestions()
    answers: bytes = b""
    images: InspectedImages = InspectedImages()
    noted: bytes = b""
    settled: SettledNotes = msgspec.field(default_factory=SettledNotes)


class CacheIndex(msgspec.Struct, Generic[Brief], gc=False, array_like=True):
    """All entries of a cache. `since` is when the run that wrote it started, in nanoseconds of the file system's clock.

    `packs` are names of files, `rules` keys of rules, `rans` sets of rules by their indexes.
    """

    since: int = 0
    packs: list[str] = []
    rules: list[bytes] = []
    rans: list[tuple[int, ...]] = []
    entries: list[CachedNote[Brief]] = []
    joint: CorpusProblems = msgspec.field(default_factory=CorpusProblems)


_encoder = msgspec.msgpack.Encoder()


def encode_index(index: CacheIndex[Brief], key: bytes) -> bytes:
    """Return the index as the content of a file, with a header that reveals damage."""
    return encode_checked(_MAGIC, key, _encoder.encode(index))


def encode_checked(magic: bytes, key: bytes, body: bytes) -> bytes:
    """Return the content of a file of this kind (16 bytes) and key (20 bytes), with a header that reveals damage."""
    return _HEADER.pack(magic, key, crc32(body), len(body)) + body


def decode_checked(magic: bytes, data: bytes) -> tuple[bytes, memoryview] | None:
    """Return the key and the body of such content; None if it is damaged or of another kind."""
    if len(data) < _HEADER.size:
        return None
    kind, key, check, length = _HEADER.unpack_from(data)
    body = memoryview(data)[_HEADER.size :]
    return (key, body) if (kind, length) == (magic, len(body)) and check == crc32(body) else None


def decode_index(data: bytes, key: bytes, brief: type[Brief]) -> CacheIndex[Brief] | None:
    """Decode the content of an index file; `brief` is the type of the summaries.

    None if it is damaged or was written with another key.
    """
    found = decode_checked(_MAGIC, data)
    if found is None or found[0] != key:
        return None
    try:
        index: CacheIndex[Brief] = msgspec.msgpack.decode(found[1], type=CacheIndex[brief])  # type: ignore[valid-type]
    except (msgspec.DecodeError, ValueError):
        return None
    return index if _has_valid_references(index) else None


def _has_valid_references(index: CacheIndex[Brief]) -> bool:
    """Return whether every index in it is in range: whoever writes the file can write a valid checksum, too."""
    packs, rules, rans = len(index.packs), len(index.rules), len(index.rans)
    named = (*index.rans, *index.joint.whole.values(), *index.joint.pairs.values(), index.joint.beside)
    return all(0 <= rule < rules for some in named for rule in some) and all(
        -1 <= entry.pack < packs and -1 <= entry.ran < rans for entry in index.entries
    )
