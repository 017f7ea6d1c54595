"""Baselines: the known diagnostics of a project, which are not reported again."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from techstock.engine.diagnostic_groups import list_all_parts, select_parts
from techstock.model import Corpus, Diagnostic
from techstock.text.escape import escape
from techstock.text.terminal_width import truncate_to_width

_EXCERPT_WIDTH = 50  # columns
_MAX_UNCLEAR_LENGTH = 3  # characters; `-` or `72` says nothing
_MAX_CANDIDATES = 1000  # entries that one finding is held against, where none is the same


class BaselineEntry(msgspec.Struct, frozen=True):
    """One line of a baseline: `count` diagnostics of a rule with the same marked texts.

    `members` are the digests of these texts. `path` and `excerpt` are for people, and escaped. Where more diagnostics
    than `count` have the same marked texts, those at `path` are the known ones.
    """

    count: int
    rule: str
    members: tuple[str, ...]
    path: str
    excerpt: str


def make_baseline_entries(found: Iterable[Diagnostic], corpus: Corpus) -> list[BaselineEntry]:
    """Return the diagnostics as baseline entries, each part of a group as its own, sorted by path, rule and members."""
    counts: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    excerpts: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for one in list_all_parts(found):
        key = (escape(one.problem.place.path), one.rule, digest_marked_texts(one))
        counts[key] += 1
        excerpts.setdefault(key, _extract_excerpt(one, corpus))
    return [BaselineEntry(counts[key], key[1], key[2], key[0], excerpts[key]) for key in sorted(counts)]


def _extract_excerpt(one: Diagnostic, corpus: Corpus) -> str:
    """Return the text at the place of a diagnostic, or its whole line where that text is too short to be recognized."""
    place = one.problem.place
    note = corpus.by_path.get(place.path)
    if note is None:
        return ""
    line = note.lines.find_line(place.start)
    said = note.trim_to_first_line(place).extract_from(note.text)
    whole = note.text[note.lines.starts[line] : note.lines.ends[line]]
    shown = said if len(said.strip()) > _MAX_UNCLEAR_LENGTH else whole
    # Cut first: to measure a long line for each problem in it would take the square of its length.
    return truncate_to_width(escape(" ".join(shown.lstrip()[: 8 * _EXCERPT_WIDTH].split())), _EXCERPT_WIDTH)


def digest_marked_texts(one: Diagnostic) -> tuple[str, ...]:
    """Return the digests of the texts at the places of a diagnostic, sorted."""
    from hashlib import sha256

    return tuple(sorted(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12] for text in one.marked))


class BaselineComparison(msgspec.Struct, frozen=True):
    """The result of a comparison with a baseline: the `new` and the `known` diagnostics, groups by their parts.

    A group with parts of both kinds is in each with its own parts. `gone` is how many diagnostics of an entry no longer
    exist, by the index of the entry.
    """

    new: list[Diagnostic]
    known: list[Diagnostic]
    gone: dict[int, int]


def compare_with_baseline(
    baseline: Sequence[BaselineEntry], found: Sequence[Diagnostic], ran: Collection[str]
) -> BaselineComparison:
    """Compare the diagnostics of all notes with a baseline. `ran` are the rules that ran; other entries are never gone.

    Each unit of an entry's count matches one diagnostic. A diagnostic with only some of an entry's copies is known,
    too; one with an additional copy is new. An entry is gone if no diagnostic equals it, is a part of it or has grown
    out of it. Of a group each part is held against the baseline for itself.
    """
    ledger = _BaselineMatcher(baseline)
    parts = list_all_parts(found)
    marks = [digest_marked_texts(one) for one in parts]
    left = list(range(len(parts)))
    for take in (ledger.match_same_path, ledger.match_any_path, ledger.match_subset):
        left = [index for index in left if not take(parts[index], marks[index])]
    for index in left:
        ledger.use_grown_entries(parts[index].rule, marks[index])
    fresh = {id(parts[index]) for index in left}
    new = list(select_parts(found, lambda part: id(part) in fresh))
    known = list(select_parts(found, lambda part: id(part) not in fresh))
    return BaselineComparison(new, known, ledger.count_gone(ran))


class _BaselineMatcher:
    """The entries of a baseline that are not matched yet. An entry with several copies may be matched in parts."""

    def __init__(self, baseline: Sequence[BaselineEntry]) -> None:
        self._entries = baseline
        self._whole = [entry.count for entry in baseline]
        self._parts: dict[int, list[Counter[str]]] = {}
        self._same: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        self._holding: dict[tuple[str, str], list[int]] = {}
        for index, entry in enumerate(baseline):
            self._same.setdefault((entry.rule, entry.members), []).append(index)
            for member in dict.fromkeys(entry.members):
                self._holding.setdefault((entry.rule, member), []).append(index)

    def match_same_path(self, one: Diagnostic, marks: tuple[str, ...]) -> bool:
        path = escape(one.problem.place.path)
        same = self._same.get((one.rule, marks), ())
        return self._use_whole_entry(index for index in same if self._entries[index].path == path)

    def match_any_path(self, one: Diagnostic, marks: tuple[str, ...]) -> bool:
        return self._use_whole_entry(self._same.get((one.rule, marks), ()))

    def _use_whole_entry(self, indexes: Iterable[int]) -> bool:
        index = next((index for index in indexes if self._whole[index]), None)
        if index is None:
            return False
        self._whole[index] -= 1
        return True

    def match_subset(self, one: Diagnostic, marks: tuple[str, ...]) -> bool:
        """Match a diagnostic whose texts are a part of an entry: some copies were fixed, or a cluster was split."""
        wanted = Counter(marks)
        for index in self._find_overlapping(one.rule, marks):
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

    def use_grown_entries(self, rule: str, marks: tuple[str, ...]) -> None:
        """Use up the entries that a new diagnostic contains, so that they do not count as gone."""
        grown = Counter(marks)
        for index in self._find_overlapping(rule, marks):
            entry = self._entries[index]
            if self._whole[index] and len(entry.members) > 1 and Counter(entry.members) <= grown:
                self._whole[index] -= 1

    def _find_overlapping(self, rule: str, marks: tuple[str, ...]) -> Iterator[int]:
        """Return the indexes of the entries that share a member with `marks`, each once."""
        seen: dict[int, None] = {}
        for member in dict.fromkeys(marks):
            seen.update(dict.fromkeys(self._holding.get((rule, member), ())[:_MAX_CANDIDATES]))
            if len(seen) >= _MAX_CANDIDATES:
                break
        return iter(seen)

    def count_gone(self, ran: Collection[str]) -> dict[int, int]:
        pairs = enumerate(zip(self._entries, self._whole, strict=True))
        return {index: count for index, (entry, count) in pairs if count and entry.rule in ran}
