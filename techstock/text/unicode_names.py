"""Unicode: names of invisible and confusable characters, ideographs that look alike, normal forms."""

from collections.abc import Sequence
from typing import Literal
from unicodedata import name, normalize

_CONTROL_NAMES = {  # those that are met; Unicode itself gives control characters no names
    0x00: "null",
    0x07: "bell",
    0x08: "backspace",
    0x0B: "vertical tab",
    0x0C: "form feed",
    0x1A: "substitute",
    0x1B: "escape",
    0x7F: "delete",
    0x85: "next line",
}


def describe_character(char: str) -> str:
    """Return a character as messages show it: `U+3000 (ideographic space)`, or `U+0002` if it has no name."""
    called = _CONTROL_NAMES.get(ord(char)) or name(char, "").lower()
    point = f"U+{ord(char):04X}"
    return f"{point} ({called})" if called else point


_PIECE = 512  # code points that are normalized at once
_FULL_WIDTH = tuple(zip("（）：！？＝／％\u3000", "():!?=/% ", strict=True))  # all that NFKC changes in most notes
_KANGXI_RANGE = ("\u2f00", "\u2fd5")
# Whole characters of the block CJK Radicals Supplement, from Unicode's EquivalentUnifiedIdeograph.txt; NFKC knows two
# of them. Those that are only parts of characters are left out: who writes one means it.
_LOOKALIKES = dict(
    zip(
        "⺟⺠⺩⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "母民王虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)


def find_lookalike_ideograph(char: str) -> str:
    """Return the unified ideograph that looks like a radical; empty for any other character."""
    if len(char) == 1 and _KANGXI_RANGE[0] <= char <= _KANGXI_RANGE[1]:
        return normalize("NFKC", char)
    return _LOOKALIKES.get(char, "")


def normalize_nfc(text: str) -> str:
    """Return `text` in NFC: macOS and zip archives spell `が` with two characters, keyboards with one."""
    return text if text.isascii() else normalize_unicode("NFC", text)


def describe_unicode_twin(text: str, twin: str) -> str:
    """Return in which Unicode form `text` is spelled, if `twin` looks the same but is spelled otherwise; else empty."""
    if text == twin or normalize_nfc(text) != normalize_nfc(twin):
        return ""
    composed = normalize_nfc(text)
    if text == composed:
        return "with composed letters (NFC)"
    is_decomposed = text == normalize_unicode("NFD", text)
    return "with decomposed letters (NFD)" if is_decomposed else "with letters in two Unicode forms"


def normalize_unicode(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    """Return `text` in a normal form (`NFC`, `NFD`, `NFKC`), in time that grows with its length.

    Python's function takes the square of the number of combining marks on one character. Pieces end before a character
    that no mark joins with the one before it; where there is none for long, which no writing needs, anywhere.
    """
    if text.isascii():
        return text
    if len(text) <= _PIECE:
        return normalize(form, text)
    if form == "NFKC":  # a piece that holds nothing to change is only looked at, which is much faster
        for wide, narrow in _FULL_WIDTH:
            text = text.replace(wide, narrow)
    pieces, start = [], 0
    while start < len(text):
        end = start + _PIECE
        while end < min(len(text), start + 2 * _PIECE) and not _begins_piece(text[end]):
            end += 1
        pieces.append(normalize(form, text[start:end]))
        start = end
    return "".join(pieces)


def _begins_piece(char: str) -> bool:
    """Return whether a character joins none before it: ASCII, a kana, an ideograph, or Japanese punctuation."""
    return char < "\u0080" or ("\u3000" <= char <= "\u9fff" and char not in "\u3099\u309a")


def fold_path(path: str) -> str:
    """Return the key that all spellings of a path share for systems that take no account of case and Unicode form."""
    return normalize_nfc(path).casefold()


def fold_paths(paths: Sequence[str]) -> list[str]:
    """Return this key for each path. All are folded at once: no character is joined with one across an end of line."""
    folded = fold_path("\n".join(paths)).split("\n") if paths else []
    has_ends = len(folded) != len(paths)  # ends of lines in a name
    return [fold_path(path) for path in paths] if has_ends else folded


# Code points that HFS+ ignores in a name (git's `core.protectHFS`).
_IGNORED_IN_NAMES = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])


def is_git_name(name: str) -> bool:
    """Return whether a file system may take this name of a file or folder for `.git`.

    Case never counts; NTFS drops dots and spaces at the end and what follows a colon, and has the short name `GIT~1`.
    """
    plain = name.translate(_IGNORED_IN_NAMES).partition(":")[0].rstrip(". ").casefold()
    return plain == ".git" or (plain.startswith("git~") and plain[4:].isdigit())
