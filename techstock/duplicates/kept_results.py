"""What was found out about a few notes, kept under a digest of these notes for the next run or round of fixes."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

import msgspec

from techstock.model import Corpus, Note
from techstock.text.digest import blake2b

_SIZE = 20  # bytes of a digest
_Result = TypeVar("_Result")

encode_result = msgspec.msgpack.Encoder().encode


def begin_comparison(corpus: Corpus) -> None:
    """Begin a round of results of these notes: those of the last round that are not used in it are dropped."""
    if corpus.kept:
        corpus.kept.begin_round(_get_group(corpus))


def get_kept_result(corpus: Corpus, key: bytes) -> bytes | None:
    """Return the encoded result with this key; None if none is kept."""
    return corpus.kept.get_value(_get_group(corpus), key) if corpus.kept else None


def keep_result(corpus: Corpus, key: bytes, result: bytes) -> None:
    """Keep an encoded result under this key."""
    if corpus.kept:
        corpus.kept.add_value(_get_group(corpus), key, result)


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
        content = note.get_or_compute("digest", _compute_digest)
        keys[number] = blake2b(content + path, digest_size=_SIZE).digest()
    return keys[number]


def _compute_digest(note: Note) -> bytes:
    return blake2b(note.text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


def find_or_compute(corpus: Corpus, key: bytes, compute: Callable[[], _Result], type_: type[_Result]) -> _Result:
    """Return the result of this type that is kept under a key, or compute it.

    It is kept only if decoding it gives an equal one, and if no text in it is the name of a file that is no UTF-8.
    """
    if (raw := get_kept_result(corpus, key)) is not None:
        with suppress(ValueError):  # msgspec's errors are such
            return msgspec.msgpack.decode(raw, type=type_)
    found = compute()
    if corpus.kept:
        with suppress(UnicodeEncodeError):
            raw = encode_result(found)
            if msgspec.msgpack.decode(raw, type=type_) == found:
                keep_result(corpus, key, raw)
    return found
