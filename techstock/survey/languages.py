"""Detection of the language of a note by its letters."""

import re

_LETTERS = {
    "Korean": re.compile("[\uac00-\ud7a3]"),
    "Japanese": re.compile("[\u3041-\u30fa]"),
    "Chinese": re.compile("[\u4e00-\u9fff]"),
}
_LATIN = re.compile("[A-Za-z]")
_LETTERS_PER_WORD = 5  # letters of a Latin word, which say about as much as one of the others
_MIN_CJK_SHARE, _MIN_CHINESE_SHARE = 0.1, 0.3  # of what is written; a few ideographs alone may be quoted


def detect_language(text: str) -> str:
    """Return `Japanese`, `Korean`, `Chinese` or `Latin letters` for a note; empty if it has none of their letters.

    English and other languages in Latin letters are not distinguished. Japanese and Korean notes may contain much Latin
    text, code and names; kana or Hangul take precedence over ideographs.
    """
    counts = {name: len(pattern.findall(text)) for name, pattern in _LETTERS.items()}
    latin = len(_LATIN.findall(text)) / _LETTERS_PER_WORD
    total = sum(counts.values()) + latin
    if not total:
        return ""
    ideographs = counts["Chinese"]
    for name in ("Korean", "Japanese"):
        if counts[name] and counts[name] + ideographs >= _MIN_CJK_SHARE * total and counts[name] * 10 >= ideographs:
            return name
    return "Chinese" if ideographs >= _MIN_CHINESE_SHARE * total else "Latin letters"
