"""Description of notes that are not UTF-8, with a guess of their encoding."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from re import findall

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
