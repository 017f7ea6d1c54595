"""What can be said about a note that is not UTF-8."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from re import findall

_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)
# Python's codec, the name people know, the name for iconv. CP932 is what Windows writes and calls Shift_JIS; iconv's
# own SHIFT_JIS would turn every backslash into a yen sign.
_JAPANESE = (("cp932", "Shift_JIS", "CP932"), ("euc_jp", "EUC-JP", "EUC-JP"))


def not_utf8(data: bytes, at: int, path: str) -> tuple[str, str]:
    """A message and a help for bytes whose first that is not UTF-8 stands at offset `at`."""
    message = f"the note is not UTF-8: byte 0x{data[at]:02x} at offset {at:,}, line {_line(data, at):,}"
    name, source = _likely(data)
    if not name:
        return message, "save the note as UTF-8"
    from shlex import quote  # late: rarely needed

    help_ = f"convert it, for example with `iconv -f {source} -t UTF-8 {quote(path)} > utf-8.md`"
    return f"{message}; it may be {name}", help_


def _line(data: bytes, at: int) -> int:
    """The number of the line that offset `at` is on, from 1."""
    before = data[:at]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _likely(data: bytes) -> tuple[str, str]:
    """The encoding that the bytes may be in, as people and as iconv call it; empty where nothing speaks for one."""
    if data.startswith(_UTF16):
        return "UTF-16", "UTF-16"
    found = [(_kana(data, codec), name, source) for codec, name, source in _JAPANESE]
    most, name, source = max(found, key=lambda entry: entry[0])
    return (name, source) if most else ("", "")


def _kana(data: bytes, codec: str) -> int:
    """How many full-width kana the bytes hold in that encoding; 0 if they are not in it.

    Half-width kana do not count: as CP932, most text in other encodings is full of them.
    """
    try:
        return len(findall("[ぁ-ゖァ-ヺ]", data.decode(codec)))
    except UnicodeDecodeError:
        return 0
