"""Findings that are known: what a project had when it began to use techstock, and has not mended yet."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from techstock.model import Corpus, Diagnostic
from techstock.text.escape import escape
from techstock.text.width import cut

_EXCERPT = 50  # columns
_SHORT = 3  # characters; `-` or `72` says nothing
_CLOSE = 1000  # entries that one finding is held against, where none is the same


class Entry(msgspec.Struct, frozen=True):
    """`count` findings of a rule that read alike: `members` are digests of what stands at their places.

    `path` and `excerpt` are for people, escaped. Of findings that read alike, those at `path` are the known ones.
    """

    count: int
    rule: str
    members: tuple[str, ...]
    path: str
    excerpt: str


def entries(found: Iterable[Diagnostic], corpus: Corpus) -> list[Entry]:
    """The findings as entries, in the order of path, rule and members."""
    counts: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    excerpts: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for one in found:
        key = (escape(one.problem.place.path), one.rule, members(one))
        counts[key] += 1
        excerpts.setdefault(key, _excerpt(one, corpus))
    return [Entry(counts[key], key[1], key[2], key[0], excerpts[key]) for key in sorted(counts)]


def _excerpt(one: Diagnostic, corpus: Corpus) -> str:
    """What stands at the place, or all of its line where that says nothing."""
    place = one.problem.place
    note = corpus.by_path.get(place.path)
    if note is None:
        return ""
    line = note.lines.index(place.start)
    said = note.first_line(place).of(note.text)
    whole = note.text[note.lines.starts[line] : note.lines.ends[line]]
    return cut(escape(" ".join((said if len(said.strip()) > _SHORT else whole).split())), _EXCERPT)


def members(one: Diagnostic) -> tuple[str, ...]:
    """Digests of what stands at the places of a finding, in alphabetical order."""
    from hashlib import sha256

    return tuple(sorted(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12] for text in one.marked))


class Known(msgspec.Struct, frozen=True):
    """Findings held against a baseline: `new` ones, `known` ones, and how many of each entry, by index, are gone."""

    new: list[Diagnostic]
    known: list[Diagnostic]
    gone: dict[int, int]


def compare(baseline: Sequence[Entry], found: Sequence[Diagnostic], ran: Collection[str]) -> Known:
    """Which findings of all notes are new. `ran` are the rules that did; entries of others are not judged.

    A finding is known once for each time that it is in the baseline. So is one of which some copies were mended, but
    not one with another copy more. An entry is gone if no finding is it, is a part of it, or has grown out of it.
    """
    ledger = _Ledger(baseline)
    marks = [members(one) for one in found]
    left = list(range(len(found)))
    for take in (ledger.take_here, ledger.take_same, ledger.take_part):
        left = [index for index in left if not take(found[index], marks[index])]
    for index in left:
        ledger.keep(found[index].rule, marks[index])
    old = sorted(set(range(len(found))).difference(left))
    return Known([found[index] for index in left], [found[index] for index in old], ledger.gone(ran))


class _Ledger:
    """What is left of each entry. An entry of several copies may be used up in parts."""

    def __init__(self, baseline: Sequence[Entry]) -> None:
        self._entries = baseline
        self._whole = [entry.count for entry in baseline]
        self._parts: dict[int, list[Counter[str]]] = {}
        self._same: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        self._holding: dict[tuple[str, str], list[int]] = {}
        for index, entry in enumerate(baseline):
            self._same.setdefault((entry.rule, entry.members), []).append(index)
            for member in dict.fromkeys(entry.members):
                self._holding.setdefault((entry.rule, member), []).append(index)

    def take_here(self, one: Diagnostic, marks: tuple[str, ...]) -> bool:
        path = escape(one.problem.place.path)
        same = self._same.get((one.rule, marks), ())
        return self._take_whole(index for index in same if self._entries[index].path == path)

    def take_same(self, one: Diagnostic, marks: tuple[str, ...]) -> bool:
        return self._take_whole(self._same.get((one.rule, marks), ()))

    def _take_whole(self, indexes: Iterable[int]) -> bool:
        index = next((index for index in indexes if self._whole[index]), None)
        if index is None:
            return False
        self._whole[index] -= 1
        return True

    def take_part(self, one: Diagnostic, marks: tuple[str, ...]) -> bool:
        """Some copies of a known finding, or a known finding that fell into two."""
        wanted = Counter(marks)
        for index in self._near(one.rule, marks):
            parts = self._parts.setdefault(index, [])
            for part in parts:
                if wanted <= part:
                    part.subtract(wanted)
                    return True
            full = Counter(self._entries[index].members)
            if self._whole[index] and wanted <= full:
                self._whole[index] -= 1
                full.subtract(wanted)
                parts.append(full)
                return True
        return False

    def keep(self, rule: str, marks: tuple[str, ...]) -> None:
        """A new finding that has grown out of a known one: that is not gone."""
        grown = Counter(marks)
        for index in self._near(rule, marks):
            entry = self._entries[index]
            if self._whole[index] and len(entry.members) > 1 and Counter(entry.members) <= grown:
                self._whole[index] -= 1

    def _near(self, rule: str, marks: tuple[str, ...]) -> Iterator[int]:
        """Entries with a member in common, each once."""
        seen: dict[int, None] = {}
        for member in dict.fromkeys(marks):
            seen.update(dict.fromkeys(self._holding.get((rule, member), ())[:_CLOSE]))
            if len(seen) >= _CLOSE:
                break
        return iter(seen)

    def gone(self, ran: Collection[str]) -> dict[int, int]:
        pairs = enumerate(zip(self._entries, self._whole, strict=True))
        return {index: count for index, (entry, count) in pairs if count and entry.rule in ran}
