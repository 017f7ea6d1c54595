"""Checksums kept for each note between runs; a run on unchanged notes does not load the code that computes them."""

import sys
from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat
from typing import Literal
from zlib import crc32

import msgspec

_PARTING = "\x1f"  # in no normalized text
_MAX_LENGTH = 0xFFFF  # characters of a line that count
_LENGTH_AT = 0 if sys.byteorder == "little" else 3  # of the four parts of a packed line

TermContext = tuple[bool, str, str, int]
"""A term: is it nested, its key, the term or text around it or the heading above, a checksum of its content."""

Title = tuple[str, int, int, int]
"""The title of a heading, a checksum of its entries, their number, and how many of them are only sources."""


class NoteChecksums(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Checksums of the texts that the entries of a note are compared by; equal ones may be of different texts.

    `sums` are the checksums and `owners` the indexes of their entries, in parallel, both packed by `pack_numbers`: the
    notes of a large project have very many, and bytes are decoded at once. `repeated` are the entries whose term
    appears at least twice in their list. `labels` and `titles` are the note's part of what `learn_recurrence` counts,
    `author` is the author in the front matter, `count` the number of entries. `lines` are all lines of text, each
    once, packed by `pack_lines`. `paragraphs` are the entries that are paragraphs (see `prose`).
    """

    sums: bytes = b""
    owners: bytes = b""
    repeated: tuple[int, ...] = ()
    labels: tuple[TermContext, ...] = ()
    titles: tuple[Title, ...] = ()
    author: str = ""
    count: int = 0
    lines: bytes = b""
    paragraphs: tuple[int, ...] = ()


NO_CHECKSUMS = NoteChecksums()


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """Return numbers below 2³² as bytes."""
    return array("I", numbers).tobytes()


def unpack_numbers(packed: bytes) -> "memoryview[int]":
    """Return the numbers that `pack_numbers` packed."""
    return _unpack("I", packed, 4)


def sum_texts(texts: Sequence[str], kind: int = 0) -> list[int]:
    """Return a checksum for each text; those of another kind differ. No text holds U+001F."""
    if not texts:
        return []
    encoded = _PARTING.join(texts).encode("utf-8", "surrogatepass").split(b"\x1f")
    return list(map(crc32, encoded, repeat(kind)))


def pack_lines(lines: Collection[str]) -> bytes:
    """Return a checksum for each line with its length."""
    sums = {
        checksum << 16 | (length if length < _MAX_LENGTH else _MAX_LENGTH)
        for checksum, length in zip(sum_texts([*lines]), map(len, lines), strict=True)
    }
    return array("Q", sorted(sums)).tobytes()


def unpack_lines(packed: bytes) -> "memoryview[int]":
    """Return the checksums of the packed lines, each once."""
    return _unpack("Q", packed, 8)


def _unpack(code: Literal["I", "Q"], packed: bytes, size: int) -> "memoryview[int]":
    """Return the numbers in `packed`, of `size` bytes each; of what somebody else wrote, as many as it holds."""
    return memoryview(packed)[: len(packed) // size * size].cast(code)


def sum_line_lengths(packed: bytes) -> int:
    """Return the length of all packed lines together."""
    whole = memoryview(packed)[: len(packed) // 8 * 8]
    return sum(whole.cast("H")[_LENGTH_AT::4])


def get_line_length(checksum: int) -> int:
    """Return the length of a line by its checksum."""
    return checksum & _MAX_LENGTH
