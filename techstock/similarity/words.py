"""Text as it is compared: without width, case, spaces and punctuation."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from unicodedata import normalize

# In UTF-8, ideographs, kana and Hangul begin with a byte behind these, and so does nothing below them.
_NARROW = bytes(range(0xE3))
_KEPT = re.compile(r"[^\W_]+")
_BETWEEN = "\x1f"  # folding makes none
_KEPT_WITHIN = re.compile(rf"[\w{_BETWEEN}]+")
_SENTENCE = re.compile(r"[^。！？!?\n]+?(?:[。！？!?]+|\.(?=\s)|\n|$)")
_SENTENCE_END = re.compile(r"[。！？!?.\n]")
# Compiled at their first use: only near texts are looked at so closely.
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_WORD = r"[a-z]+"
_NEGATION = r"ない|なかっ|なく|ませ|ずに|不可|不要|無効|禁止|\b(?:not|no|never|cannot|without)\b|n't\b"


def folded(text: str) -> str:
    """One width and one case."""
    return normalize("NFKC", text).casefold()


def plain(text: str) -> str:
    """Letters and digits only, folded: what two texts must share to be the same."""
    return "".join(_KEPT.findall(folded(text)))


def plains(texts: Sequence[str]) -> list[str]:
    """Each of the texts, `plain`, with one call of what takes longest."""
    joined = _BETWEEN.join(map(folded, texts))
    if not texts or joined.count(_BETWEEN) >= len(texts):
        return [plain(text) for text in texts]
    return "".join(_KEPT_WITHIN.findall(joined)).replace("_", "").split(_BETWEEN)


def weight(text: str) -> float:
    """How much `plain` text says: an ideograph, kana or Hangul letter counts 1, any other character one half."""
    if text.isascii():
        return len(text) / 2
    return (len(text) + len(text.encode("utf-8", "surrogatepass").translate(None, _NARROW))) / 2


def sentences(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The sentences of each text, plain; empty ones left out."""
    split = [_pieces(text) for text in texts]
    every = iter(plains([piece for some in split for piece in some]))
    return [tuple(filter(None, islice(every, len(some)))) for some in split]


def _pieces(text: str) -> list[str]:
    """The sentences of a text as they are written."""
    return [match[0] for match in _SENTENCE.finditer(text)] if _SENTENCE_END.search(text) else [text]


@lru_cache(maxsize=2048)  # a text is compared with several others
def grams(text: str) -> frozenset[str]:
    """The runs of three characters in `plain` text; shorter text is one gram."""
    return frozenset([text[i : i + 3] for i in range(max(len(text) - 2, 1))]) if text else frozenset()


def numbers(text: str) -> frozenset[str]:
    """The numbers in `text`."""
    return frozenset(re.findall(_NUMBER, folded(text)))


def latin(text: str) -> frozenset[str]:
    """The words of `text` in Latin letters, folded."""
    return frozenset(re.findall(_WORD, folded(text)))


def negations(text: str) -> int:
    """How many words of `text` say no."""
    return len(re.findall(_NEGATION, folded(text)))
