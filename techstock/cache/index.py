"""The index of a cache: one entry for each note, and the files that hold what is not needed on every run."""

import struct
from typing import Generic, TypeVar
from zlib import crc32

import msgspec

from techstock.cache.stamp import Stamp

_MAGIC = b"techstock index\n"
_HEAD = struct.Struct(">16s20sIQ")  # magic, key, checksum and length of the rest


Brief = TypeVar("Brief")


class Entry(msgspec.Struct, Generic[Brief], gc=False, array_like=True):
    """What is kept of one note.

    `digest` is that of its bytes, `stamp` what its file looked like at the time. Its facts are `length` bytes from
    `start` on in the pack of that index, with the checksum `check`; pack -1: in none yet. `brief` is what every run
    needs. `ran` is the index of the set of rules whose problems are known, `problems` are these by rule.
    """

    path: str
    stamp: Stamp
    digest: bytes
    brief: Brief
    ran: int = -1
    problems: dict[int, msgspec.Raw] = {}
    pack: int = -1
    start: int = 0
    length: int = 0
    check: int = 0


class Joint(msgspec.Struct, gc=False, array_like=True):
    """The problems of rules on several notes, by a digest of these and by rule.

    Those in `pairs` follow from `outlook` as well, a digest of what is told of all notes; `inputs` is one of all notes,
    of which it is known to be true.
    """

    whole: dict[bytes, dict[int, msgspec.Raw]] = {}
    pairs: dict[bytes, dict[int, msgspec.Raw]] = {}
    inputs: bytes = b""
    outlook: bytes = b""


class Index(msgspec.Struct, Generic[Brief], gc=False, array_like=True):
    """All entries; `since` is when the run that wrote them began to look at files, in nanoseconds of their clock.

    `packs` are names of files, `rules` keys of rules, `rans` sets of rules by their indexes.
    """

    since: int = 0
    packs: list[str] = []
    rules: list[bytes] = []
    rans: list[tuple[int, ...]] = []
    entries: list[Entry[Brief]] = []
    joint: Joint = msgspec.field(default_factory=Joint)


_encoder = msgspec.msgpack.Encoder()


def encoded(index: Index[Brief], key: bytes) -> bytes:
    """The index as a file that tells whether it is whole."""
    body = _encoder.encode(index)
    return _HEAD.pack(_MAGIC, key, crc32(body), len(body)) + body


def decoded(data: bytes, key: bytes, brief: type[Brief]) -> Index[Brief] | None:
    """The index in a file, whose entries have such briefs; None if it is damaged or was written under another key."""
    if len(data) < _HEAD.size:
        return None
    magic, written, check, length = _HEAD.unpack_from(data)
    body = memoryview(data)[_HEAD.size :]
    if magic != _MAGIC or written != key or length != len(body) or check != crc32(body):
        return None
    try:
        index: Index[Brief] = msgspec.msgpack.decode(body, type=Index[brief])  # type: ignore[valid-type]
    except (msgspec.DecodeError, ValueError):
        return None
    return index if _is_sound(index) else None


def _is_sound(index: Index[Brief]) -> bool:
    """Whether every number in it points at something: a checksum is no proof against who writes both."""
    packs, rules, rans = len(index.packs), len(index.rules), len(index.rans)
    named = (*index.rans, *index.joint.whole.values(), *index.joint.pairs.values())
    return all(0 <= rule < rules for some in named for rule in some) and all(
        -1 <= entry.pack < packs and -1 <= entry.ran < rans for entry in index.entries
    )
