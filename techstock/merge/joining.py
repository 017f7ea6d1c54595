"""Joining of sentences."""

import re
from collections.abc import Iterable

_SENTENCE_END = re.compile(r"[。！？!?.…][」』）)\]\"'”’*_~]*$")
_EMPHASIS_MARKS = "*_~"  # behind punctuation they close only before a space or more punctuation
_WIDE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")


def has_sentence_end(text: str) -> bool:
    """Return whether a text ends like a sentence."""
    return _SENTENCE_END.search(text) is not None


def choose_separator(before: str, behind: str) -> str:
    """Return the separator that keeps two sentences apart."""
    if match := _SENTENCE_END.search(before):
        return "" if match[0][0] in "。！？…" and before[-1] not in _EMPHASIS_MARKS else " "
    if _HANGUL.search(before + behind):
        return ". "
    return "。" if _WIDE.search(before) or _WIDE.search(behind) else "; "


def join_sentences(texts: Iterable[str]) -> str:
    """Return the sentences as one text on one line."""
    whole = ""
    for text in map(join_lines, texts):
        whole = f"{whole}{choose_separator(whole, text)}{text}" if whole else text
    return whole


def join_lines(text: str) -> str:
    """Return a sentence with its line breaks removed."""
    pieces = [piece for piece in re.split(r"[ \t]*\n(?:[ \t]|&nbsp;)*", text.rstrip()) if piece]
    whole = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        whole = whole.removesuffix("\\")
        wide = bool(_WIDE.search(whole[-1:]) and _WIDE.search(piece[:1]))
        tight = wide or whole[-1:] in "、。，" or piece[:1] in "、。，"
        whole += piece if tight else f" {piece}"
    return whole
