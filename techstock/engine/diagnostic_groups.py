"""Diagnostics that stand for several with one cause: each part is known, changed or suppressed for itself."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from techstock.model import MIN_GROUPED, Corpus, Diagnostic, ProblemGroup, ProblemPart, Span
from techstock.text.phrases import format_differences


def make_groups(group: ProblemGroup, parts: Iterable[Diagnostic], corpus: Corpus) -> Sequence[Diagnostic]:
    """Return the diagnostics of a group as one, with `clusters` in its data; one by one if they are too few."""
    left = tuple(parts)
    if len(left) < MIN_GROUPED:
        return left
    return [_join_parts(group, left, _build_clusters(left, corpus))]


def choose_group_rule(rules: Iterable[str]) -> str:
    """Return the rule that reports parts of these rules as one; empty for no part."""
    return min(rules, default="")  # a definition that is written twice is the stronger finding


def _join_parts(group: ProblemGroup, parts: tuple[Diagnostic, ...], clusters: list[dict[str, Any]]) -> Diagnostic:
    rule = choose_group_rule(one.rule for one in parts)
    severity = next(one.severity for one in parts if one.rule == rule)
    problem = group.select_parts(ProblemPart(one.rule, one.problem) for one in parts).build_problem()
    differing = [one.problem for one in parts if one.problem.data.get("differs")]
    data = {**problem.data, "clusters": clusters}
    if differing:
        data["differs"] = [difference for one in differing for difference in one.data["differs"]]
        said = f"; {len(differing)} of them {'differs' if len(differing) == 1 else 'differ'}"
        problem = replace(
            problem,
            message=f"{problem.message}{said}: {format_differences(data['differs'])}",
            help=f"find out which of them is right, then {problem.help}",
            differs=tuple(place for one in differing for place in one.differs),
        )
    problem = replace(problem, data=data)
    return Diagnostic(rule, severity, problem, tuple(sorted(text for one in parts for text in one.marked)), parts)


def _build_clusters(parts: Iterable[Diagnostic], corpus: Corpus) -> list[dict[str, Any]]:
    """Return the places of the parts, each with its fingerprint; parts that read the same are one."""
    found: dict[str, list[dict[str, Any]]] = {}
    differs: dict[str, list[dict[str, Any]]] = {}
    for one in parts:
        places = sorted((one.problem.place, *(other.place for other in one.problem.related)), key=_get_location)
        here = found.setdefault(one.fingerprint, [])
        here += (lines for place in places if (lines := _locate_lines(place, corpus)) not in here)
        if one.problem.data.get("differs"):
            differs.setdefault(one.fingerprint, []).extend(one.problem.data["differs"])
    return [
        {"places": places, "fingerprint": fingerprint}
        | ({"differs": differs[fingerprint]} if fingerprint in differs else {})
        for fingerprint, places in found.items()
    ]


def _get_location(place: Span) -> tuple[str, Span]:
    return place.path, place


def _locate_lines(place: Span, corpus: Corpus) -> dict[str, Any]:
    note = corpus.by_path.get(place.path)
    if note is None:
        return {"path": place.path, "line": 1, "end_line": 1}
    lines = note.lines
    last = lines.find_line(max(place.start, place.end - 1)) + 1
    return {"path": place.path, "line": lines.find_line(place.start) + 1, "end_line": last}


def select_parts(found: Iterable[Diagnostic], is_wanted: Callable[[Diagnostic], bool]) -> Iterator[Diagnostic]:
    """Yield the diagnostics that are wanted, in their order; of a group those parts, as one while they are enough."""
    for one in found:
        left = tuple(filter(is_wanted, one.list_parts()))
        if len(left) == len(one.list_parts()):
            yield one
        elif len(left) < MIN_GROUPED or one.problem.group is None:
            yield from left
        else:
            wanted = {part.fingerprint for part in left}
            clusters = [part for part in one.problem.data["clusters"] if part["fingerprint"] in wanted]
            yield _join_parts(one.problem.group, left, clusters)


def list_all_parts(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics with the parts of each group in its place."""
    return [part for one in found for part in one.list_parts()]


def select_by_fingerprint(found: Iterable[Diagnostic], fingerprints: Collection[str]) -> list[Diagnostic]:
    """Return the diagnostics with these fingerprints; of a group whose own is not among them, its parts that have."""
    chosen: list[Diagnostic] = []
    for one in found:
        if one.fingerprint in fingerprints:
            chosen.append(one)
        else:
            chosen += (part for part in one.parts if part.fingerprint in fingerprints)
    return chosen
