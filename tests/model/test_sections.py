"""What a note and a corpus tell about sections: level, numbered or not, series, collections, ranges."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists

from techstock.analysis.numbering import (
    find_longest_increasing,
    find_out_of_range_numbers,
    find_repeated_numbers,
    iter_series,
)
from techstock.model import Corpus, parse_number_range
from techstock.parse import parse
from tests.support import make_corpus, parse_note


def headings(*lines: str) -> str:
    return "".join(f"{line}\n\n本文。\n\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "level", "numbered"),
    [
        (("# 題", "## 1.", "## 2."), 2, True),
        (("# 題", "## 1."), 2, True),
        (("# 1.", "# 2."), 1, True),
        (("## 前半", "### 1.", "### 2.", "## 後半", "### 1."), 3, True),
        (("## 61.", "### 62.", "## 63."), 2, True),
        (("# 62.", "## 61.", "## 63."), 2, True),
        (("## 21.", "### 1. 甲", "### 2. 乙", "### 3. 丙", "## 22."), 2, True),  # parts of sections
        (("## 21.", "#### 1.", "#### 2.", "#### 3.", "## 22.", "### 甲"), 2, True),
        (("# 1. 題", "## 1. 甲", "## 2. 乙"), 2, True),  # a single number goes behind
        (("## 1.", "## 甲", "## 2."), 2, True),
        (("## 1.", "## 甲"), 2, False),  # half is not most
        (("## 1.", "## 甲", "## 乙", "### 1.", "### 2."), 3, True),
        (("## 甲", "## 乙"), 2, False),
        (("# 題",), 2, False),
        (("### 甲", "### 2019", "### 2020"), 2, False),
        (("## 第 1 章", "## 第 2 章 乙", "## 付録"), 2, True),
        (("## 31-40",), 2, True),
        ((), 2, False),
    ],
)
def test_section_level(lines: tuple[str, ...], level: int, numbered: bool) -> None:
    found = parse_note(headings(*lines))
    assert (found.section_level, found.is_numbered) == (level, numbered)


def test_headings_in_entries_are_no_sections() -> None:
    found = parse_note("- ## 1.\n- ## 2.\n\n## 甲\n")
    assert not found.is_numbered
    assert [section.heading.title for section in found.sections] == ["甲"]


def test_configured_level_stands() -> None:
    found = parse("n.md", headings("## 1.", "### 甲", "## 2."), level=3)
    assert (found.section_level, found.is_numbered) == (3, False)
    assert [section.heading.title for section in found.sections] == ["甲"]
    assert found.numbered_sections == ()


def test_sections_and_their_bodies() -> None:
    text = "# 題\n\n## 1.\n\n甲\n\n### 小\n\n乙\n\n## 二\n\n丙\n\n# 後半\n\n丁\n\n## 3-4\n"
    found = parse_note(text)
    assert [(s.heading.title, s.number) for s in found.sections] == [("1.", 1), ("二", -1), ("3-4", -1)]
    assert [s.body.extract_from(text).split() for s in found.sections] == [["甲", "###", "小", "乙"], ["丙"], []]
    assert [s.number for s in found.numbered_sections] == [1]


def test_no_numbered_sections_in_a_note_that_is_not_numbered() -> None:
    assert parse_note(headings("## 1.", "## 甲", "## 乙")).numbered_sections == ()


def numbers(text: str) -> list[list[int]]:
    return [[section.number for section in sections] for sections in iter_series(parse_note(text))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("# 題", "## 1.", "## 2."), [[1, 2]]),
        (("# 前半", "## 1.", "## 2.", "# 後半", "## 1."), [[1, 2], [1]]),
        (("## Question 1", "## Part 1", "## question 2", "## Part 2"), [[1, 2], [1, 2]]),
        (("## 1.", "## 1-3", "## 甲", "## 2."), [[1, 2]]),
        (("## 1.", "## 2.", "## 答え", "## 1.", "## 2."), [[1, 2], [1, 2]]),
        (("## 1.", "## 2.", "## 1.", "## 2."), [[1, 2, 1, 2]]),
        (("## 5.", "## 6.", "## 甲", "## 5."), [[5, 6, 5]]),
        (("## 序", "## 1.", "## 2."), [[1, 2]]),
        (("## 1.", "## 甲", "## 乙"), []),
    ],
)
def test_series(lines: tuple[str, ...], expected: list[list[int]]) -> None:
    assert numbers(headings(*lines)) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([1, 2, 9, 3, 4], [1, 2, 3, 4]),
        ([61, 63, 62], [61, 63]),  # of two the first
        ([1, 2, 2, 3], [1, 2, 3]),
        ([2, 1], [2]),
        ([3, 2, 1], []),  # less than half
        ([4, 3, 2, 1, 5], []),
        ([5, 1, 6, 2, 7, 3], [5, 6, 7]),
    ],
)
def test_upward(found: list[int], expected: list[int]) -> None:
    text = parse_note(headings(*(f"## {number}." for number in found)))
    [sections] = iter_series(text)
    assert [section.number for section in find_longest_increasing(text, sections)] == expected


@given(lists(integers(1, 9), min_size=1, max_size=8))
def test_upward_is_as_long_as_can_be(found: list[int]) -> None:
    text = parse_note(headings(*(f"## {number}." for number in found)))
    [sections] = iter_series(text)
    result = [section.number for section in find_longest_increasing(text, sections)]
    subsets = (subset for size in range(len(found) + 1) for subset in combinations(found, size))
    longest = max(len(subset) for subset in subsets if all(a < b for a, b in pairwise(subset)))
    assert all(a < b for a, b in pairwise(result))
    assert len(result) == (longest if 2 * longest >= len(found) else 0)


def test_upward_takes_the_first_of_equals_and_leaves_out_what_is_outside() -> None:
    found = parse_note(headings("## 11.", "## 12.", "## 12.", "## 3.", "## 14."), "11-20.md")
    [sections] = iter_series(found)
    assert find_out_of_range_numbers(found) == {3}
    assert find_longest_increasing(found, sections) == (sections[0], sections[1], sections[4])


@pytest.mark.parametrize(
    ("path", "lines", "expected"),
    [
        ("61-70.md", ("## 61.", "## 70."), (61, 70)),
        ("a/b/61_70.md", ("## 61.",), (61, 70)),
        ("001-010.MD", ("## 1.",), (1, 10)),
        ("91-100.markdown", ("## 100.",), (91, 100)),
        ("61-70.md", ("## 61.", "## 62.", "## 3."), (61, 70)),
        ("61-70.md", ("## 61.", "## 3."), None),  # half is not most
        ("61-70.md", (), None),
        ("61-70.md", ("## 甲",), None),
        ("07-25.md", ("## 1.", "## 2."), None),
        ("2023-07.md", ("## 1.",), None),
        ("70-61.md", ("## 65.",), None),
        ("61-61.md", ("## 61.",), None),
        ("x61-70.md", ("## 61.",), None),
        ("61-70-80.md", ("## 61.",), None),
        ("61-70", ("## 61.",), None),
        ("61-70/a.md", ("## 61.",), None),
    ],
)
def test_number_range(path: str, lines: tuple[str, ...], expected: tuple[int, int] | None) -> None:
    assert parse_number_range(parse_note(headings(*lines), path)) == expected


def paths(notes: Corpus) -> list[list[str]]:
    return sorted([note.path for note in notes] for notes in notes.collections)


def test_collections_are_ordered_by_range_not_by_name() -> None:
    files = {"91-100.md": headings("## 91."), "101-110.md": headings("## 101."), "1_10.md": headings("## 1.")}
    assert paths(make_corpus(files)) == [["1_10.md", "91-100.md", "101-110.md"]]


def test_collections_do_not_cross_folders_and_leave_other_notes_alone() -> None:
    files = {
        "a/01-10.md": headings("## 1."),
        "a/11-20.md": headings("## 11."),
        "a/07-25.md": headings("## 1."),
        "a/memo.md": headings("## 1."),
        "a/b/21-30.md": headings("## 21."),
    }
    assert paths(make_corpus(files)) == [["a/01-10.md", "a/11-20.md"], ["a/07-25.md"], ["a/b/21-30.md"], ["a/memo.md"]]


def test_folders_hold_their_own_notes() -> None:
    found = make_corpus({"a.md": "", "b/c.md": "", "b/d.md": "", "b/e/f.md": ""})
    assert {folder: [n.path for n in notes] for folder, notes in found.folders.items()} == {
        "": ["a.md"],
        "b": ["b/c.md", "b/d.md"],
        "b/e": ["b/e/f.md"],
    }


def test_repeats_over_three_notes_hold_against_the_one_in_its_range() -> None:
    files = {
        "01-10.md": headings("## 1.", "## 2.", "## 15."),
        "11-20.md": headings("## 11.", "## 15."),
        "21-30.md": headings("## 21.", "## 22.", "## 15."),
    }
    found = [(r.note.path, r.section.number, r.other_note.path) for r in find_repeated_numbers(make_corpus(files))]
    assert found == [("01-10.md", 15, "11-20.md"), ("21-30.md", 15, "11-20.md")]


def test_repeats_in_overlapping_ranges_name_the_first() -> None:
    files = {f"{name}.md": headings("## 10.", "## 11.") for name in ("8-11", "9-11", "10-20")}
    found = [(r.note.path, r.section.number, r.other_note.path) for r in find_repeated_numbers(make_corpus(files))]
    assert found == [(path, number, "8-11.md") for path in ("9-11.md", "10-20.md") for number in (10, 11)]


def test_repeats_of_other_words_are_none() -> None:
    files = {"01-10.md": headings("## 問題 1", "## 問題 2"), "1-11.md": headings("## 答え", "## 1.", "## 2.")}
    assert list(find_repeated_numbers(make_corpus(files))) == []
