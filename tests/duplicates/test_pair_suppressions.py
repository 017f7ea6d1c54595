"""One pair of copies can be ignored, from either side, and no other pair with it."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock import registry
from techstock.duplicates import EXACT
from techstock.duplicates.matching import DuplicatePair
from techstock.duplicates.pair_suppressions import split_at_suppressed_pairs
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Diagnostic
from tests.support import make_corpus

TEXT = "新しい要求を受けず、いまの仕事を終えてから止まること。"
PLANS = [
    RuleRun(registry.load_rule(name), WARNING)
    for name in (
        "duplicate-definition",
        "duplicate-term",
        "file-copy",
        "term-conflict",
        "term-repeated",
        "unused-ignore",
    )
]


def pairs(files: dict[str, str]) -> set[tuple[str, str]]:
    """The pairs of notes that some finding is about."""
    found = diagnose(make_corpus(files), PLANS)
    assert {one.rule for one in found} <= {"duplicate-definition", "unused-ignore"}, found
    return {pair for one in found for pair in combinations(sorted(_paths(one)), 2)}


def _paths(one: Diagnostic) -> set[str]:
    return {one.problem.place.path, *(other.place.path for other in one.problem.related)}


def make_note(*others: str, term: str = "待避") -> str:
    comments = "".join(f'<!-- techstock: ignore duplicate-definition with="{other}" -->\n' for other in others)
    return f"## 章\n\n{comments}- {term}: {TEXT}\n"


@pytest.mark.parametrize("other", ["b.md", "b.md#待避", "b.md#章", "./b.md", "../n/b.md"])
@pytest.mark.parametrize(("first", "second"), list(combinations("abc", 2)))
def test_one_of_three_pairs(first: str, second: str, other: str) -> None:
    every = {(f"n/{one}.md", f"n/{two}.md") for one, two in combinations("abc", 2)}
    for own, its in ((first, second), (second, first)):
        files = {
            f"n/{name}.md": make_note(*([other.replace("b.md", f"{its}.md")] if name == own else [])) for name in "abc"
        }
        assert pairs(files) == every - {(f"n/{first}.md", f"n/{second}.md")}


@pytest.mark.parametrize(
    "written", [f"- 待避 → {TEXT}\n", f"- 待避:\n  - {TEXT}\n", f"- 待避:\n  - 次のこと\n    - {TEXT}\n"]
)
def test_a_copy_is_called_by_its_term_however_that_is_written(written: str) -> None:
    comment = '<!-- techstock: ignore duplicate-definition with="b.md#{}" -->\n'
    for name, expected in (("待避", set()), ("復旧", {("a.md", "b.md")})):
        assert pairs({"a.md": f"{comment.format(name)}- {TEXT}\n", "b.md": written}) == expected


def test_without_with_a_copy_is_left_out_of_all() -> None:
    plain = "<!-- techstock: ignore duplicate-definition -->\n" + make_note()
    for name in "abc":
        files = {f"{one}.md": plain.replace("## 章\n\n", "") if one == name else make_note() for one in "abc"}
        assert pairs(files) == {tuple(f"{one}.md" for one in "abc" if one != name)}


def test_what_names_nothing_is_not_needed() -> None:
    for other in ("c.md", "b.md#復旧", "x/b.md", "#待避"):
        found = diagnose(make_corpus({"a.md": make_note(other), "b.md": make_note()}), PLANS)
        assert [one.rule for one in found] == ["unused-ignore", "duplicate-definition"]
    both = diagnose(make_corpus({"a.md": make_note("b.md"), "b.md": make_note("a.md")}), PLANS)
    assert both == []  # each side may have one


def test_two_copies_in_one_note() -> None:
    one = f"- 待避: {TEXT}\n"
    text = f'## 1.\n\n<!-- techstock: ignore duplicate-definition with="#待避" -->\n{one}\n## 2.\n\n{one}'
    assert diagnose(make_corpus({"a.md": text}), PLANS) == []


def test_an_ignored_pair_brings_out_no_other_finding() -> None:
    """Without the comment a conflict is reported once for both copies; with it, it must not be reported twice."""
    other = "- 待避: 台風のあいだ船を港に移し、錨を下ろして待つこと。\n"
    files = {"a.md": make_note(), "b.md": make_note(), "c.md": other}
    before = [one.rule for one in diagnose(make_corpus(files), PLANS)]
    after = [one.rule for one in diagnose(make_corpus({**files, "a.md": make_note("b.md")}), PLANS)]
    assert sorted(before) == ["duplicate-definition", "term-conflict"]
    assert after == ["term-conflict"]


def test_a_template_stays_one() -> None:
    files = {f"{number}.md": make_note() for number in range(9)}
    assert pairs(files) == set()
    assert {one.rule for one in diagnose(make_corpus({**files, "1.md": make_note("2.md")}), PLANS)} == {"unused-ignore"}


def test_the_copy_of_a_file() -> None:
    entries = "".join(
        f"- 用語{n}{n}: {c}のことを {n} 番目に長く詳しく説明している文である。\n" for n, c in enumerate("甲乙丙丁戊己")
    )
    comment = '<!-- techstock: ignore-file file-copy with="b.md" -->\n\n'
    assert [one.rule for one in diagnose(make_corpus({"a.md": entries, "b.md": entries}), PLANS)] == ["file-copy"]
    assert diagnose(make_corpus({"a.md": comment + entries, "b.md": entries}), PLANS) == []


def test_without_silenced_pairs_there_is_one_group() -> None:
    chain = [DuplicatePair(a, b, EXACT, 1.0) for a, b in ((2, 3), (0, 4), (1, 2), (3, 4), (4, 5))]
    assert list(split_at_suppressed_pairs(chain, [])) == [chain]


def test_who_comes_first_is_joined_first() -> None:
    pairs = [DuplicatePair(a, b, EXACT, 1.0) for a, b in ((0, 3), (0, 2), (0, 1), (1, 2))]
    groups = [
        {(pair.first, pair.second) for pair in group}
        for group in split_at_suppressed_pairs(pairs, [DuplicatePair(1, 3, EXACT, 1.0)])
    ]
    assert groups == [{(0, 3), (0, 2)}, {(0, 1), (0, 2), (1, 2)}]


indexes = st.integers(0, 7)
edges = st.sets(st.tuples(indexes, indexes).filter(lambda both: both[0] < both[1]), max_size=14)


@given(edges, edges)
def test_groups_hold_each_pair_and_no_silenced_one(left: set[tuple[int, int]], silenced: set[tuple[int, int]]) -> None:
    kept = [DuplicatePair(a, b, EXACT, 1.0) for a, b in sorted(left - silenced)]
    groups = list(split_at_suppressed_pairs(kept, [DuplicatePair(a, b, EXACT, 1.0) for a, b in silenced]))
    assert {pair for group in groups for pair in group} == set(kept)
    for group in groups:
        members = {index for pair in group for index in (pair.first, pair.second)}
        assert not any((a, b) in silenced for a, b in combinations(sorted(members), 2))
