"""Baselines: the known diagnostics of a project, which are not reported again, and the text format of their file.

The file has one entry per line, sorted by path, so that a change of it can be reviewed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from techstock.engine.diagnostic_groups import list_all_parts, select_parts
from techstock.model import Corpus, Diagnostic
from techstock.text.escape import escape
from techstock.text.terminal_width import truncate_to_width

_EXCERPT_WIDTH = 50  # columns
_MAX_UNCLEAR_LENGTH = 3  # characters; `-` or `72` says nothing
_MAX_CANDIDATES = 1000  # entries that one finding is held against, where none is the same

VERSION = 1
HEADER_PREFIX = "# techstock baseline "
"""The beginning of the first line; the version follows."""

_HEADER_COMMENT = (
    "# Known findings: count, rule, what stands there as digests, path, excerpt. `techstock baseline` writes this."
)
_MEMBER_PATTERN = r"[0-9a-f]{12}(?:\*[1-9][0-9]{0,3})?"
_LINE_PATTERN = rf"([1-9][0-9]{{0,5}}) ([a-z0-9-]+) ({_MEMBER_PATTERN}(?:\+{_MEMBER_PATTERN})*) (.*?):(?: (.*))?"
_MAX_MEMBERS = 1_000_000  # members of all entries


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


class BaselineError(Exception):
    """The text is not a valid baseline; the message is a clause that follows the name of the file."""


def format_baseline(baseline: Iterable[BaselineEntry]) -> Iterator[str]:
    """Yield the lines of a baseline, each with its line end."""
    yield f"{HEADER_PREFIX}{VERSION}\n{_HEADER_COMMENT}\n"
    for entry in baseline:
        yield f"{_format_entry(entry)}\n"


def _format_entry(entry: BaselineEntry) -> str:
    times = Counter(entry.members)
    digests = "+".join(f"{member}*{count}" if count > 1 else member for member, count in sorted(times.items()))
    return f"{entry.count} {entry.rule} {digests} {entry.path}: {entry.excerpt}".rstrip()


def parse_baseline(text: str) -> list[BaselineEntry]:
    """Return the entries of a baseline in file order. Raises `BaselineError`."""
    lines = text.replace("\r\n", "\n").split("\n")
    _check_header(lines[0])
    found: list[BaselineEntry] = []
    room = _MAX_MEMBERS
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            entry = _parse_entry(line, room)
            if entry is None:
                raise BaselineError(f"is broken: line {number} is not a finding; rewrite it with `techstock baseline`")
            room -= len(entry.members)
            found.append(entry)
    return found


def _check_header(line: str) -> None:
    version = line.removeprefix(HEADER_PREFIX)
    if version == line or not re.fullmatch(r"[0-9]{1,6}", version):
        raise BaselineError(f"is not a baseline: its first line is not `{HEADER_PREFIX}{VERSION}`")
    if int(version) != VERSION:
        raise BaselineError(f"is of version {int(version)}, and this techstock reads version {VERSION} only")


def _parse_entry(line: str, room: int) -> BaselineEntry | None:
    """Parse a line as an entry. Return None if the line is malformed, or has more than `room` members."""
    match = re.fullmatch(_LINE_PATTERN, line)
    if match is None:
        return None
    times = [member.partition("*") for member in match[3].split("+")]
    if sum(int(count or 1) for _, _, count in times) > room:
        return None
    members = sorted(member for member, _, count in times for _ in range(int(count or 1)))
    return BaselineEntry(int(match[1]), match[2], tuple(members), match[4], match[5] or "")


def prune_baseline(baseline: Iterable[BaselineEntry], gone: dict[int, int]) -> list[BaselineEntry]:
    """Return the entries without those that are `gone` (counts by index). Nothing is added, and the order is kept."""
    left = ((entry, entry.count - gone.get(index, 0)) for index, entry in enumerate(baseline))
    return [replace(entry, count=count) for entry, count in left if count]
