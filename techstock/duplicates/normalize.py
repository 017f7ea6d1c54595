"""Text as it is compared: without width, case, spaces and punctuation, but with the signs that carry its meaning.

These are arrows, comparisons, ± and the sign and point of a number. In a code span that is more than a word, every
character but white space counts as it is written. The letters of an address are no words: it stands as one short sign.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from techstock.text.lazy_patterns import compile_lazily
from techstock.text.unicode_names import normalize_unicode

# In UTF-8, ideographs, kana and Hangul begin with a byte behind these, and so does nothing below them.
_NARROW = bytes(range(0xE3))
_JOINER = "\x1f"  # between texts; folding makes none
_OPENER = "\x1e"  # between the sentences of two texts
# Stand for characters of code, as signs that no fold changes and no note holds: the Braille patterns.
_RAISED = 0x2800
# What may begin a sign comes first, and what is around it after that: a search passes over all else at once.
_ARROWS = r"[←↔→⇄±≠≤≥<>\u2800-\u28ff]"
_SIGNS = (
    r"[.+#\-\u2212←↔→⇄±≠≤≥<>\u2800-\u28ff]"
    r"(?:(?<=[0-9]\.)(?=[0-9])|(?<=[a-z][+#])[+#]*|(?<=[-\u2212])(?<![a-z0-9].)(?=[0-9])"
    rf"|(?<={_ARROWS}){_ARROWS}*)"
)
_KEPT = compile_lazily(rf"[^\W_]+|{_SIGNS}")
_KEPT_WITHIN = compile_lazily(rf"[\w{_JOINER}{_OPENER}]+|{_SIGNS}")
_SIGN = compile_lazily(_SIGNS)
_ASCII_MARKS = dict.fromkeys(
    code for code in range(0x80) if not chr(code).isalnum() and chr(code) not in (_JOINER, _OPENER)
)
# A run of marks is tried at its start only: it may be long. A literal first is searched for quickly.
_CODE_START = r"`(?<!``)`*+"
_CODE = compile_lazily(rf"{_CODE_START}([^`]+)`+")
_CODE_WITHIN = compile_lazily(rf"{_CODE_START}([^`{_JOINER}]+)`+")
_RAISED_CODE = {code: chr(_RAISED + code) for code in range(0x21, 0x7F) if not chr(code).isdigit()}
_WORDS_ALONE = compile_lazily(r"[\w \-]*")
_ADDRESS = compile_lazily(r"[a-z][a-z0-9+.-]*://[^\s<>\u3000、。]+", re.I)
# A shaft without an end is tried at its beginning only, or behind `<=` and `>=`: it may be long.
_ARROW = compile_lazily(
    r"[<>=\-⇒⟶⇨➡⇐⟵⬅](?:(?<=<)=(?![=>])|(?<=>)=|(?<=<)[-=]++>"
    r"|(?<=[-=])(?:(?<![-=].)|(?<=[<>]=.))[-=]*+>|(?<=<)-+(?!\w)|(?<=[⇒⟶⇨➡⇐⟵⬅]))"
)
_COMPARISONS = {"<=": "≤", ">=": "≥"}
_LEADS = "→<>"  # at the end of a text they point at nothing
_SENTENCE_END = compile_lazily(r"[。！？!?]+|\.(?=\s)")
_SENTENCE_MARKS = "。！？!?"
_SENTENCE_POINT = compile_lazily(r"\.(?=\s)")
# Compiled at their first use: only near texts are looked at so closely.
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_WORD = r"[a-z]+"
_NEGATION = r"ない|なかっ|なく|ませ|ずに|不可|不要|無効|禁止|\b(?:not|no|never|cannot|without)\b|n't\b"


def casefold_nfkc(text: str) -> str:
    """Return `text` in NFKC and casefolded."""
    return normalize_unicode("NFKC", text).casefold()


def normalize_text(text: str) -> str:
    """Return the letters, digits and signs of a text that carry meaning, folded; equal texts have the same result."""
    return "".join(_KEPT.findall(_signed(text))).strip(_LEADS)


def normalize_texts(texts: Sequence[str]) -> list[str]:
    """Return the result of `normalize_text` for each text, with a single pass of its slowest steps."""
    joined = _JOINER.join(texts)
    if not _can_join(joined, len(texts)):
        return [normalize_text(text) for text in texts]
    return _normalize_joined(joined)


def _can_join(joined: str, count: int) -> bool:
    """Return whether that many texts can be normalized at once: there are some, and none holds what parts them."""
    return joined.count(_JOINER) < count and _OPENER not in joined


def _normalize_joined(joined: str) -> list[str]:
    """Return the normalized form of each of the joined texts.

    Those in ASCII are normalized apart from the others, which take longer.
    """
    marked = _mark_code_within(joined)
    if marked.isascii():
        return _normalize_ascii(marked)
    texts = marked.split(_JOINER)
    narrow = iter(_normalize_ascii(_JOINER.join([text for text in texts if text.isascii()])))
    wide = iter(_normalize_wide(_JOINER.join([text for text in texts if not text.isascii()])))
    return [next(narrow if text.isascii() else wide) for text in texts]


def _normalize_ascii(joined: str) -> list[str]:
    """Return the letters, digits and signs of each of the joined texts, in ASCII; code and addresses are marked."""
    folded = joined.casefold()
    if "<" in folded or ">" in folded:
        folded = _ARROW.sub(_arrow, folded)
    pieces: list[str] = []
    done = 0
    for match in _SIGN.finditer(folded):
        pieces += (folded[done : match.start()].translate(_ASCII_MARKS), match[0])
        done = match.end()
    return _strip_leads("".join([*pieces, folded[done:].translate(_ASCII_MARKS)]))


def _normalize_wide(joined: str) -> list[str]:
    """Return the letters, digits and signs of each of the joined texts; code and addresses are marked."""
    folded = _ARROW.sub(_arrow, casefold_nfkc(joined))
    return _strip_leads("".join(_KEPT_WITHIN.findall(folded)).replace("_", ""))


def _strip_leads(joined: str) -> list[str]:
    """Return the joined texts without the signs at their ends that point at nothing."""
    texts = joined.split(_JOINER)
    return [text.strip(_LEADS) for text in texts] if any(lead in joined for lead in _LEADS) else texts


def make_readable(text: str) -> str:
    """Return normalized text as a person can read it: the characters of code as they were written."""
    return "".join(chr(ord(c) - _RAISED) if _RAISED < ord(c) < _RAISED + 0x80 else c for c in text)


def remove_addresses(text: str) -> str:
    """Return `text` without its URLs."""
    return _ADDRESS.sub(" ", text) if "://" in text else text


def _signed(text: str) -> str:
    """Return `text` folded; its code, addresses and arrows as signs."""
    return _ARROW.sub(_arrow, casefold_nfkc(_mark_code(text)))


def _mark_code(text: str) -> str:
    """Return `text` with signs in the place of addresses and of code that is more than words."""
    if "://" in text:
        text = _ADDRESS.sub(_address, text)
    return _raise_matches(_CODE, text) if "`" in text else text


def _mark_code_within(joined: str) -> str:
    """Return joined texts with signs in the place of addresses and of code that is more than words."""
    if "://" in joined:
        texts = joined.split(_JOINER)
        joined = _JOINER.join([_ADDRESS.sub(_address, text) if "://" in text else text for text in texts])
    return _raise_matches(_CODE_WITHIN, joined) if "`" in joined else joined


def _raise_matches(code: re.Pattern[str], text: str) -> str:
    parts = code.split(text)  # every second one is code
    parts[1::2] = map(_raise_code, parts[1::2])
    return "".join(parts)


def _address(match: re.Match[str]) -> str:
    """Return two signs that stand for an address: equal ones for equal addresses."""
    number = crc32(match[0].encode("utf-8", "surrogatepass"))
    return f" {chr(_RAISED + 0x80 + (number & 0x7F))}{chr(_RAISED + 0x80 + (number >> 7 & 0x7F))} "


@lru_cache(maxsize=4096)  # names recur
def _raise_code(text: str) -> str:
    """Return code as it is written; a word in code is a word."""
    if _WORDS_ALONE.fullmatch(text) and not text.startswith("-"):
        return text
    return text.translate(_RAISED_CODE)


def _arrow(match: re.Match[str]) -> str:
    sign = match[0]
    if sign in _COMPARISONS:
        return _COMPARISONS[sign]
    left, right = sign[0] in "<⇐⟵⬅", sign[-1] in ">⇒⟶⇨➡"
    return "↔" if left and right else "←" if left else "→"


def compute_weight(text: str) -> float:
    """Return the weight of normalized text: 1 for an ideograph, kana or Hangul letter, 0.5 for other characters."""
    if text.isascii():
        return len(text) / 2
    return (len(text) + len(text.encode("utf-8", "surrogatepass").translate(None, _NARROW))) / 2


def weighs(text: str, least: float) -> bool:
    """Return whether the weight of normalized text is at least `least`."""
    return len(text) >= 2 * least or (len(text) >= least and compute_weight(text) >= least)


def is_alphabetic(text: str) -> bool:
    """Return whether `plain` text holds no ideographs, kana or Hangul."""
    return text.isascii() or 2 * compute_weight(text) == len(text)


def normalize_sentences(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the normalized sentences of each text, without empty ones."""
    joined = _JOINER.join(texts)
    if not _can_join(joined, len(texts)):
        return [tuple(filter(None, map(normalize_text, _split_sentences(text)))) for text in texts]
    joined = joined.replace(_JOINER, _JOINER + _OPENER + _JOINER)
    for mark in _SENTENCE_MARKS:
        joined = joined.replace(mark, mark + _JOINER)
    joined = _SENTENCE_POINT.sub("." + _JOINER, joined)
    every = _JOINER.join(_normalize_joined(joined))
    return [tuple(filter(None, text.split(_JOINER))) for text in every.split(_OPENER)]


def _split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, unchanged; some may say nothing."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends, len(text)])] if ends else [text]


@lru_cache(maxsize=512)  # a text is compared with several others, one after the other; each takes 12 KB
def extract_trigrams(text: str) -> frozenset[str]:
    """Return the trigrams of normalized text; a shorter text is one gram."""
    return frozenset([text[i : i + 3] for i in range(max(len(text) - 2, 1))]) if text else frozenset()


def extract_numbers(text: str) -> frozenset[str]:
    """Return the numbers in `text`."""
    return frozenset(re.findall(_NUMBER, casefold_nfkc(text)))


def extract_latin_words(text: str) -> frozenset[str]:
    """Return the casefolded words in Latin letters in `text`."""
    return frozenset(re.findall(_WORD, casefold_nfkc(text)))


def count_negations(text: str) -> int:
    """Return the number of negations in `text`."""
    return len(re.findall(_NEGATION, casefold_nfkc(text)))


# ・ and ゠ part words, as any punctuation does.
_CJK = r"\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3々〆"
_RUN = compile_lazily(rf"([{_CJK}]+)|[^\W_{_CJK}]+")


def tokenize_text(text: str) -> frozenset[str]:
    """Return the runs of three ideographs, kana or Hangul letters in `text`, its other words, and pairs of these words.

    Latin letters form few different runs of three, so whole words are used; pairs reflect their order. Spaces and
    punctuation are ignored. A run of fewer than three characters is one token.
    """
    found: set[str] = set()
    run = word = ""
    for match in _RUN.finditer(casefold_nfkc(text)):
        piece = match[0]
        if match[1]:
            run += piece
            word = ""
            continue
        _add_run_tokens(found, run)
        run = ""
        found.add(piece)
        if word:
            found.add(f"{word} {piece}")
        word = piece
    _add_run_tokens(found, run)
    return frozenset(found)


def _add_run_tokens(found: set[str], run: str) -> None:
    if len(run) > 2:
        found.update([run[at : at + 3] for at in range(len(run) - 2)])
    elif run:
        found.add(run)
