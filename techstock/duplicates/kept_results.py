"""Results about a few notes, kept under a digest of these notes for the next run or round of fixes."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b
from typing import TypeVar

import msgspec

from techstock.model import Corpus

_SIZE = 20  # bytes of a digest
_Result = TypeVar("_Result")

_encode = msgspec.msgpack.Encoder().encode


def begin_comparison(corpus: Corpus) -> None:
    """Begin a round of results of these notes: those of the last round that are not used in it are dropped.

    A corpus has one round, however often its notes are compared.
    """
    if corpus.kept and not corpus.memo.get("has round"):
        corpus.memo["has round"] = True
        corpus.kept.begin_round(_get_group(corpus))


def keep_result(corpus: Corpus, key: bytes, result: object) -> None:
    """Keep a result under this key, unless a text in it cannot be encoded, as the name of a file that is no UTF-8."""
    if corpus.kept:
        with suppress(UnicodeEncodeError):
            corpus.kept.add_value(_get_group(corpus), key, _encode(result))


def _get_group(corpus: Corpus) -> str:
    return corpus.notes[0].path.rpartition("/")[0] if corpus.around and corpus.notes else ""


def make_key(kind: str, corpus: Corpus, numbers: Iterable[int], *parts: object) -> bytes:
    """Return the key of a result of some notes, given by index, and of `parts` whose `repr` says all that they are."""
    digest = blake2b(kind.encode(), digest_size=_SIZE)
    for number in numbers:
        digest.update(get_note_key(corpus, number))
    for part in parts:
        digest.update(part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass"))
    return digest.digest()


def get_note_key(corpus: Corpus, number: int) -> bytes:
    """Return a digest of the path and the bytes of a note, given by index; computed once for each corpus."""
    keys: dict[int, bytes] = corpus.memo.setdefault("note keys", {})
    if number not in keys:
        note = corpus.notes[number]
        path = note.path.encode("utf-8", "surrogatepass")
        keys[number] = blake2b(note.digest + path, digest_size=_SIZE).digest()
    return keys[number]


def find_or_compute(corpus: Corpus, key: bytes, compute: Callable[[], _Result], type_: type[_Result]) -> _Result:
    """Return the result of this type that is kept under a key, or compute it.

    It is kept only if decoding it gives an equal one.
    """
    if (found := find_result(corpus, key, type_)) is not None:
        return found
    found = compute()
    keep_result(corpus, key, found)
    return found


def find_result(corpus: Corpus, key: bytes, type_: type[_Result]) -> _Result | None:
    """Return the result of this type that is kept under a key; None if there is none."""
    raw = corpus.kept.get_value(_get_group(corpus), key) if corpus.kept else None
    try:
        return None if raw is None else msgspec.msgpack.decode(raw, type=type_)
    except ValueError:  # msgspec's errors are such
        return None
