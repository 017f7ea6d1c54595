"""Explanation of a pair of entries: the rule that reports it, or the reason why none does."""

from collections.abc import Iterable, Iterator

import msgspec

from techstock.model import Place
from techstock.similarity.against import against
from techstock.similarity.findings import DEFINITION, TEMPLATE, Decision, Finding, findings
from techstock.similarity.pairs import CONFLICT, EXACT, NEAR, REPEATED, SENTENCE, TERM, Pair
from techstock.similarity.units import Unit
from techstock.similarity.unlike import likeness, unlike
from techstock.similarity.views import Views

_RULES = {
    DEFINITION: "duplicate-definition",
    TERM: "duplicate-term",
    REPEATED: "term-repeated",
    CONFLICT: "term-conflict",
    NEAR: "near-duplicate",
}
_SIGNS = {
    EXACT: "the same text",
    SENTENCE: "a whole sentence in common",
    TERM: "the same term, with definitions that overlap",
    REPEATED: "the same term twice in one list",
    CONFLICT: "the same term, with definitions that do not overlap",
}
_NOTHING = "no text, whole sentence or term in common"
_APART = {"file": "they stand in two notes", "directory": "they stand in two folders"}


class Verdict(msgspec.Struct, frozen=True):
    """The rule that reports a pair (empty: none does), and the reasons, in clauses."""

    rule: str
    why: tuple[str, ...]


def verdict(decision: Decision, first: int, second: int) -> Verdict:
    """Return the explanation of two entries, by index. Near pairs are only searched for if these two are one."""
    views, scope = decision.views, decision.views.corpus.duplicate_scope
    a, b = views.units[first], views.units[second]
    if views.group(a) != views.group(b):
        return Verdict("", (f"{_APART[scope]}, and `duplicate-scope` is `{scope}`",))
    if views.repeats_translation(first) or views.repeats_translation(second):
        return Verdict("", ("the same text in another language's note stands for it",))
    sign, clauses = _sign(decision, first, second)
    if sign and (copied := _copied(decision, a, b, sign)):
        return copied
    if reported := _reported(decision, a, b, (sign, *clauses) if sign else ("both are copies of a third",)):
        return reported
    if block := _block(decision, a, b):
        return Verdict(block[0], (f"part of a block that stands in both places, here from line {block[1]} on",))
    return Verdict("", (sign, _unreported(views, decision.found, first)) if sign else clauses)


def _sign(decision: Decision, first: int, second: int) -> tuple[str, tuple[str, ...]]:
    """Return why two entries are a pair, empty if they are none, and the clauses against a pair or a stronger one."""
    both = {first, second}
    pair = next((pair for pair in decision.found if {pair.first, pair.second} == both), None)
    if pair:
        return _SIGNS[pair.kind], ()
    views = decision.views
    a, b = views.units[first], views.units[second]
    clauses = against(views, a, b)
    if a.own == b.own:
        return "", tuple(clauses)
    if clause := unlike(views, first, second):
        return "", (*(clauses or [_NOTHING]), clause)
    findings(views.corpus, NEAR)  # the decision holds them from now on
    return f"nearly the same text, alike by {likeness(a, b):.2f}", tuple(clauses)


def _copied(decision: Decision, a: Unit, b: Unit, sign: str) -> Verdict | None:
    """Return the explanation of two entries in files that are copies of each other; None for other files."""
    for copy in decision.copies:
        if copy.notes == {a.note, b.note}:
            if by := decision.apart.notes(copy.smaller, copy.larger):
                return Verdict("", (sign, _comment(decision.views, by[0])))
            return Verdict("file-copy", (sign, f"{copy.share:.0%} of one note stands in the other"))
    return None


def _reported(decision: Decision, a: Unit, b: Unit, why: tuple[str, ...]) -> Verdict | None:
    """Return the explanation by a cluster that contains both entries, or by the comment that suppresses it."""
    both = {(a.note, a.entry), (b.note, b.entry)}
    for rule, finding in _findings(decision):
        if both <= finding.members:
            by = finding.ignored
            return Verdict("", (why[0], _comment(decision.views, by[0]))) if by else Verdict(rule, why)
    return None


def _comment(views: Views, by: Place) -> str:
    line, _ = views.corpus.by_path[by.path].lines.position(by.start)
    return f"ignored by a comment on line {line} of `{by.path}`"


def _block(decision: Decision, a: Unit, b: Unit) -> tuple[str, int] | None:
    """Return the rule that reports two blocks around these entries, and the first line of the first block."""
    note = decision.views.corpus.notes[a.note]
    one, other = (set(_outer(decision.views, unit)) for unit in (a, b))
    for rule, finding in _findings(decision):
        blocks = finding.members & finding.whole
        if one & blocks and other & blocks:
            _, entry = max(one & blocks)
            return rule, note.lines.position(note.entries[entry].place.start)[0]
    return None


def _findings(decision: Decision) -> Iterator[tuple[str, Finding]]:
    for kind, group in decision.findings.items():
        for finding in group:
            yield _RULES[kind], finding


def _outer(views: Views, unit: Unit) -> Iterator[tuple[int, int]]:
    """Yield the entries around an entry, each with the index of its note."""
    parent = unit.parent
    while parent >= 0:
        yield unit.note, parent
        parent = views.corpus.notes[unit.note].entries[parent].parent


def _unreported(views: Views, found: Iterable[Pair], unit: int) -> str:
    """Return the reason why a pair is in no cluster."""
    notes = {views.units[index].note for index in _joined(found, unit)}
    if len(notes) > TEMPLATE:
        return f"it stands in {len(notes)} notes, so it is a template"
    return "reported with another copy of it"


def _joined(found: Iterable[Pair], unit: int) -> set[int]:
    """Return the entries that pairs connect with `unit`, directly or through others."""
    beside: dict[int, list[int]] = {}
    for pair in found:
        beside.setdefault(pair.first, []).append(pair.second)
        beside.setdefault(pair.second, []).append(pair.first)
    joined, new = {unit}, [unit]
    while new:
        fresh = set(beside.get(new.pop(), ())) - joined
        joined |= fresh
        new += fresh
    return joined
