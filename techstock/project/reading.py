"""Reading of notes: their text, or the reason why it cannot be read."""

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from errno import ELOOP
from pathlib import Path
from re import findall

from techstock.model import ReadFailure, Span
from techstock.storage.regular_file import FileTooLargeError, NotRegularFileError, read_regular_file

_UTF16_MARKS = (BOM_UTF16_LE, BOM_UTF16_BE)
# Python's codec, the name people know, the name for iconv. CP932 is what Windows writes and calls Shift_JIS; iconv's
# own SHIFT_JIS would turn every backslash into a yen sign.
_JAPANESE_ENCODINGS = (("cp932", "Shift_JIS", "CP932"), ("euc_jp", "EUC-JP", "EUC-JP"))


def explain_invalid_utf8(data: bytes, at: int, path: str) -> tuple[str, str]:
    """Return a message and a help text for bytes whose first byte that is not valid UTF-8 is at offset `at`."""
    message = f"the note is not UTF-8: byte 0x{data[at]:02x} at offset {at:,}, line {_find_line_number(data, at):,}"
    name, source = _guess_encoding(data)
    if not name:
        return message, "save the note as UTF-8"
    from shlex import quote  # late: rarely needed

    help_ = f"convert it, for example with `iconv -f {source} -t UTF-8 {quote(path)} > utf-8.md`"
    return f"{message}; it may be {name}", help_


def _find_line_number(data: bytes, at: int) -> int:
    """Return the number, from 1, of the line that contains offset `at`."""
    before = data[:at]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _guess_encoding(data: bytes) -> tuple[str, str]:
    """Return the likely encoding of the bytes, by its common name and by iconv's; empty strings if unknown."""
    if data.startswith(_UTF16_MARKS):
        return "UTF-16", "UTF-16"
    found = [(_count_kana(data, codec), name, source) for codec, name, source in _JAPANESE_ENCODINGS]
    most, name, source = max(found, key=lambda entry: entry[0])
    return (name, source) if most else ("", "")


def _count_kana(data: bytes, codec: str) -> int:
    """Return the number of full-width kana in the bytes, decoded with `codec`; 0 if they cannot be decoded.

    Half-width kana do not count: as CP932, most text in other encodings is full of them.
    """
    try:
        return len(findall("[ぁ-ゖァ-ヺ]", data.decode(codec)))
    except UnicodeDecodeError:
        return 0


_NOTE_START = Span(0, 0)


def read_note(project_root: Path, path: str, *, limit: int) -> str | ReadFailure:
    """Return the text of the note at `path` below the root; a byte order mark and line endings are kept.

    `limit` is the largest size in bytes that is read. If the file cannot be read, the result is a fault of the kind
    `unreadable`, `size` or `encoding`.
    """
    data = read_note_bytes(os.fsencode(project_root), path, limit=limit)
    return data if isinstance(data, ReadFailure) else decode_note(data, path)


def read_note_bytes(project_root: bytes, path: str, *, limit: int) -> bytes | ReadFailure:
    """Return the bytes of the note at `path`, or a fault of the kind `unreadable` or `size`."""
    try:
        return _read_within_limit(encode_absolute_path(project_root, path), limit)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        return ReadFailure(_NOTE_START, "unreadable", f"the note cannot be read: {_explain_error(error)}")


def encode_absolute_path(project_root: bytes, path: str) -> bytes:
    """Return the absolute path of a note in bytes, as the system takes it."""
    return os.path.join(project_root, path.encode())


def decode_note(data: bytes, path: str) -> str | ReadFailure:
    """Decode the bytes of the note at `path`; a byte order mark and line endings are kept."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        message, cure = explain_invalid_utf8(data, error.start, path)
        return ReadFailure(_NOTE_START, "encoding", message, cure)


def _read_within_limit(path: bytes, limit: int) -> bytes | ReadFailure:
    try:
        return read_regular_file(path, limit)
    except NotRegularFileError:
        return ReadFailure(_NOTE_START, "unreadable", "the note cannot be read: it is not a regular file")
    except FileTooLargeError as error:
        return make_size_fault(error.size, limit)


def make_size_fault(size: int, limit: int) -> ReadFailure:
    """Return the fault of a note that has more bytes than are read."""
    message = f"the note has {size:,} bytes, more than the {limit:,} of `limits.file-size`"
    return ReadFailure(_NOTE_START, "size", message, "split the note, or raise `limits.file-size`")


def _explain_error(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file is gone"
    if isinstance(error, OSError) and error.errno == ELOOP:
        return "it is a symbolic link"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "no file can have this name"
