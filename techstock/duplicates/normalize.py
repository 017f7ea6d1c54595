"""Text normalized for comparison, without width, case, spaces and punctuation, and split into tokens."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from unicodedata import normalize

# In UTF-8, ideographs, kana and Hangul begin with a byte behind these, and so does nothing below them.
_NARROW = bytes(range(0xE3))
_KEPT = re.compile(r"[^\W_]+")
_JOINER = "\x1f"  # folding makes none
_KEPT_WITHIN = re.compile(rf"[\w{_JOINER}]+")
_SENTENCE = re.compile(r"[^。！？!?\n]+?(?:[。！？!?]+|\.(?=\s)|\n|$)")
_SENTENCE_END = re.compile(r"[。！？!?.\n]")
# Compiled at their first use: only near texts are looked at so closely.
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_WORD = r"[a-z]+"
_NEGATION = r"ない|なかっ|なく|ませ|ずに|不可|不要|無効|禁止|\b(?:not|no|never|cannot|without)\b|n't\b"


def casefold_nfkc(text: str) -> str:
    """Return `text` in NFKC and casefolded."""
    return normalize("NFKC", text).casefold()


def normalize_text(text: str) -> str:
    """Return only the letters and digits of `text`, in NFKC and casefolded; equal texts have the same result."""
    return "".join(_KEPT.findall(casefold_nfkc(text)))


def normalize_texts(texts: Sequence[str]) -> list[str]:
    """Return the result of `normalize_text` for each text, with a single pass of its slowest step."""
    joined = _JOINER.join(map(casefold_nfkc, texts))
    if not texts or joined.count(_JOINER) >= len(texts):
        return [normalize_text(text) for text in texts]
    return "".join(_KEPT_WITHIN.findall(joined)).replace("_", "").split(_JOINER)


def compute_weight(text: str) -> float:
    """Return the weight of normalized text: 1 for an ideograph, kana or Hangul letter, 0.5 for other characters."""
    if text.isascii():
        return len(text) / 2
    return (len(text) + len(text.encode("utf-8", "surrogatepass").translate(None, _NARROW))) / 2


def normalize_sentences(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the normalized sentences of each text, without empty ones."""
    split = [_split_sentences(text) for text in texts]
    every = iter(normalize_texts([piece for some in split for piece in some]))
    return [tuple(filter(None, islice(every, len(some)))) for some in split]


def _split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, unchanged."""
    return [match[0] for match in _SENTENCE.finditer(text)] if _SENTENCE_END.search(text) else [text]


@lru_cache(maxsize=2048)  # a text is compared with several others
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
_RUN = re.compile(rf"([{_CJK}]+)|[^\W_{_CJK}]+")


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
