"""Markers that mark nothing: blanks before them, full-width characters, boxes of tasks, markers without a space."""

import pytest

from tests.support import apply_every_fix, run_rule

PATH = "note.md"


@pytest.mark.parametrize(
    ("rule", "text", "fixed"),
    [
        ("marker-indent", "本文\n\n\u3000- 復旧\n", "本文\n\n- 復旧\n"),
        ("marker-indent", "\u2002- 復旧\n\n\u2009* 甲\n", "- 復旧\n\n* 甲\n"),
        ("marker-indent", "\u3000- 項\n\u3000\u3000- 子\n", "- 項\n  - 子\n"),
        ("marker-indent", "- 待避\n\u3000- 復旧\n", "- 待避\n  - 復旧\n"),
        ("marker-indent", "\u00a0\u00a0## 節\n", "## 節\n"),
        ("marker-indent", "> \u3000- 項\n", "> - 項\n"),
        ("marker-width", "＃＃ 節\n", "## 節\n"),
        ("marker-width", "＃＃節\n", "## 節\n"),
        ("marker-width", "－　項\n", "- 項\n"),
        ("marker-width", "＊ 甲\n＊ 乙\n", "* 甲\n* 乙\n"),
        ("marker-task", "- [ ]\u3000未了\n", "- [ ] 未了\n"),
        ("marker-task", "- [\u3000] 未了\n", "- [ ] 未了\n"),
        ("marker-task", "- [x]済\n- [X]済\n", "- [x] 済\n- [X] 済\n"),
        ("marker-task", "- [] 未了\n1. ［ ］ 未了\n", "- [ ] 未了\n1. [ ] 未了\n"),
        ("marker-space", "- 待避\n\n-復旧\n\n- 切替\n", "- 待避\n\n- 復旧\n\n- 切替\n"),
        ("marker-space", "- 待避\n-復旧\n", "- 待避\n- 復旧\n"),
        ("marker-space", "##. 題\n", "## . 題\n"),
    ],
)
def test_markers_are_put_right(rule: str, text: str, fixed: str) -> None:
    assert apply_every_fix({PATH: text}, run_rule(rule, {PATH: text}))[PATH] == fixed


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("marker-indent", "\u3000字下げ。\n\u3000・項\n"),
        ("marker-indent", "\u3000- - -\n\n```\n\u3000- 項\n```\n"),
        ("marker-indent", "本文\n- 項\n  - 子\n"),
        ("marker-width", "－5度\n＊ 注\n＃1\n"),
        ("marker-task", "- [ ] 未了\n- [x] 済\n- [x](u)\n- [x][y]\n- [1] 注\n- []int\n\n[y]: u\n"),
        ("marker-space", "- a\n-flag\n"),
        ("marker-space", "1. 甲\n2.については後で書く。\n"),
    ],
)
def test_what_may_be_meant_is_not_reported(rule: str, text: str) -> None:
    assert run_rule(rule, {PATH: text}) == []
