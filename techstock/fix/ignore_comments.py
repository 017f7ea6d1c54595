"""Ignore comments for reported problems, placed where they change nothing else in the rendered note."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import msgspec

from techstock import registry
from techstock.analysis.suppressions import SuppressionIndex, is_comment_only, list_invalid_comments, list_suppressions
from techstock.engine.diagnostic_groups import list_all_parts, select_by_fingerprint
from techstock.model import Corpus, Diagnostic, Edit, Entry, Note, Span
from techstock.parse import parse, reparse
from techstock.parse.render import render_blocks
from techstock.text.edits import OffsetShift, apply_edits

_COMMENT = re.compile(r" ?<!-- techstock:.*?-->", re.S)
_LINE_BREAK_BESIDE_TAG = re.compile(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*")
_NOWHERE, _WHOLE_NOTE = -2, -1  # no place for a comment; the note as such


class CommentTarget(msgspec.Struct, frozen=True):
    """A problem that begins at the offset `at`; a comment above its block or at the end of it is to ignore `rules`.

    `whole` tells whether the whole note is meant.
    """

    at: int
    rules: tuple[str, ...]
    whole: bool = False


def make_comment_edits(note: Note, spots: Sequence[CommentTarget], reason: str, other: str = "") -> list[Edit]:
    """Return the edits that insert a comment for each target where one fits.

    Several targets in one block share a comment. With `other`, the address of an entry, only the pair with that one is
    ignored. The result has been parsed and rendered: every target is covered, and the HTML is the same apart from
    comments.
    """
    trial = _CommentTrial(note, reason, other)
    groups: dict[int, _TargetGroup] = {}
    for spot in spots:
        groups.setdefault(_WHOLE_NOTE if spot.whole else trial.find_block_start(spot.at), []).append(spot)
    good = trial.select_fitting(list(groups.values()), (trial.make_comment_above, trial.make_comment_at_end))
    return [edit for edit, _ in good] if trial.is_valid(good) else []


_TargetGroup = list[CommentTarget]
_CommentMaker = Callable[[_TargetGroup], Edit | None]


class _CommentTrial:
    """A note on which comments are tried out."""

    def __init__(self, note: Note, reason: str, other: str) -> None:
        self._note = note
        self._other = other
        self._ending = f' with="{other}"' if other else ""
        self._ending += f" {reason}" if reason else ""
        self._html = _render_without_comments(note.text)
        self._leaves = [block for block in note.blocks if block.kind != "list" and not is_comment_only(note, block)]
        self._starts = [self._note.lines.find_start(block.place.start) for block in self._leaves]

    def find_block_start(self, offset: int) -> int:
        """Return the start of the first line of the block around an offset; `_NOWHERE` if there is no block."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset <= self._leaves[index].place.end and self._leaves[index].kind != "front-matter":
            return self._starts[index]
        line = self._note.lines.find_start(offset)
        entry = self._find_entry_on_line(line)
        return line if entry and not entry.opens else _NOWHERE

    def select_fitting(
        self, groups: Sequence[_TargetGroup], forms: Sequence[_CommentMaker]
    ) -> list[tuple[Edit, _TargetGroup]]:
        """Return the groups that fit, with their edits; halve those that do not, and finally try the next form."""
        if not groups or not forms:
            return []
        tried = [(edit, group) for group in groups if (edit := forms[0](group))]
        if len(tried) == len(groups) and self.is_valid(tried):
            return tried
        if len(groups) == 1:
            return self.select_fitting(groups, forms[1:])
        half = len(groups) // 2
        return self.select_fitting(groups[:half], forms) + self.select_fitting(groups[half:], forms)

    def is_valid(self, tried: Sequence[tuple[Edit, _TargetGroup]]) -> bool:
        """Return whether these edits cover every target, leave the HTML unchanged and add no invalid comment."""
        edits = [edit for edit, _ in tried]
        text = apply_edits(self._note.text, edits)
        if _render_without_comments(text) != self._html:
            return False
        after = parse(self._note.path, text)
        if list_invalid_comments(after) != list_invalid_comments(self._note) and len(
            list_invalid_comments(after)
        ) > len(list_invalid_comments(self._note)):
            return False
        shift = OffsetShift(self._note.text, edits)
        covers: dict[str, SuppressionIndex] = {}
        for _, group in tried:
            for spot in group:
                offset = shift.move_offset(spot.at)
                for rule in spot.rules:
                    if rule not in covers:
                        covers[rule] = SuppressionIndex(
                            one for one in list_suppressions(after) if one.rule == rule and one.other == self._other
                        )
                    if covers[rule].find_suppression(offset) is None:
                        return False
        return True

    def make_comment_above(self, group: _TargetGroup) -> Edit | None:
        """Return a comment on its own line above the block; for a whole note, at the top."""
        if group[0].whole:
            first = next((block for block in self._note.blocks if block.kind != "front-matter"), None)
            line = self._note.lines.find_start(first.place.start) if first else self._note.lines.starts[0]
            return Edit(Span(line, line), f"{self._format_comment('ignore-file', group)}\n")
        line = self.find_block_start(group[0].at)
        if line == _NOWHERE:
            return None
        return Edit(Span(line, line), f"{self._find_indent(line)}{self._format_comment('ignore', group)}\n")

    def make_comment_at_end(self, group: _TargetGroup) -> Edit | None:
        """Return a comment at the end of the block's text; `None` if it has no place there."""
        index = bisect_left(self._starts, self.find_block_start(group[0].at))
        if (
            group[0].whole
            or self.find_block_start(group[0].at) == _NOWHERE
            or index == len(self._leaves)
            or self._leaves[index].kind not in ("paragraph", "heading")
        ):
            return None
        end = self._leaves[index].place.end
        return Edit(Span(end, end), f" {self._format_comment('ignore', group)}")

    def _format_comment(self, verb: str, group: _TargetGroup) -> str:
        return format_ignore_comment({rule for spot in group for rule in spot.rules}, self._ending, verb)

    def _find_entry_on_line(self, line: int) -> Entry | None:
        """Return the outermost entry that begins on the line with this start."""
        entries = self._note.entries
        index = bisect_left(entries, line, key=lambda entry: entry.place.start)
        end = self._note.lines.find_end(line)
        return entries[index] if index < len(entries) and entries[index].place.start <= end else None

    def _find_indent(self, line: int) -> str:
        """Return the indentation of a comment above this line: that of the block's container or previous entry."""
        entry = self._find_entry_on_line(line)
        if entry is None:
            index = bisect_left(self._starts, line)
            return self._format_prefix(line, self._leaves[index].place.start)
        mates = self._note.siblings[entry.list]
        first = self._note.entries[mates[0]]
        if first == entry:
            return self._format_prefix(line, entry.place.start)
        starts = [self._note.entries[mate].place.start for mate in mates]
        before = self._note.entries[mates[bisect_left(starts, entry.place.start) - 1]]
        inside = before.head.start if before.head.start > before.marker.end else before.marker.end + 1
        width = min(inside - before.marker.start, len(before.marker.extract_from(self._note.text)) + 4)
        return self._format_prefix(self._note.lines.find_start(before.place.start), before.place.start) + " " * width

    def _format_prefix(self, line: int, start: int) -> str:
        """Return the quote marks before a block or an entry, with spaces in place of list markers."""
        return "".join(c if c in "> \t" else " " for c in self._note.text[line:start])


def format_ignore_comment(rules: Iterable[str], ending: str = "", verb: str = "ignore") -> str:
    """Return the comment that ignores these rules; `ending` is empty, or a space and for instance a reason."""
    return f"<!-- techstock: {verb} {', '.join(sorted(rules))}{ending} -->"


def _render_without_comments(text: str) -> str:
    """Return the HTML without techstock's comments, and without line breaks next to tags, which are invisible."""
    html = _COMMENT.sub("", "".join(block.html for block in render_blocks(text)))
    return _LINE_BREAK_BESIDE_TAG.sub("", html).strip()


def group_comment_targets(places: Iterable[tuple[int, str, bool]]) -> list[CommentTarget]:
    """Return targets for offsets, each with a rule and whether the whole note is meant; equal offsets are grouped."""
    rules: dict[tuple[int, bool], set[str]] = {}
    for at, rule, whole in places:
        rules.setdefault((at, whole), set()).add(rule)
    return [CommentTarget(at, tuple(sorted(names)), whole) for (at, whole), names in sorted(rules.items())]


_MAX_ROUNDS = 10  # one is enough unless a cluster falls apart

_CorpusCheck = Callable[[Corpus], Sequence[Diagnostic]]
_DiagnosticKey = tuple[str, str, str]


class AddedIgnores(msgspec.Struct, frozen=True):
    """The corpus with comments, the problems that are still reported, and the new texts of the changed notes.

    `alone` are the notes that stay unchanged because a comment would have caused another problem.
    """

    corpus: Corpus
    found: Sequence[Diagnostic]
    texts: dict[str, str]
    alone: frozenset[str]


def add_ignore_comments(
    corpus: Corpus, found: Sequence[Diagnostic], check: _CorpusCheck, reason: str, only: Collection[str] = ()
) -> AddedIgnores:
    """Add comments that ignore the problems `found`, which `check` reports for the corpus.

    With `only`, just those with one of these fingerprints are ignored. Problems that no comment can ignore are still
    reported, and no new ones are.
    """
    before = Counter(map(_diagnostic_key, list_all_parts(found)))
    alone: set[str] = set()
    done = corpus
    for _ in range(_MAX_ROUNDS):
        wanted = select_by_fingerprint(found, only) if only else found
        changed = _insert_comments(done, wanted, reason, alone)
        if not changed:
            break
        tried = done.replace_notes(changed)
        left = check(tried)
        fresh = [one.problem.place.path for one in list_all_parts(left) if not before[_diagnostic_key(one)]]
        if fresh:
            alone |= set(fresh) & set(changed) or set(changed)
        else:
            done, found = tried, left
    texts = {note.path: note.text for note in done.notes if note.text != corpus.by_path[note.path].text}
    return AddedIgnores(done, found, texts, frozenset(alone))


def add_pair_comment(
    corpus: Corpus, one: Diagnostic, other: str, check: _CorpusCheck, reason: str
) -> AddedIgnores | None:
    """Add a comment that ignores the pair of the entry at a problem and the one with the address `other`.

    `check` reports what must be gone after it, and what must not come up. Return `None` if something is reported.
    """
    place = one.problem.place
    note = corpus.by_path[place.path]
    edits = make_comment_edits(note, [CommentTarget(place.start, (one.rule,))], reason, other)
    if not edits:
        return None
    text = apply_edits(note.text, edits)
    done = corpus.replace_notes({note.path: reparse(note, text)})
    return None if check(done) else AddedIgnores(done, (), {note.path: text}, frozenset())


def _diagnostic_key(one: Diagnostic) -> _DiagnosticKey:
    return one.rule, one.fingerprint, one.problem.place.path


def _insert_comments(
    corpus: Corpus, found: Sequence[Diagnostic], reason: str, alone: Collection[str]
) -> dict[str, Note]:
    """Return the notes with comments for these diagnostics where one fits; notes in `alone` stay unchanged."""
    wanted: dict[str, list[tuple[int, str, bool]]] = {}
    for one in list_all_parts(found):
        for path, at, whole in _find_comment_locations(one, corpus):
            wanted.setdefault(path, []).append((at, one.rule, whole))
    changed: dict[str, Note] = {}
    for path, places in wanted.items():
        if path in alone:
            continue
        note = corpus.by_path[path]
        edits = make_comment_edits(note, group_comment_targets(places), reason)
        if edits:
            changed[path] = reparse(note, apply_edits(note.text, edits))
    return changed


def _find_comment_locations(one: Diagnostic, corpus: Corpus) -> Iterator[tuple[str, int, bool]]:
    """Yield the locations of the comments for a diagnostic: path, offset, and whether the whole note is meant.

    For a cluster of copies, these are all copies but the one to keep, which is the first related place.
    """
    rule = registry.load_rule(one.rule)
    if rule.fixed:
        return
    others = one.problem.related[1:] if rule.paired else ()
    for place in (one.problem.place, *(other.place for other in others)):
        note = corpus.by_path.get(place.path)
        if note is not None:
            yield place.path, place.start, place.end - place.start >= len(note.text) - note.lines.starts[0] > 0
