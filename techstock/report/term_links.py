"""Terms found in the definitions of other terms."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

_HEAD = 2  # characters by which terms are looked up; shorter terms are in too many words
_MAX_LENGTH = 60  # characters of a term
_MAX_LINKS = 8  # in one definition


class TermSpan(NamedTuple):
    """A range of a text that names a term, by the number of the term."""

    start: int
    end: int
    term: int


class TermFinder:
    """Finds terms in texts, longest first, as whole words where the script has words."""

    def __init__(self, spellings: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Take the spellings of each term with its number."""
        self._by_head: dict[str, list[tuple[str, int]]] = {}
        for number, names in spellings:
            for name in names:
                folded = name.lower()
                if _HEAD <= len(folded) <= _MAX_LENGTH and len(folded) == len(name):
                    self._by_head.setdefault(folded[:_HEAD], []).append((folded, number))
        for some in self._by_head.values():
            some.sort(key=lambda pair: (-len(pair[0]), pair))

    def find_terms(self, text: str, own: int) -> list[TermSpan]:
        """Return the first place of each term but its `own` in a text, in order and without overlaps."""
        folded, found, seen, at = text.lower(), list[TermSpan](), {own}, 0
        if len(folded) != len(text):
            return []
        heads, last = self._by_head, len(folded) - _HEAD
        while at <= last and len(found) < _MAX_LINKS:
            some = heads.get(folded[at : at + _HEAD])
            match = self._match(folded, at, some) if some else None
            if match is None:
                at += 1
                continue
            name, number = match
            if number not in seen:
                seen.add(number)
                found.append(TermSpan(at, at + len(name), number))
            at += len(name)
        return found

    @staticmethod
    def _match(text: str, at: int, some: Sequence[tuple[str, int]]) -> tuple[str, int] | None:
        for name, number in some:
            if text.startswith(name, at) and _is_word(text, at, at + len(name)):
                return name, number
        return None


def _is_word(text: str, start: int, end: int) -> bool:
    """Return whether a range neither begins nor ends within a word of Latin letters, digits or katakana."""
    return not (
        (start and _are_joined(text[start - 1], text[start]))
        or (end < len(text) and _are_joined(text[end - 1], text[end]))
    )


def _are_joined(one: str, other: str) -> bool:
    """Return whether two neighbors belong to one word."""
    return (_is_katakana(one) and _is_katakana(other)) or (_is_letter(one) and _is_letter(other))


def _is_katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30ff"


def _is_letter(character: str) -> bool:
    return character < "\u1100" and character.isalnum()
