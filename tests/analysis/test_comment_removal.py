"""The fix of unused-ignore: nothing that a reader sees changes, and no comment is left that is not needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock import registry
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING
from techstock.text.edits import apply_edits
from tests.fix.visible_text import render_visible
from tests.support import make_corpus

RULE = "section-number-gap"
PLANS = [RuleRun(registry.load_rule(name), WARNING) for name in (RULE, "term-repeated", "unused-ignore")]
COMMENT = f"<!-- techstock: ignore {RULE} 後で -->"


def mended(text: str) -> str:
    """The note after all fixes of unused-ignore."""
    edits = [
        edit
        for one in diagnose(make_corpus({"a.md": text}), PLANS)
        if one.rule == "unused-ignore" and one.problem.fix
        for edit in one.problem.fix.edits
    ]
    return apply_edits(text, edits)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C\n## 1.\n", "## 1.\n"),
        ("# 題\nC\n段落\n", "# 題\n段落\n"),
        ("段落\n\nC\n次\n", "段落\n\n次\n"),
        ("- 一\n  C\n- 二\n", "- 一\n- 二\n"),
        ("- 一\n  - 二\n  C\n- 三\n", "- 一\n  - 二\n- 三\n"),
        ("- 一 C\n- 二\n", "- 一\n- 二\n"),
        ("| a C | b |\n|---|---|\n", "| a | b |\n|---|---|\n"),
        ("C\r\n## 1.\r\n", "## 1.\r\n"),
        ("段落\n\nC", "段落\n\n"),
        # What would join without it keeps an empty comment.
        ("段落\nC\n次\n", "段落\nE\n次\n"),
        ("- 一\n\nC\n\n- 二\n", "- 一\n\nE\n\n- 二\n"),
        ("- 一\n\n  C\n- 二\n", "- 一\n\n  E\n- 二\n"),
        ("- C\n  一\n", "- E\n  一\n"),
        ("> C\n> 一\n", "> E\n> 一\n"),
        ("*一*C*二*\n", "*一*E*二*\n"),
        ("<div>\nC\n図\n</div>\n", "<div>\nE\n図\n</div>\n"),
    ],
)
def test_the_comment_goes(before: str, after: str) -> None:
    assert mended(before.replace("C", COMMENT)) == after.replace("E", "<!-- -->")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ignore section-number-gap, term-repeated why", "ignore term-repeated why"),
        ("ignore term-repeated,section-number-gap", "ignore term-repeated"),
        ("ignore-file section-number-gap, term-repeated , section-number-gap", "ignore-file term-repeated"),
    ],
)
def test_one_name_goes(before: str, after: str) -> None:
    text = "<!-- techstock: X -->\n- 待避: 一つ目。\n- 復旧: 二つ目。\n- 待避: 三つ目。\n"
    if not before.startswith("ignore-file"):
        text = text.replace("<!-- techstock: X -->\n", "").replace("- 待避: 三", "  <!-- techstock: X -->\n- 待避: 三")
    assert mended(text.replace("X", before)) == text.replace("X", after)


def test_both_ends_go_unless_another_stretch_ends_there() -> None:
    start, end = f"<!-- techstock: ignore-start {RULE} -->\n", "<!-- techstock: ignore-end -->\n"
    assert mended(f"{start}## 1.\n\n{end}") == "## 1.\n\n"
    named = f"<!-- techstock: ignore-start term-repeated -->\n{start}- 待避: 甲。\n- 復旧: 丙。\n- 待避: 乙。\n\n"
    named += f"<!-- techstock: ignore-end {RULE}, term-repeated -->\n"
    assert mended(named) == named  # reported without a fix: the end holds for the other as well
    assert [one.rule for one in diagnose(make_corpus({"a.md": named}), PLANS)] == ["unused-ignore"]


lines = st.lists(
    st.sampled_from(
        ["段落", "## 1.", "- 一", "  - 二", "  続き", "1. 甲", "2. 乙", "", "", "    code", "> 引用", "```",
         "| a | b |", "|---|---|", "***", "---", "<div>", "[a]: b", "C", "C", "  C", "    C", "段落 C",
         "- 一 C", "> C", "a C b", "- C"]
    ),
    max_size=12,
)  # fmt: skip


@given(lines)
def test_nothing_else_changes(parts: list[str]) -> None:
    text = "\n".join(parts).replace("C", COMMENT) + "\n"
    after = mended(text)
    assert render_visible(after) == render_visible(text)
    assert mended(after) == after
