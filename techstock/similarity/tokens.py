"""Text as a set of small pieces: two texts that share most of them are near."""

import re

from techstock.similarity.words import folded

# ・ and ゠ part words, as any punctuation does.
_CJK = r"\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3々〆"
_RUN = re.compile(rf"([{_CJK}]+)|[^\W_{_CJK}]+")


def tokens(text: str) -> frozenset[str]:
    """The runs of three ideographs, kana or Hangul letters in `text`, its other words, and pairs of such words.

    Letters make few different runs of three, so they count by words; pairs tell the order. Spaces and punctuation
    count for nothing. A run of fewer than three is one token.
    """
    found: set[str] = set()
    run = word = ""
    for match in _RUN.finditer(folded(text)):
        piece = match[0]
        if match[1]:
            run += piece
            word = ""
            continue
        _add(found, run)
        run = ""
        found.add(piece)
        if word:
            found.add(f"{word} {piece}")
        word = piece
    _add(found, run)
    return frozenset(found)


def _add(found: set[str], run: str) -> None:
    if len(run) > 2:
        found.update([run[at : at + 3] for at in range(len(run) - 2)])
    elif run:
        found.add(run)
