"""Suppression of pairs by comments, from either side: `<!-- techstock: ignore RULE with="web.md#term" -->`.

All duplicate rules use it, and no other module decides this.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from techstock.analysis.suppressions import SuppressionIndex, list_suppressions
from techstock.duplicates import FILE, RULES, get_cluster_kind
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry, split_term
from techstock.duplicates.matching import DuplicatePair
from techstock.duplicates.prose import get_compared_entry
from techstock.duplicates.term_keys import normalize_term
from techstock.model import Corpus, Note, Span, Suppression
from techstock.model.files import CASE_DIFFERS

# The note of the comment, by index, the rule, and the path and name of the other entry.
_CommentKey = tuple[int, str, str, str]


class PairSuppressions:
    """Lookup of comments that suppress pairs of entries or notes; costs nothing if there are none."""

    def __init__(self, views: ComparisonContext) -> None:
        self._views = views
        rules = set(RULES.values())
        grouped: dict[_CommentKey, list[Suppression]] = {}
        for number, note in enumerate(views.corpus.notes):
            for ignore in list_suppressions(note):
                if ignore.rule in rules:
                    key = (number, ignore.rule, *_parse_other(views.corpus.around or views.corpus, note, ignore))
                    grouped.setdefault(key, []).append(ignore)
        self._covers = {key: SuppressionIndex(group) for key, group in grouped.items()}

    def find_for_pair(self, pair: DuplicatePair, rule: str) -> tuple[str, tuple[Span, ...]]:
        """Return the rule that comments name to suppress a pair in a cluster of `rule`, and the spans of that name.

        It is the rule of the cluster, or the rule that would report the pair alone. Comments may be on one side or on
        both; no spans mean that the pair is not suppressed.
        """
        if not self._covers:
            return "", ()
        one, other = self._views.units[pair.first], self._views.units[pair.second]
        for named in dict.fromkeys((rule, get_cluster_kind(pair.kind))):
            if found := tuple(
                filter(None, (self._find_entry_comment(named, one, other), self._find_entry_comment(named, other, one)))
            ):
                return named, found
        return "", ()

    def find_for_notes(self, one: int, other: int) -> tuple[Span, ...]:
        """Return the spans of the rule name in comments that suppress a file copy; both notes are given by index."""
        both = ((one, other), (other, one)) if self._covers else ()
        return tuple(found for note, its in both if (found := self._find_file_comment(note, its)))

    def _find_file_comment(self, note: int, other: int) -> Span | None:
        notes = self._views.corpus.notes
        return self._find_comment(FILE, note, notes[note].lines.starts[0], [(notes[other].path, ""), ("", "")])

    def _find_entry_comment(self, rule: str, unit: ComparedEntry, other: ComparedEntry) -> Span | None:
        corpus = self._views.corpus
        path = corpus.notes[other.note].path
        names = {
            normalize_term(name)
            for name in (get_display_name(corpus, other), *_list_heading_names(corpus, other))
            if name
        }
        calls = [*((path, name) for name in sorted(names)), (path, ""), ("", "")]
        return self._find_comment(
            rule, unit.note, get_compared_entry(corpus.notes[unit.note], unit.entry).head.start, calls
        )

    def _find_comment(self, rule: str, number: int, at: int, calls: Iterable[tuple[str, str]]) -> Span | None:
        """Return the rule name's span in the comment that applies at offset `at` of a note and names the other half."""
        for call in calls:
            cover = self._covers.get((number, RULES[rule], *call))
            if cover and (ignore := cover.find_suppression(at)):
                return self._views.corpus.notes[number].add_path_to(ignore.name)
        return None


def _parse_other(corpus: Corpus, note: Note, ignore: Suppression) -> tuple[str, str]:
    """Return the path and the name of the other half; both are empty if a comment applies to every pair."""
    if not ignore.other:
        return "", ""
    from techstock.links.file_index import get_file_index  # late: few notes have such a comment
    from techstock.links.resolver import resolve_plain_target

    index = get_file_index(corpus)
    there = resolve_plain_target(index, note, ignore.other)
    if there.path not in index.notes or there.status == CASE_DIFFERS:
        return "..", ""  # no note
    return index.notes[there.path].path, normalize_term(there.fragment)


def get_display_name(corpus: Corpus, unit: ComparedEntry) -> str:
    """Return the name of a copy for messages: its term, else the nearest term around it; empty if there is none."""
    note = corpus.notes[unit.note]
    index = unit.entry
    if unit.form:
        return get_compared_entry(note, index).name
    if unit.key and not note.entries[index].name:  # an arrow or dots stand for the colon
        return split_term("", unit.text)[0]
    while index >= 0:
        if note.entries[index].name:
            return note.entries[index].name
        index = note.entries[index].parent
    return ""


def _list_heading_names(corpus: Corpus, unit: ComparedEntry) -> tuple[str, ...]:
    """Return the title of the preceding heading and its anchor; none if there is none."""
    from techstock.links.anchors import get_anchors  # late: few notes have a comment that asks for it

    note = corpus.notes[unit.note]
    start = get_compared_entry(note, unit.entry).place.start
    index = bisect_left(note.headings, start, key=lambda heading: heading.place.start) - 1
    return (note.headings[index].title, get_anchors(note).headings[index]) if index >= 0 else ()


def split_at_suppressed_pairs(
    pairs: Iterable[DuplicatePair], silenced: Iterable[DuplicatePair]
) -> Iterator[list[DuplicatePair]]:
    """Yield the pairs of one cluster in connected groups that never contain both halves of a suppressed pair.

    Each pair is in at least one group; without suppressed pairs there is one group.
    """
    left = list(pairs)
    foes: dict[int, set[int]] = {}
    for pair in silenced:
        foes.setdefault(pair.first, set()).add(pair.second)
        foes.setdefault(pair.second, set()).add(pair.first)
    beside: dict[int, set[int]] = {}
    for pair in left:
        beside.setdefault(pair.first, set()).add(pair.second)
        beside.setdefault(pair.second, set()).add(pair.first)
    todo = list(left)
    while todo:
        members = _grow_group({todo[0].first, todo[0].second}, beside, foes)
        yield [pair for pair in left if pair.first in members and pair.second in members]
        todo = [pair for pair in todo if not (pair.first in members and pair.second in members)]


def _grow_group(members: set[int], beside: dict[int, set[int]], foes: dict[int, set[int]]) -> set[int]:
    """Return the members plus all entries that can be joined to them, the first in reading order before others."""
    fringe = set().union(*(beside[index] for index in members)) - members
    while fringe:
        index = min(fringe)
        fringe.discard(index)
        if foes.get(index, set()).isdisjoint(members):
            members.add(index)
            fringe |= beside[index] - members
    return members
