"""Words of running text whose spelling is compared: katakana words, and names in Latin letters.

They are cut as they are typed, and not folded as for duplicates: case, width and separators are what is compared.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from techstock.analysis.entries import URL_REST
from techstock.model import Note, Span
from techstock.text.unicode_names import normalize_nfc, normalize_unicode

_LETTERS = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
_CAPITALS = "A-ZＡ-Ｚ"
_KANA = "ァ-ヺーｦ-ﾟ\u3099\u309a"
_FIRST = "ァ-ヺｦ-ｯｱ-ﾝ"  # a long-vowel mark begins no word
_HYPHENS = "\u2010\u2011-"
_DASHES = "\u2013-\u2015\u2212\u2500"  # typed for a long-vowel mark
_MAX_WORDS = 4  # so many are taken together
_MAX_LENGTH = 80  # code points; what is longer is no term
_FOLLOWING = "{0,40}"  # so many follow the first in one chain: one that is tried from each word ends soon

# A name does not stand inside a path, an address, an option or an identifier; a bare URL is passed over as a whole.
_NAME = (
    rf"(?<![{_LETTERS}_.@/#$\\{_HYPHENS}])(?<![{_LETTERS}_:]:)"
    rf"[{_CAPITALS}][{_LETTERS}]*+(?:[ \u3000{_HYPHENS}](?:[{_CAPITALS}][{_LETTERS}]*+|[0-9０-９]++)){_FOLLOWING}"
    rf"(?![{_LETTERS}_]|[.@/\\:=][{_LETTERS}_])"
)
# A run that a dash ends is passed over at once: nothing in it begins another.
_KATAKANA = (
    rf"(?<![{_KANA}])[{_FIRST}][{_KANA}]*+(?:[ \u3000・･{_HYPHENS}][{_FIRST}][{_KANA}]*+){_FOLLOWING}(?![{_DASHES}])"
)
_WORD_SEQUENCE = rf"[A-Za-z][A-Za-z0-9+.-]{{0,30}}+://{URL_REST}|{_NAME}|{_KATAKANA}"
_SEPARATED_WORD = rf"[^ \u3000・･{_HYPHENS}]+"
_SEPARATOR = rf"[ \u3000・･{_HYPHENS}]+"
_WORD = rf"[{_LETTERS}]+|[{_KANA}]+"
_CAMEL_CASE = r"[a-z][A-Z]"
_LOWERCASE_WORD = r"[a-z][a-z0-9]+"
_VOICED_MARKS = ("\u3099", "\u309a")  # of decomposed kana


@cache
def _compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def find_word_sequences(note: Note, places: Iterable[Span]) -> list[str]:
    """Return the sequences of words joined by one space, hyphen or ・ at the given places of a note."""
    return [
        chain
        for place in places
        for chain in _compile_pattern(_WORD_SEQUENCE).findall(note.text, place.start, place.end)
    ]


def find_latin_names(note: Note) -> Iterator[Span]:
    """Yield the longest sequences of capitalized words in Latin letters in the running text of a note."""
    for place in note.running_text:
        for match in _compile_pattern(_WORD_SEQUENCE).finditer(note.text, place.start, place.end):
            if match[0].isascii() and "://" not in match[0] and not _is_identifier(match[0]):
                yield Span(*match.span())


def find_lowercase_words(note: Note) -> list[str]:
    """Return the lowercase words in the running text of a note."""
    find = _compile_pattern(_LOWERCASE_WORD).findall
    return [word for place in note.running_text for word in find(note.text, place.start, place.end)]


class SpellingFinder:
    """Finder for many spellings; a spelling costs little in a text that does not contain all its words."""

    def __init__(self, spellings: Collection[str]) -> None:
        self._spellings = frozenset(spellings)
        words = {spelling: split_words(spelling) for spelling in spellings}
        often = Counter(word for some in words.values() for word in some)
        self._by_rarest: dict[str, list[tuple[str, list[str]]]] = {}
        for spelling, some in words.items():
            self._by_rarest.setdefault(min(some, key=often.__getitem__), []).append((spelling, some))

    def find_uses(self, note: Note) -> Iterator[tuple[Span, str]]:
        """Yield the uses of the spellings in running text; of two that overlap the earlier, then the longer."""
        text = note.text
        decomposed = any(mark in text for mark in _VOICED_MARKS)
        starts = sorted(
            start for spelling in self._find_present_spellings(text) for start in _iter_starts(spelling, text)
        )
        for place in note.running_text if starts or decomposed else ():
            at = bisect_left(starts, place.start)
            if not decomposed and (at == len(starts) or starts[at] >= place.end):
                continue
            for match in _compile_pattern(_WORD_SEQUENCE).finditer(text, place.start, place.end):
                end = 0
                for first, last in _iter_word_runs(match[0]):
                    spelling = normalize_nfc(match[0][first:last])
                    if first >= end and spelling in self._spellings:
                        yield Span(match.start() + first, match.start() + last), spelling
                        end = last

    def _find_present_spellings(self, text: str) -> list[str]:
        words = set(_compile_pattern(_WORD).findall(text))
        return [
            spelling
            for word in self._by_rarest.keys() & words
            for spelling, parts in self._by_rarest[word]
            if words.issuperset(parts) and spelling in text
        ]


def _iter_starts(spelling: str, text: str) -> Iterator[int]:
    at = text.find(spelling)
    while at >= 0:
        yield at
        at = text.find(spelling, at + 1)


def count_spellings(found: Iterable[Iterable[str]]) -> dict[str, int]:
    """Return how often each word, and each run of words, occurs in these word sequences."""
    total: Counter[str] = Counter()
    for part in found:
        total.update(part)
    result: dict[str, int] = {}
    for chain, times in total.items():
        for first, last in _iter_word_runs(chain):
            spelling = normalize_nfc(chain[first:last])
            result[spelling] = result.get(spelling, 0) + times
    return result


def split_words(spelling: str) -> list[str]:
    """Return the words of a spelling."""
    return _compile_pattern(_SEPARATED_WORD).findall(spelling)


def find_separators(spelling: str) -> list[str]:
    """Return the separators between the words of a spelling."""
    return _compile_pattern(_SEPARATOR).findall(spelling)


def join_words(spelling: str) -> str:
    """Return a spelling in NFKC, without the separators between its words."""
    return _compile_pattern(_SEPARATOR).sub("", normalize_unicode("NFKC", spelling))


def make_variant_key(spelling: str) -> str:
    """Return the key that all spellings of one term share: NFKC, casefolded, without spaces, hyphens, ・ and ー."""
    return join_words(spelling).casefold().replace("ー", "")


def _iter_word_runs(chain: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each run of words in a word sequence; from each word on, the longer runs first."""
    if "://" in chain or _is_identifier(chain):
        return
    words = [match.span() for match in _compile_pattern(_SEPARATED_WORD).finditer(chain)]
    for index, (first, _) in enumerate(words):
        for _, last in reversed(words[index : index + _MAX_WORDS]):
            if last - first <= _MAX_LENGTH:
                yield first, last


def _is_identifier(chain: str) -> bool:
    """Return whether hyphens join camel-case words like `ManageAgent`."""
    return "-" in chain and sum(bool(_compile_pattern(_CAMEL_CASE).search(part)) for part in chain.split("-")) > 1
