"""Tokens of text: two texts that share most of them are near duplicates."""

import re

from techstock.similarity.words import casefold_nfkc

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
