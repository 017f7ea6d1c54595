"""Passages and editions: each thing that is written twice is known, changed and suppressed for itself."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from techstock.engine import diagnose
from techstock.engine.baseline import compare_with_baseline, make_baseline_entries
from techstock.engine.changed_filter import ChangedFilter
from techstock.engine.diagnostic_groups import list_all_parts, select_parts
from techstock.model import ERROR, INFO, Diagnostic
from techstock.project.changed_lines import ChangesSince
from tests.support import make_corpus, plan_rules

RULES = ("duplicate-definition", "duplicate-term", "term-repeated", "unused-ignore")
PLANS = plan_rules(RULES)
NAMES = "甲乙丙丁戊己庚辛壬癸"
LINES = [
    f"- **{name}の{thing}**: {name}の水門で{thing}を使うときに、流れを見ながら{verb}ための板のこと"
    for name, thing, verb in zip(
        NAMES,
        ("舟", "櫂", "帆", "舵", "錨", "綱", "桟橋", "灯台", "浮標", "港"),
        ("渡す", "漕ぐ", "張る", "回す", "沈める", "結ぶ", "着ける", "照らす", "浮かべる", "集める"),
        strict=True,
    )
]
CHANGED = "- **戊の錨**: 戊の水門で錨を使うときに、流れを見ながら沈めるための重い板のことで、冬は使わない"


def write(first: list[str], second: list[str]) -> dict[str, str]:
    """Return two notes with these lists, and with enough else that neither is a copy of the other as a whole."""
    prose = [
        "".join(f"\n{n}番目の{what}について、昔の人が{place}で書き残したことを順に述べていく。\n" for n in range(40))
        for what, place in (("朝", "山の上"), ("夜", "海の底"))
    ]
    return {
        "a.md": "\n".join(["# 朝", "", *first, prose[0]]),
        "b.md": "\n".join(["# 夜", "", *second, prose[1]]),
    }


def find(files: Mapping[str, str]) -> list[Diagnostic]:
    return diagnose(make_corpus(files), PLANS)


def fingerprints(found: list[Diagnostic]) -> list[str]:
    return [one.fingerprint for one in list_all_parts(found)]


def ignore(line: str, rule: str = "duplicate-definition") -> list[str]:
    return [f"  <!-- techstock: ignore {rule} -->", line]


def test_a_group_lists_its_clusters() -> None:
    [one] = find(write(LINES, LINES))
    clusters = one.problem.data["clusters"]
    assert one.problem.data["entries"] == len(clusters) == 10
    assert clusters[0] == {
        "places": [{"path": "a.md", "line": 3, "end_line": 3}, {"path": "b.md", "line": 3, "end_line": 3}],
        "fingerprint": one.parts[0].fingerprint,
    }
    assert len({cluster["fingerprint"] for cluster in clusters}) == 10
    assert one.fingerprint not in {cluster["fingerprint"] for cluster in clusters}


def test_a_term_in_other_words_is_a_part_by_its_own_rule() -> None:
    second = [CHANGED if "戊" in line else line for line in LINES]
    [one] = find(write(LINES, second))
    assert [part.rule for part in one.parts].count("duplicate-term") == 1
    alone = find(write([LINES[4]], [CHANGED]))
    assert [part.fingerprint for part in one.parts if part.rule == "duplicate-term"] == fingerprints(alone)


@pytest.mark.parametrize("line", LINES)
def test_the_fingerprint_of_a_part_is_that_of_a_finding_of_its_own(line: str) -> None:
    [whole] = find(write(LINES, LINES))
    [alone] = find(write([line], [line]))
    assert not alone.parts
    assert alone.fingerprint in fingerprints([whole])


@given(st.sets(st.sampled_from(range(10))))
@settings(max_examples=40)
def test_a_fingerprint_outlives_the_merge_of_its_neighbors(merged: set[int]) -> None:
    before = set(fingerprints(find(write(LINES, LINES))))
    second = [f"- **{n}**: → [朝](a.md#朝)" if n in merged else line for n, line in enumerate(LINES)]
    after = fingerprints(find(write(LINES, second)))
    assert len(after) == len(set(after)) == 10 - len(merged)
    assert set(after) <= before


@given(st.sets(st.sampled_from(range(10))))
@settings(max_examples=40)
def test_a_baseline_knows_parts(known: set[int]) -> None:
    notes = make_corpus(write([LINES[n] for n in sorted(known)], [LINES[n] for n in sorted(known)]))
    baseline = make_baseline_entries(diagnose(notes, PLANS), notes)
    result = compare_with_baseline(baseline, find(write(LINES, LINES)), RULES)
    left = 10 - len(known)
    assert result.gone == {}
    assert len(list_all_parts(result.new)) == left
    assert len(result.new) == (left if left < 3 else 1)
    assert len(list_all_parts(result.known)) == len(known)
    assert len(result.known) == (len(known) if len(known) < 3 else 1)
    if left >= 3:
        assert len(result.new[0].problem.data["clusters"]) == result.new[0].problem.data["entries"] == left
        assert result.new[0].problem.message == f"this passage of {left} entries repeats another"


def test_a_known_group_is_known_whatever_its_neighbors_become() -> None:
    notes = make_corpus(write(LINES, LINES))
    baseline = make_baseline_entries(diagnose(notes, PLANS), notes)
    assert len(baseline) == 10
    fewer = compare_with_baseline(baseline, find(write(LINES, LINES[:2])), RULES)
    assert (fewer.new, sum(fewer.gone.values())) == ([], 8)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("ignored", [1, 7, 8])
def test_comments_suppress_parts(side: int, ignored: int) -> None:
    commented = [text for n, line in enumerate(LINES) for text in (ignore(line) if n < ignored else [line])]
    files = write(*((commented, LINES) if side == 0 else (LINES, commented)))
    found = find(files)
    assert len(list_all_parts(found)) == 10 - ignored
    assert len(found) == (1 if ignored < 8 else 2)
    everything = [text for line in LINES for text in ignore(line)]
    assert find(write(*((everything, LINES) if side == 0 else (LINES, everything)))) == []


def test_a_comment_names_the_rule_of_a_part() -> None:
    second = [CHANGED if "戊" in line else line for line in LINES]
    at = second.index(CHANGED)
    for rule, left, others in (("duplicate-definition", 10, ["unused-ignore"]), ("duplicate-term", 9, [])):
        commented = [*second[:at], *ignore(CHANGED, rule), *second[at + 1 :]]
        one, *more = sorted(find(write(LINES, commented)), key=lambda found: found.rule)
        assert len(one.parts) == left
        assert [found.rule for found in more] == others


def change(line: str) -> str:
    """Return a line whose definition says the same in other words."""
    return line.replace("ための板のこと", "ための重い板のことで、冬は使わない")


@pytest.mark.parametrize("rule", ["duplicate-definition", "duplicate-term"])
def test_a_comment_on_a_whole_note_leaves_the_parts_of_the_other_rule(rule: str) -> None:
    second = [*LINES[:5], *map(change, LINES[5:])]
    [both] = find(write(LINES, second))
    assert both.rule == "duplicate-definition"
    [left] = find(write(LINES, ["<!-- techstock: ignore-file " + rule + " -->", "", *second]))
    assert {left.rule, *(part.rule for part in left.parts)} == {*RULES[:2]} - {rule}
    assert len(left.parts) == 5
    assert {*fingerprints([left])} < {*fingerprints([both])}


@pytest.mark.parametrize(("own", "severity"), [("duplicate-definition", ERROR), ("duplicate-term", INFO)])
def test_a_group_has_the_rule_of_its_parts_that_are_left(own: str, severity: str) -> None:
    plans = [replace(plan, severity=ERROR if plan.rule.name == RULES[0] else INFO) for plan in plan_rules(RULES[:2])]
    found = diagnose(make_corpus(write(LINES, [*LINES[:5], *map(change, LINES[5:])])), plans)
    [some] = select_parts(found, lambda part: part.rule == own)
    assert (some.rule, some.severity) == (own, severity)
    [alone] = diagnose(make_corpus(write(LINES, [*LINES[:5], *map(change, LINES[5:])])), plan_rules([own]))
    assert (alone.rule, fingerprints([alone])) == (own, fingerprints([some]))


def test_a_comment_names_the_other_half() -> None:
    commented = ['  <!-- techstock: ignore duplicate-definition with="a.md#丙の帆" -->']
    [one] = find(write(LINES, [*LINES[:2], *commented, *LINES[2:]]))
    assert len(one.parts) == 9
    assert all("丙" not in text for text in one.marked)


def test_only_changed_parts_are_reported() -> None:
    notes = make_corpus(write(LINES, LINES))
    every = diagnose(notes, PLANS)
    for lines, count, findings in (((3, 5), 2, 2), ((3, 7), 4, 1), ((1, 2), 0, 0)):
        changes = ChangesSince({"b.md": (lines,)}, frozenset(), frozenset())
        found = ChangedFilter(changes, notes).filter_diagnostics(every)
        assert (len(list_all_parts(found)), len(found)) == (count, findings)


def test_the_parts_of_a_rule_that_is_off_are_no_parts() -> None:
    second = [CHANGED if "戊" in line else line for line in LINES]
    [one] = diagnose(make_corpus(write(LINES, second)), plan_rules(["duplicate-definition"]))
    assert len(one.parts) == 9
