"""The sort order of an index: digits, Latin letters, kana in Japanese dictionary order, Hangul, ideographs.

The reading of an ideograph cannot be known without a dictionary, so ideographs are sorted in Unicode order, which
follows their radicals. Kana follow the main steps of JIS X 4061: hiragana and katakana, small and large, voiced and
unvoiced kana are the same letter, and a long-vowel mark counts as the vowel that it lengthens.
"""

from unicodedata import category

from techstock.text.unicode_names import normalize_unicode

_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_HIRAGANA = str.maketrans({code: code + 0x60 for code in range(0x3041, 0x3097)})
_VOWELS = {
    kana: row[0]
    for row in (
        "アカサタナハマヤラワ",
        "イキシチニヒミリヰ",
        "ウクスツヌフムユル",
        "エケセテネヘメレヱ",
        "オコソトノホモヨロヲ",
    )
    for kana in row
}
_KANA, _JAMO, _HANGUL = ("ァ", "ヿ"), ("\u1100", "\u11ff"), ("가", "\ud7ff")
CollationKey = tuple[tuple[tuple[int, str], ...], tuple[str, ...], str]


def fold_kana(text: str) -> str:
    """Return a text with katakana for hiragana."""
    return text.translate(_HIRAGANA)


def make_collation_key(text: str) -> CollationKey:
    """Return a sort key: letters and digits first, then diacritics and voiced-sound marks, then the text in NFKC."""
    whole = normalize_unicode("NFKC", text)
    before, letters, marks = "", list[tuple[int, str]](), [""]
    for letter in normalize_unicode("NFD", whole.casefold()).translate(_HIRAGANA).translate(_SMALL):
        read = _VOWELS.get(before, letter) if letter == "ー" else letter
        if read.isalnum():
            letters.append((_rank_script(read), read))
            marks.append("")
        elif category(read) == "Mn":
            marks[-1] += read
            continue
        before = read
    return tuple(letters), tuple(marks), whole


def _rank_script(letter: str) -> int:
    if letter.isdigit():
        return 0
    if letter.isascii():
        return 1
    if _KANA[0] <= letter <= _KANA[1]:
        return 3
    if _JAMO[0] <= letter <= _JAMO[1] or _HANGUL[0] <= letter <= _HANGUL[1]:
        return 4
    return 5 if letter >= "\u2e80" else 2
