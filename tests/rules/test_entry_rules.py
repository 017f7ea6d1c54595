"""The entry rules where fences cannot show it: what the fixes write, line ends, tabs, quotes, real notes."""

import pytest

from techstock.model import Diagnostic
from tests.support import apply_every_fix, get_collections, run_rule

NUMBERED = "## 1.\n\n{}\n\n## 2.\n\n- 終わり: 最後。\n"
RULES = ("colon-style", "definition-misplaced", "definition-missing", "entry-form", "term-repeated")


def run_on_text(rule: str, text: str, **options: str | tuple[str, ...]) -> list[Diagnostic]:
    return run_rule(rule, {"note.md": text}, **options)


def fix_text(rule: str, text: str, **options: str | tuple[str, ...]) -> str:
    return apply_every_fix({"note.md": text}, run_on_text(rule, text, **options))["note.md"]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("- 甲：乙\n", "- 甲: 乙\n"),
        ("- 甲 ：\u3000乙\n", "- 甲: 乙\n"),
        ("- 甲:乙\r\n- 丙 :丁\r\n", "- 甲: 乙\r\n- 丙: 丁\r\n"),
        ("- 甲 :  \n  乙\n", "- 甲:  \n  乙\n"),
        ("- 甲：\n  - 乙\n", "- 甲:\n  - 乙\n"),
        ("- 甲：\r\n", "- 甲:\r\n"),
        ("- **甲：** 乙\n", "- **甲:** 乙\n"),
        ("- **甲 :**   乙\n", "- **甲:** 乙\n"),
        ("- **甲** ：乙\n", "- **甲**: 乙\n"),
        ("- <b>甲：</b>乙\n", "- <b>甲:</b> 乙\n"),
        ("- `甲`：`乙`\n", "- `甲`: `乙`\n"),
        ("- 甲:**乙**\n", "- 甲: **乙**\n"),
        ("> - 甲：乙\n", "> - 甲: 乙\n"),
        ("- 甲:\t乙\n", "- 甲: 乙\n"),
    ],
)
def test_colon_is_rewritten(before: str, expected: str) -> None:
    assert fix_text("colon-style", before) == expected
    assert run_on_text("colon-style", expected) == []


@pytest.mark.parametrize(
    "text",
    [
        "- [甲]：乙\n",
        "- [甲] : 乙\n",
        "- **甲：**乙\n",
        "- 甲 *乙：*丙\n",
        "- 甲_ :乙_\n",
        "- ~~甲 ：~~乙\n",
        "- 甲：*_乙_*\n",
        "- ==甲：==乙\n",
        "- ==甲 ： ==乙\n",
        "- ==甲：== 乙\n",
        "- 甲：www.example.org\n",
        "- 甲 https://example.org/ : 乙\n",
        "- 甲 www.example.org：乙\n",
    ],
)
def test_no_colon_fix_where_the_markdown_would_change(text: str) -> None:
    [diagnostic] = run_on_text("colon-style", text)
    assert diagnostic.problem.fix is None


def test_colon_fix_keeps_a_bare_url_a_link() -> None:
    assert fix_text("colon-style", "- 甲: www.example.org\n", colon="：") == "- 甲: www.example.org\n"


@pytest.mark.parametrize("term", ["<https://example.org>", '<a href="https://example.org">甲</a>'])
def test_colon_fix_behind_a_link_with_an_end_of_its_own(term: str) -> None:
    assert fix_text("colon-style", f"- {term}：https://example.org\n") == f"- {term}: https://example.org\n"


def test_colon_fix_leaves_an_escaped_colon() -> None:
    assert fix_text("colon-style", "- 甲\\: 乙\n", colon="：") == "- 甲\\: 乙\n"


def test_colon_label_names_the_slip() -> None:
    labels = [d.problem.label for d in run_on_text("colon-style", "- 甲：乙\n- 丙 : 丁\n- 戊:己\n")]
    assert labels == ["another colon", "space before it", "space after it"]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("- 甲:\n- 乙\n- 丙\n- 丁: 戊\n", "- 甲:\n  - 乙\n  - 丙\n- 丁: 戊\n"),
        ("- 甲:\r\n- 乙\r\n\r\n  丙\r\n", "- 甲:\r\n  - 乙\r\n\r\n    丙\r\n"),
        ("- 甲:\n- 乙\n続き\n", "- 甲:\n  - 乙\n  続き\n"),
        ("-   甲:\n-   乙\n    - 丙\n", "-   甲:\n    -   乙\n        - 丙\n"),
        ("- 甲\n  - 乙:\n  - 丙\n- 丁\n", "- 甲\n  - 乙:\n    - 丙\n- 丁\n"),
        ("- 甲:\n- 乙\n- ![図](a.png)\n", "- 甲:\n  - 乙\n- ![図](a.png)\n"),
        ("- **甲**:\n- 乙\n", "- **甲**:\n  - 乙\n"),
        ("- [ ] 甲:\n- [ ] 乙\n", "- [ ] 甲:\n  - [ ] 乙\n"),
    ],
)
def test_misplaced_definition_is_indented(before: str, expected: str) -> None:
    [diagnostic] = run_on_text("definition-misplaced", before)
    assert diagnostic.problem.fix is not None
    assert not diagnostic.problem.fix.safe
    assert fix_text("definition-misplaced", before) == expected
    for rule in ("definition-misplaced", "definition-missing"):
        assert run_on_text(rule, expected) == []


@pytest.mark.parametrize(
    "text",
    [
        "> - 甲:\n> - 乙\n",
        "- 甲:\n- 乙\n\t- 丙\n",
        "- 甲:\n - 乙\n",
        "- - 甲:\n  - 乙\n",
        "-\t甲:\n-\t乙\n",
        "-\n  甲:\n- 乙\n",
    ],
)
def test_no_indenting_where_columns_are_unsure(text: str) -> None:
    [diagnostic] = run_on_text("definition-misplaced", text)
    assert diagnostic.problem.fix is None


def test_misplaced_definition_shows_its_entries() -> None:
    text = "- 甲:\n- 乙\n- 丙\n"
    [diagnostic] = run_on_text("definition-misplaced", text)
    assert diagnostic.problem.place.extract_from(text) == "甲:"
    assert [other.place.extract_from(text) for other in diagnostic.problem.related] == ["- 乙\n- 丙"]


def test_a_term_is_missing_its_definition_or_has_it_misplaced_never_both() -> None:
    text = "- 甲:\n- 乙\n- 丙:\n- 丁: 戊\n"
    assert [d.problem.place.extract_from(text) for d in run_on_text("definition-misplaced", text)] == ["甲:"]
    assert [d.problem.place.extract_from(text) for d in run_on_text("definition-missing", text)] == ["丙:"]


def test_missing_definition_in_a_note_with_tabs_and_crlf() -> None:
    text = "-\t甲:\r\n-\t乙: 丙\r\n\t- 丁：\r\n"
    assert [d.problem.place.extract_from(text) for d in run_on_text("definition-missing", text)] == ["甲:", "丁："]


def test_messages_show_terms_without_their_marks() -> None:
    [diagnostic] = run_on_text("definition-missing", "- **甲の `-w`**:\n")
    assert diagnostic.problem.message == "`甲の -w` has no definition"


def test_repeated_term_points_to_the_first() -> None:
    text = "- 甲: 一\n- 乙: 二\n- 甲: 三\n"
    [diagnostic] = run_on_text("term-repeated", text)
    assert diagnostic.problem.place.start == text.rindex("甲")
    assert [other.place.start for other in diagnostic.problem.related] == [text.index("甲")]


def test_labels_of_the_project() -> None:
    text = "- 現 場: 一\n- 別: 三\n- 現場: 二\n"
    assert len(run_on_text("term-repeated", text)) == 1
    assert run_on_text("term-repeated", text, labels=("現場",)) == []


@pytest.mark.parametrize("line", ["- 文。\r\n  続き。", "- 文。\n\n  続き。", "- 文。"])
def test_entry_form_marks_the_first_line(line: str) -> None:
    text = NUMBERED.format(line)
    assert [d.problem.place.extract_from(text) for d in run_on_text("entry-form", text)] == ["- 文。"]


def test_an_image_that_html_swallowed_is_an_image_to_entry_form() -> None:
    assert run_on_text("entry-form", NUMBERED.format('- <img src="a.png">\n  ![図](b.png)')) == []


def test_the_seed_has_the_strict_form() -> None:
    with (get_collections() / "seed.md").open(encoding="utf-8", newline="") as file:
        files = {"61-70.md": file.read()}
    assert {rule: run_rule(rule, files) for rule in RULES} == {rule: [] for rule in RULES}


@pytest.mark.no_cover  # everybody measures the same, with real notes or without
def test_terms_without_a_definition_in_real_notes() -> None:
    folder = get_collections() / "corpus" / "aws-notes"
    files = {}
    for path in folder.rglob("*.md"):
        with path.open(encoding="utf-8", newline="") as file:
            files[path.relative_to(folder).as_posix()] = file.read()
    assert len(run_rule("definition-missing", files)) == 19
    assert len(run_rule("definition-misplaced", files)) == 2
    assert len(run_rule("term-repeated", files)) == 10  # two more are word for word the same: duplicates
