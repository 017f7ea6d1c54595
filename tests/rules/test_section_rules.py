"""The section rules where fences cannot show it: one slip one finding, places, messages, fixes, folders of notes."""

from typing import Any

import pytest

from techstock import registry
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Diagnostic
from tests.support import apply_every_fix, get_collections, make_corpus, run_rule

RULES = [name for name in registry.list_rule_names() if name.startswith("section-") or name == "note-title"]
NOTE = """# 復習

## 61.

- ![流れ](https://example.org/flow.png)

- 入れ替えの合図:

  - 止める二分前に知らせが届く。
  - 知らせを受けた機械は新しい仕事を受けない。

- 待避: 新しい要求を受けない状態。

## 62.

- 手続き（Procedure）: 続けて行う問い合わせを一つにまとめたもの。
  - 利点: 往復が減る。

## 63.

- 目標の確かめ:
  - ![表](https://example.org/goals.png)

## 64.

- 復旧: 止まった仕事を再び始めること。
"""


def list_rules(files: dict[str, str]) -> list[str]:
    """Run every section rule, those that are off as well, and return the rule of each problem."""
    plans = [RuleRun(registry.load_rule(name), WARNING) for name in RULES]
    return [diagnostic.rule for diagnostic in diagnose(make_corpus(files), plans)]


def run_on_note(rule: str, text: str, path: str = "note.md", **options: Any) -> Diagnostic:
    [diagnostic] = run_rule(rule, {path: text}, **options)
    return diagnostic


def found_in(rule: str, files: dict[str, str]) -> Diagnostic:
    [diagnostic] = run_rule(rule, files)
    return diagnostic


def numbered(*numbers: object) -> str:
    return "".join(f"## {number}\n\n- 用語: 説明。\n\n" for number in numbers)


def locate(diagnostic: Diagnostic, files: dict[str, str]) -> tuple[str, int, str]:
    place = diagnostic.problem.place
    text = files[place.path]
    return place.path, text.count("\n", 0, place.start) + 1, place.extract_from(text)


@pytest.mark.parametrize("path", ["memo.md", "61-70.md"])
def test_a_note_without_slips(path: str) -> None:
    assert list_rules({path: NOTE}) == []


@pytest.mark.parametrize("path", ["memo.md", "61-70.md", "notes/61_70.md"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("## 62.", "## 61.", "section-number-repeated"),
        ("## 62.", "## 63.", "section-number-repeated"),
        ("## 64.", "## 61.", "section-number-repeated"),
        ("## 61.", "## 69.", "section-number-order"),
        ("## 62.", "## 69.", "section-number-order"),
        ("## 62.", "### 62.", "section-number-level"),
        ("## 62.", "# 62.", "section-number-level"),
        ("## 64.", "### 64.", "section-number-level"),
        ("## 61.", "### 61.", "section-number-level"),
        ("## 62.", "## 62", "section-number-format"),
        ("## 62.", "## 062.", "section-number-format"),
        ("## 62.", "## ６２．", "section-number-format"),
        ("## 62.", "## 62) 手続き", "section-number-format"),
        ("- 復旧: 止まった仕事を再び始めること。\n", "", "section-empty"),
        ("- 復旧: 止まった仕事を再び始めること。\n", "### 要点\n", "section-empty"),
        ("- 復旧: 止まった仕事を再び始めること。\n", "<!-- あとで -->\n", "section-empty"),
        ("## 62.", "## 手続き", "section-unnumbered"),
        ("## 64.", "## 66.", "section-number-gap"),
        ("## 61.", "## 60.", "section-number-gap"),
    ],
)
def test_one_slip_gives_one_finding(path: str, end: str, before: str, after: str, rule: str) -> None:
    slip = NOTE.replace(before, after).replace("\n", end)
    expected = [rule]
    if after == "## 60." and path != "memo.md":
        expected = ["section-number-range"]  # and nothing about a gap behind it
    assert list_rules({path: slip}) == expected


@pytest.mark.parametrize("number", ["2", "162", "26", "71"])
@pytest.mark.parametrize("section", ["61", "62", "64"])
def test_outside_the_range_is_not_out_of_order_too(section: str, number: str) -> None:
    assert list_rules({"61-70.md": NOTE.replace(f"## {section}.", f"## {number}.")}) == ["section-number-range"]


def test_sections_that_change_places() -> None:
    swapped = NOTE.replace("## 62.", "## x").replace("## 63.", "## 62.").replace("## x", "## 63.")
    assert list_rules({"61-70.md": swapped}) == ["section-number-order"]


@pytest.mark.parametrize("slip", ["  ## 62.", "##62.", "##\u300062.", "##\u00a062."])
def test_a_lost_heading_is_no_gap(slip: str) -> None:
    assert list_rules({"note.md": NOTE.replace("## 62.", slip)}) == []


# repeats


def test_repeat_points_at_both() -> None:
    text = numbered("1.", "2.", "01. 写し")
    diagnostic = run_on_note("section-number-repeated", text)
    assert diagnostic.problem.message == "section 1 appears twice in this note"
    assert locate(diagnostic, {"note.md": text}) == ("note.md", 9, "01.")
    [other] = diagnostic.problem.related
    assert (other.place.extract_from(text), other.message) == ("1.", "first here")


def test_three_times_is_two_findings_that_name_the_first() -> None:
    text = numbered("1.", "2.", "2.", "2.", "3.")
    diagnostics = run_rule("section-number-repeated", {"note.md": text})
    assert [locate(d, {"note.md": text})[1] for d in diagnostics] == [9, 13]
    assert {d.problem.related[0].place.start for d in diagnostics} == {text.index("2.")}


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        ((1, 2, 15), (14, 15, 16), ("01-10.md", 9, "15.")),
        ((4, 5, 6), (11, 12, 5), ("11-20.md", 9, "5.")),
    ],
)
def test_repeat_in_another_note_blames_the_one_outside_its_range(
    first: tuple[int, ...], second: tuple[int, ...], place: tuple[str, int, str]
) -> None:
    files = {"01-10.md": numbered(*(f"{n}." for n in first)), "11-20.md": numbered(*(f"{n}." for n in second))}
    [diagnostic] = run_rule("section-number-repeated", files)
    assert locate(diagnostic, files) == place
    assert diagnostic.problem.message.endswith("in the notes of this folder")
    assert diagnostic.problem.label == "not in the file's range"
    assert {diagnostic.problem.related[0].place.path, place[0]} == set(files)
    off = {"section-number-gap"}
    assert [name for name in list_rules(files) if name not in off] == ["section-number-repeated"]


def test_repeat_in_overlapping_ranges_blames_the_later() -> None:
    files = {"9-11.md": numbered("9.", "10."), "10-20.md": numbered("10.", "11.")}
    [diagnostic] = run_rule("section-number-repeated", files)
    assert locate(diagnostic, files) == ("10-20.md", 1, "10.")
    assert diagnostic.problem.label == "again here"
    assert diagnostic.problem.related[0].place.path == "9-11.md"


def test_repeat_is_found_from_either_note() -> None:
    notes = make_corpus({"01-10.md": numbered("9.", "10."), "11-20.md": numbered("10.", "11.", "12.")})
    plans = [RuleRun(registry.load_rule("section-number-repeated"), WARNING)]
    assert len(diagnose(notes, plans, {"01-10.md"})) == len(diagnose(notes, plans, {"11-20.md"})) == 1


# order and gaps


@pytest.mark.parametrize(
    ("numbers", "messages"),
    [
        ((1, 2, 9, 3, 4, 5), ["section 9 comes before 3"]),
        ((5, 1, 2, 3), ["section 5 comes before 1"]),
        ((1, 2, 3, 0), ["section 0 comes after 3"]),
        ((61, 63, 62), ["section 62 comes after 63"]),
        ((2, 1), ["section 1 comes after 2"]),
        ((1, 2, 8, 9, 3, 4, 5), ["section 8 comes before 3", "section 9 comes before 3"]),
        ((4, 1, 2, 3, 9, 5, 6, 7), ["section 4 comes before 1", "section 9 comes before 5"]),
        ((1, 3, 5, 7), []),
        ((3, 2, 1), []),
        ((7, 3, 1, 9, 2, 5, 4), []),
        ((1, 2, 3, 4, 1, 2, 3, 4), []),
        ((3,), []),
        ((), []),
    ],
)
def test_order_blames_the_fewest(numbers: tuple[int, ...], messages: list[str]) -> None:
    text = "# 題\n\n" + numbered(*(f"{n}." for n in numbers))
    diagnostics = run_rule("section-number-order", {"note.md": text})
    assert [d.problem.message.removesuffix(": section numbers must increase") for d in diagnostics] == messages


def test_order_points_at_both() -> None:
    text = numbered("1.", "9. 監視", "2.", "3.")
    problem = run_on_note("section-number-order", text).problem
    assert problem.place.extract_from(text) == "9."
    assert [(r.place.extract_from(text), r.message) for r in problem.related] == [("2.", "2 is here")]


@pytest.mark.parametrize(
    ("numbers", "allow", "message"),
    [
        ((1, 3), (), "section 2 is missing before 3"),
        ((1, 5), (), "sections 2 to 4 are missing before 5"),
        ((1, 7), (4,), "sections 2 to 3, 5 to 6 are missing before 7"),
        ((1, 6), (3, 5), "sections 2, 4 are missing before 6"),
    ],
)
def test_gap_names_what_is_missing(numbers: tuple[int, ...], allow: tuple[int, ...], message: str) -> None:
    text = numbered(*(f"{n}." for n in numbers))
    assert run_on_note("section-number-gap", text, allow=allow).problem.message == message


# level, form, emptiness


def test_level_is_mended() -> None:
    slip = NOTE.replace("## 62.", "#### 62.")
    diagnostic = run_on_note("section-number-level", slip)
    assert diagnostic.problem.message == "section 62 is at level 4, its neighbours are at level 2"
    assert diagnostic.problem.related[0].place.extract_from(slip) == "## 61."
    assert diagnostic.problem.fix is not None
    assert not diagnostic.problem.fix.safe
    assert apply_every_fix({"note.md": slip}, [diagnostic])["note.md"] == NOTE


def test_level_of_an_underlined_heading_has_no_fix() -> None:
    slip = "\n\n".join(["### 1", "甲", "2\n-", "乙", "### 3", "丙"])
    diagnostic = run_on_note("section-number-level", slip)
    assert diagnostic.problem.place.extract_from(slip) == "2"
    assert diagnostic.problem.fix is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("01", "02.", "03.", "10."), ("01.", "02.", "03.", "10.")),
        (("1.", "02. 監視", "3.", "011."), ("1.", "2. 監視", "3.", "11.")),
        (("１.", "2.", "3．", "4."), ("1.", "2.", "3.", "4.")),
        (("１．", "２．", "3."), ("１．", "２．", "３．")),
        (("1)", "**2.**", "3) 監視"), ("1)", "**2)**", "3) 監視")),
        (("001", "002", "30"), ("001", "002", "030")),
        (("1", "2", "03. 監視"), ("1", "2", "3. 監視")),
        (("1、監視", "2．復旧", "3．交代"), ("1．監視", "2．復旧", "3．交代")),
    ],
)
def test_form_is_mended(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    files = {"note.md": numbered(*before)}
    [diagnostic] = run_rule("section-number-format", files)
    assert diagnostic.problem.fix is not None
    assert not diagnostic.problem.fix.safe
    mended = apply_every_fix(files, [diagnostic])
    assert mended["note.md"] == numbered(*after)
    assert run_rule("section-number-format", mended) == []


def test_form_tells_how_many_and_shows_one_to_keep() -> None:
    text = numbered("01", "02", "03.", "04.", "05.")
    problem = run_on_note("section-number-format", text).problem
    assert problem.message == "2 of 5 section numbers are not written like `03.`"
    assert problem.place.extract_from(text) == "01"
    assert [related.place.extract_from(text) for related in problem.related] == ["03."]
    assert problem.data == {"form": "01.", "deviating": 2, "numbers": 5}


@pytest.mark.parametrize(("around", "kept"), [("31", "11"), ("31.", "12.")])
@pytest.mark.parametrize("other", ["a/31-40.md", "a/memo.md"])
def test_form_of_the_neighbours_decides_a_tie(around: str, kept: str, other: str) -> None:
    path = "a/11-20.md" if other == "a/31-40.md" else "a/exam.md"
    files = {path: numbered("11", "12."), other: numbered(around), "b/21-30.md": numbered("21.", "22)")}
    diagnostic = next(d for d in run_rule("section-number-format", files) if d.problem.place.path == path)
    assert diagnostic.problem.message.endswith(f"`{kept}`")


def test_form_of_the_collection_goes_before_that_of_the_folder() -> None:
    notes = {"11-20.md": numbered("11", "12."), "21-30.md": numbered("21"), "memo.md": numbered("1.", "2.", "3.")}
    assert found_in("section-number-format", notes).problem.message.endswith("`11`")


def test_form_that_no_number_has_in_full() -> None:
    text = numbered("1", "02.", "3)", "04.", "5", "６", "07)", "8.")
    diagnostic = run_on_note("section-number-format", text)
    mended = apply_every_fix({"note.md": text}, [diagnostic])["note.md"]
    assert run_rule("section-number-format", {"note.md": mended}) == []


def test_empty_range_heading_is_named_by_its_range() -> None:
    problem = run_on_note("section-empty", "# 題\n\n## 31-40\n").problem
    assert problem.message == "sections 31 to 40 are empty"


def test_every_empty_section_is_told() -> None:
    text = "## 1.\n\n## 2.\n\n- 甲\n\n## 3.\n"
    diagnostics = run_rule("section-empty", {"note.md": text})
    assert [d.problem.message for d in diagnostics] == ["section 1 is empty", "section 3 is empty"]
    assert [d.problem.place.extract_from(text) for d in diagnostics] == ["## 1.", "## 3."]


def test_empty_sections_with_titles_are_told_unless_they_stand_in_a_row() -> None:
    text = "## 1. 甲\n\n## 2. 乙\n\n- 丙\n\n## 3. 丁\n\n# 後半\n\n## 4. 戊\n\n## 5. 己\n"
    diagnostics = run_rule("section-empty", {"note.md": text})
    assert [d.problem.message for d in diagnostics] == ["section 1 is empty", "section 3 is empty"]


def test_an_open_comment_is_not_called_empty() -> None:
    assert run_rule("section-empty", {"note.md": "## 1.\n\n- 甲\n\n## 2.\n\n<!-- 乙\n\n- 丙\n"}) == []


# titles


def folder(count: int, **others: str) -> dict[str, str]:
    notes = {f"a/{number:02}.md": f"# 題 {number}\n\n本文。\n" for number in range(count)}
    return notes | {f"a/{name}.md": text for name, text in others.items()}


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("## 監視\n\n本文。\n", "this note has no heading of level 1, unlike the others of its folder", "## 監視"),
        ("本文。\n続き。\n", "this note has no heading of level 1, unlike the others of its folder", "本文。"),
        ("#監視\n\n本文。\n", "this note has no heading of level 1, unlike the others of its folder", "#監視"),
        (
            "## 監視 # 甲\n\n本文\n",
            "this note has no heading of level 1, unlike the others of its folder",
            "## 監視 # 甲",
        ),
        ("本文。\n\n# 監視\n", "there is something before the title of this note", "# 監視"),
        (
            "---\nauthor: x\n---\n\n本文。\n",
            "this note has no heading of level 1, unlike the others of its folder",
            "本文。",
        ),
        (
            "# 監視\n\n# 復旧\n\n# 交代\n",
            "3 headings of level 1, where most notes of its folder have one",
            "# 復旧",
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_title_slips(text: str, message: str, place: str, end: str) -> None:
    files = folder(9, x=text.replace("\n", end))
    [diagnostic] = run_rule("note-title", files)
    assert diagnostic.problem.message == message
    assert locate(diagnostic, files)[::2] == ("a/x.md", place)


@pytest.mark.parametrize(
    "text",
    [
        "# 監視\n",
        "\ufeff# 監視\n",
        "監視\n====\n",
        "<!-- 下書き\n\nあとで -->\n\n# 監視\n",
        "---\ntitle: 監視\n---\n\n## 甲\n",
        "---\ntitle: 監視\n---\n\n# 甲\n\n# 乙\n",
        "---\ndate: 2023-01-01\n---\n\n# 監視\n",
        "# 監視\n\n> # 引用\n\n- # 甲\n",
        "",
        "\n\n",
        "<!-- あとで -->\n",
        "---\ntitle: 監視\n---\n",
        "<img src='a.png'># 監視\n",
        "## 甲\n\n(1) # 監視\n",
        "#\u3000監視\n\n本文。\n",
        "- 甲\n\n  # 監視\n",
        "# 監視\n\n## 1.\n\n甲\n\n# 2.\n\n乙\n\n## 3.\n\n丙\n",
    ],
)
def test_titles_that_stand(text: str) -> None:
    assert run_rule("note-title", folder(9, x=text)) == []


@pytest.mark.parametrize(
    ("with_title", "without", "reported"), [(9, 1, 1), (8, 1, 0), (18, 2, 2), (17, 2, 0), (4, 0, 0)]
)
def test_title_is_a_habit_of_nine_in_ten(with_title: int, without: int, reported: int) -> None:
    files = folder(with_title, **{f"x{number}": "本文。\n" for number in range(without)})
    assert len(run_rule("note-title", files)) == reported


def test_title_needs_five_notes() -> None:
    assert run_rule("note-title", folder(3, x="# 甲\n\n# 乙\n")) == []
    assert len(run_rule("note-title", folder(4, x="# 甲\n\n# 乙\n"))) == 1


def test_several_titles_are_a_habit_too() -> None:
    twice = {f"x{number}": "# 甲\n\n# 乙\n" for number in range(5)}
    assert run_rule("note-title", folder(5, **twice)) == []


@pytest.mark.parametrize("name", ["README", "index", "_index", "Readme"])
def test_title_passes_over_the_front_page(name: str) -> None:
    assert run_rule("note-title", folder(9, **{name: "## 目次\n"})) == []
    assert run_rule("note-title", folder(4, **{name: "# 目次\n"}, x="# 甲\n\n# 乙\n")) != []
    assert run_rule("note-title", folder(3, **{name: "# 目次\n"}, x="# 甲\n\n# 乙\n")) == []


def test_title_looks_at_each_folder_alone() -> None:
    files = folder(10) | {f"b/{number}.md": "本文。\n" for number in range(10)} | {"a/c/x.md": "本文。\n"}
    assert run_rule("note-title", files) == []


# the notes this was made for


@pytest.mark.parametrize("path", ["seed.md", "61-70.md"])
def test_the_first_note_has_no_slip(path: str) -> None:
    text = (get_collections() / "seed.md").read_bytes().decode()
    assert list_rules({path: text}) == []
    assert list_rules({path: text.replace("## 62.", "## 61.")}) == ["section-number-repeated"]
    assert list_rules({path: text.replace("## 62.", "### 62.")}) == ["section-number-level"]
    assert list_rules({path: text.replace("## 62.", "## 62")}) == ["section-number-format"]
