"""Words, numbers and letters of a copy, with their places: the units in which two copies are compared."""

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from techstock.duplicates.normalize import casefold_nfkc
from techstock.model import Note, Span

NUMBER: Final = "number"
WORD: Final = "word"
KATAKANA: Final = "katakana"
IDEOGRAPH: Final = "ideograph"
KANA: Final = "kana"
OPAQUE: Final = "opaque"  # code, a formula, an address, a sign: what it says is not looked at

_MARKS = "\u0300-\u036f\u3099\u309a"
_DIGIT = "[0-9\uff10-\uff19]"
_JAPANESE_UNITS = (
    "ヶ月|ケ月|か月|カ月|ヵ月|箇月|時間|時|分|秒|日|週間|週|年|月|世紀|円|ドル|人|名|個|件|台|回|倍|割|本|つ|種類|"
    "文字|桁|歳|度|点|段階|ポイント|パーセント"
)
_LATIN_UNITS = (
    r"[kmgtpe]?i?b(?:ytes?|its?|ps|/s)?|[kmg]?hz|[mμun]?s|sec(?:onds?)?|min(?:utes?)?|h(?:ours?|rs?)?|days?|weeks?|"
    r"months?|years?|[kcm]?m|[km]?g|[km]?w|v?cpus?|px|pt|times|percent"
)
_TOKEN = re.compile(
    rf"""
    (?P<opaque>`+[^`]*`+|\$[^$\n]+\$|[a-z][a-z0-9+.-]*://[^\s<>\u3000、。]+|<[^<>\n]*>|[←↔→⇄±≠≤≥<>=×])
  | (?P<number>{_DIGIT}+年{_DIGIT}+月(?:{_DIGIT}+日)?|{_DIGIT}+月{_DIGIT}+日
      |{_DIGIT}+(?:[.,:/\uff0e\uff0c\uff1a-]{_DIGIT}+)*
      (?:\**[ \u3000]?\**(?:[%\uff05‰℃]|(?:{_JAPANESE_UNITS})|(?:{_LATIN_UNITS})(?![a-z0-9])))?)
  | (?P<numeral>[一二三四五六七八九十百千]+(?:つ|人|個|回|本|台|日|月|年|秒|週|種類|倍|割|件|段階|世紀))
  | (?P<word>[a-z\u00c0-\u024f][a-z0-9\u00c0-\u024f{_MARKS}]*(?:['’._/&-][a-z0-9\u00c0-\u024f]+)*[+#]*)
  | (?P<katakana>[\u30a1-\u30fa\u30fc\uff66-\uff9f\u3099\u309a]{{2,}})
  | (?P<ideograph>[\u3400-\u9fff\uac00-\ud7a3々〆][{_MARKS}]*)
  | (?P<kana>[\u3041-\u3096\u30a1-\u30fa\u30fc][{_MARKS}]*)
  | (?P<end>[。！？!?]+|\.(?=\s|$))
    """,
    re.X | re.I,
)
_NUMERAL = "numeral"  # a number in ideographs
_QUANTITY = re.compile(r"([0-9.]+)\s*(.*)")
_FACTORS = {  # units in which one quantity may be written in two ways
    **dict.fromkeys(("秒", "s", "sec", "second", "seconds"), ("time", 1.0)),
    **dict.fromkeys(("分", "min", "minute", "minutes"), ("time", 60.0)),
    **dict.fromkeys(("時間", "h", "hour", "hours", "hr", "hrs"), ("time", 3600.0)),
    **dict.fromkeys(("日", "day", "days"), ("time", 86400.0)),
    **dict.fromkeys(("週間", "週", "week", "weeks"), ("time", 604800.0)),
    **dict.fromkeys(("か月", "month", "months"), ("months", 1.0)),
    **dict.fromkeys(("年", "year", "years"), ("months", 12.0)),
    **{f"{prefix}b": ("bytes", 1024.0**power) for power, prefix in enumerate(("", "k", "m", "g", "t", "p"))},
    **{f"{prefix}ib": ("bytes", 1024.0**power) for power, prefix in enumerate(("", "k", "m", "g", "t", "p")) if prefix},
}
_MONTHS = re.compile(r"[ヶケカヵ箇]月")
_PERCENT = re.compile(r"パーセント|percent")


class Token(NamedTuple):
    """A unit of a sentence: its kind, the form that is compared, the text as it is read, and its place in the note.

    `gap` is what stands between it and the token before: spaces and punctuation.
    """

    kind: str
    key: str
    text: str
    place: Span
    gap: str


Tokens = tuple[Token, ...]


class TokenizedSentence:
    """A sentence of a copy. Most are compared by their `keys` alone, so that their tokens are made when needed."""

    __slots__ = ("_matches", "_text", "keys")

    def __init__(self, text: "_VisibleText", keys: list[str], matches: list[re.Match[str]]) -> None:
        self._text, self._matches = text, matches
        self.keys = tuple(keys)

    def __len__(self) -> int:
        return len(self.keys)

    def make_tokens(self) -> Tokens:
        """Return the tokens, whose forms that are compared are the `keys`."""
        gaps = ["", *(self._text.text[a.end() : b.start()] for a, b in pairwise(self._matches))]
        return tuple(map(self._make_token, self._matches, self.keys, gaps))

    def _make_token(self, match: re.Match[str], key: str, gap: str) -> Token:
        kind = NUMBER if match.lastgroup == _NUMERAL else str(match.lastgroup)
        read = match[0].replace("*", "") if kind == NUMBER else match[0]
        return Token(kind, key, read, self._text.find_place(*match.span()), gap)


class _VisibleText:
    """The text at a place of a note without markup but with its code."""

    def __init__(self, note: Note, place: Span) -> None:
        self._path = note.path
        self._parts: list[tuple[int, int]] = []
        at, index = place.start, bisect_left(note.span_starts, place.start)
        while index < len(note.spans) and note.span_starts[index] < place.end:
            span = note.spans[index]
            if span.kind not in ("code", "math"):
                self._parts.append((at, span.place.start))
                at = max(at, span.place.end)
            index += 1
        self._parts.append((at, place.end))
        self.text = "".join([note.text[start:end] for start, end in self._parts])

    def find_place(self, start: int, end: int) -> Span:
        """Return the place in the note of the characters from `start` up to `end`."""
        return Span(self._find_offset(start), self._find_offset(end - 1) + 1, self._path)

    def _find_offset(self, at: int) -> int:
        for start, end in self._parts:
            if at < end - start:
                return start + at
            at -= max(end - start, 0)
        raise IndexError(at)


def tokenize_sentences(note: Note, place: Span) -> list[TokenizedSentence]:
    """Return the sentences at a place as a reader reads them: without link targets and images."""
    text = _VisibleText(note, place)
    found: list[TokenizedSentence] = []
    keys: list[str] = []
    matches: list[re.Match[str]] = []
    for match in _TOKEN.finditer(text.text):
        if match.lastgroup != "end":
            keys.append(_make_key(match.lastgroup, match[0]))
            matches.append(match)
        elif keys:
            found.append(TokenizedSentence(text, keys, matches))
            keys, matches = [], []
    return [*found, TokenizedSentence(text, keys, matches)] if keys else found


@lru_cache(maxsize=8192)  # most tokens are a kana or an ideograph
def _make_key(group: str | None, text: str) -> str:
    if group == OPAQUE:
        return text
    if group in (NUMBER, _NUMERAL):
        folded = casefold_nfkc(text.replace("*", ""))
        return _PERCENT.sub("%", _MONTHS.sub("か月", "".join(folded.replace(",", "").split())))
    folded = casefold_nfkc(text)
    if group == WORD:
        return folded.replace("-", "").replace("’", "'")
    return folded.replace("ー", "") or folded if group == KATAKANA else folded


def have_equal_quantity(one: str, other: str) -> bool:
    """Return whether the keys of two numbers say the same in two units: `1gb` and `1024mb`."""
    return one == other or (_measure(one) == _measure(other) is not None)


def _measure(key: str) -> tuple[str, float] | None:
    match = _QUANTITY.fullmatch(key)
    if match is None or match[2] not in _FACTORS or match[1].count(".") > 1 or match[1] == ".":
        return None
    base, factor = _FACTORS[match[2]]
    return base, float(match[1]) * factor
