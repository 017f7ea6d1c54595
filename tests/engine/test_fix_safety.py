"""A fix that changes a heading or an anchor is unsafe, whatever the rule says."""

import pytest
from hypothesis import given

from techstock.analysis.protected_text import StableText
from techstock.engine import RuleRun, diagnose, fix_safety
from techstock.engine.fix_safety import keeps_headings, settle_safety
from techstock.fix.fix_loop import fix_corpus
from techstock.links.anchors import get_anchors
from techstock.model import WARNING, Edit, Fix, Note, Problem, Span
from techstock.parse import reparse
from techstock.registry import Rule
from tests.fix.documents import corpora
from tests.support import make_corpus, run_every_rule, run_rule

PATH = "a.md"


def note(text: str) -> Note:
    return make_corpus({PATH: text}).notes[0]


def replaced(text: str, old: str, new: str) -> Edit:
    at = text.index(old)
    return Edit(Span(at, at + len(old)), new)


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("hidden-character", "## 学習\u2f64データ\n", [False]),
        ("hidden-character", "学習\u2f64データ\n---\n", [False]),
        ("hidden-character", "> ## 学習\u2f64データ\n", [False]),
        ("hidden-character", "- ## 学習\u2f64データ\n", [False]),
        ("hidden-character", "## か\u3099いとう\n", [False]),
        ("hidden-character", "## 学習\u200bデータ\n", [False]),
        ("hidden-character", "## 学習\u2f64\n\n- 学習\u2f64: 値\n", [False, True]),
        ("hidden-character", "学習\u2f64 <b>太字</b>\n", [True]),
        ("marker-space", "## 待避\n\n##\u3000待避\n\n## 待避\n", [False]),
        ("marker-space", "本文\n\n##節\n", [False]),
        ("marker-space", "> ##\u3000節\n", [False]),
        ("marker-space", "- 甲\n\n-\u3000## 節\n", [False]),
        ("marker-space", "- 甲\n-\u3000乙\n\n##\u3000節\n", [True, False]),
        ("marker-space", "- 甲\n-\u3000乙\n", [True]),
        ("section-number-format", "## 1.\n\na\n\n## 02.\n\nb\n\n## 3.\n\nc\n", [False]),
        ("section-number-format", "## 1.\n\na\n\n## 2\n\nb\n\n## 3.\n\nc\n", [False]),
        ("colon-style", "- 待避：状態。\n- 復旧: 再開。\n- 停止: 終了。\n", [True]),
        ("emphasis-unrendered", "- **注意：**これは**重要：**です。\n", [False]),
        ("emphasis-unrendered", "- **強い。**次。\n", [True]),
        ("emphasis-unrendered", "## **強い。**次\n", [False]),
    ],
)
def test_fixes_of_rules(rule: str, text: str, expected: list[bool]) -> None:
    fixes = [found.problem.fix for found in run_rule(rule, {PATH: text})]
    assert [fix.safe for fix in fixes if fix] == expected


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        ("## a\n", "a", "b", False),
        ("## a\n\n本文\n", "本文", "文", True),
        ("## a\n\n## a\n\n## a\n", "## a\n\n## a", "## a\n\na", False),
        ("# a\n", "#", "##", False),
        ("## 2\n\nb\n", "2", "2.", False),  # another text, the same anchor
        ("a\n", "a", "# a", False),
        ("text a\n", "a", "a\n===\n", False),
        ("text\na\n", "a", "---", False),
        ("```\n# a\n```\n", "```\n#", "#", False),
        ("```\n# a\n", "```", "", False),
        ("<!-- a\n\n# b\n\n-->\n", "<!--", "", False),
        ("text <!-- a -->\n# b\n", "text <", "<", True),
        ("# [a](x.md)\n", "x.md", "X.md", True),  # where it leads is no part of what it shows
        ("# [a][b]\n\nこれ: [b]: c\n", "これ: ", "", False),  # now it is a link
        ('<a id="a">a</a>\n', '"a"', '"b"', False),
        ('text <a id="a">a</a>\n', '"a"', '"b"', False),
        ("text <\u200ba id='a'>\n", "\u200b", "", False),
        ("<h2>a</h2>\n", "a", "b", False),
        ("text a b\n", "a ", "a", True),
        ("待避： 状態\r\n", "： ", ": ", True),
    ],
)
def test_what_keeps_headings(text: str, old: str, new: str, expected: bool) -> None:
    assert keeps_headings(note(text), [replaced(text, old, new)]) is expected


def test_a_fix_in_two_notes_is_unsafe_if_a_heading_of_one_changes() -> None:
    files = {PATH: "## a\n", "b.md": "text\n"}

    def changing(start: int) -> Rule:
        edits = (Edit(Span(start, start + 1, PATH), "x"), Edit(Span(0, 1, "b.md"), "x"))
        problem = Problem(Span(0, 1, PATH), "wrong", fix=Fix("do it", edits))
        return Rule("r", WARNING, "", lambda _: iter([problem]), True, {}, {})

    found = [diagnose(make_corpus(files), [RuleRun(changing(start), WARNING)])[0].problem.fix for start in (3, 4)]
    assert [fix and fix.safe for fix in found] == [False, False]
    gone = Problem(Span(0, 1), "wrong", fix=Fix("do it", (Edit(Span(0, 1, "image.png"), ""),)))
    assert settle_safety((gone,), lambda _: None) == (gone,)


def test_text_is_not_parsed_again_for_words_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fix_safety, "_TRIES", 0)
    text = "## a\n\n- 待避： 状態\n- **復旧**： 再開\n- 1： 数\n\n| 甲： | 乙 |\n|---|---|\n| # | 丙： <b> |\n"
    words = {"待避": "x", "： 再": "x", "甲": "乙", "： 数": "x", "乙": "|", "丙": "x", "#": "x"}
    found = {old: keeps_headings(note(text), [replaced(text, old, new)]) for old, new in words.items()}
    assert [old for old, kept in found.items() if kept] == ["待避", "： 再", "甲"]
    assert keeps_headings(note(text), [replaced(text, "待避", "")]) is False  # what follows might be a marker


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which each text is added that is parsed again."""
    texts: list[str] = []

    def count(note: Note, text: str) -> Note:
        texts.append(text)
        return reparse(note, text)

    monkeypatch.setattr("techstock.parse.reparse", count)
    return texts


def test_a_note_is_parsed_once_after_all_fixes_of_a_rule(counted: list[str]) -> None:
    [first, second] = run_rule("marker-space", {PATH: "- 甲\n-\u3000乙\n-\u3000丙\n"})
    assert [found.problem.fix and found.problem.fix.safe for found in (first, second)] == [True, True]
    assert counted == ["- 甲\n- 乙\n- 丙\n"]


def test_hostile_numbers_of_fixes_end(counted: list[str]) -> None:
    text = "```\n# a\n```\n" * 200
    problems = [
        Problem(Span(at, at + 3), "wrong", fix=Fix("do it", (Edit(Span(at, at + 3), ""),)))
        for at in range(0, len(text), 12)
    ]
    subject = note(text)
    settled = settle_safety(problems, lambda _: subject)
    assert not any(problem.fix and problem.fix.safe for problem in settled)
    assert 0 < len(counted) <= 2 * 64  # once for what is lost, once for headings


def test_fixes_that_overlap_are_judged_one_by_one() -> None:
    text = "1 a\n\n## b\n"
    places = (Span(0, 2), Span(1, 3), Span(8, 9))
    problems = [Problem(place, "wrong", fix=Fix("do it", (Edit(place, "c"),))) for place in places]
    settled = settle_safety(problems, lambda _: note(text))
    assert [problem.fix and problem.fix.safe for problem in settled] == [True, True, False]


@given(corpora)
def test_safe_fixes_keep_all_headings(files: dict[str, str]) -> None:
    before = make_corpus(files)
    after = fix_corpus(before, run_every_rule).corpus
    for old, new in zip(before.notes, after.notes, strict=True):
        assert [(h.level, h.title) for h in old.headings] == [(h.level, h.title) for h in new.headings]
        assert get_anchors(old).all == get_anchors(new).all


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("る", "す", True),  # ends where the line ends
        ("避", "-", True),  # begins behind the first letter
        ("待", "a1", True),  # a letter stays first
        ("待", "1a", False),
        ("める", "---", True),
        ("め", "|", False),
    ],
)
def test_an_edit_behind_the_first_letter_of_a_line_cannot_change_a_heading(old: str, new: str, expected: bool) -> None:
    text = "待避を止める\n"
    edit = replaced(text, old, new)
    assert StableText(note(text)).holds(edit) is expected
    assert not expected or keeps_headings(note(text), [edit])


def settle_alone(text: str, old: str, new: str, left: bool = False) -> bool:
    """Return whether a fix that replaces `old` is offered; with `left`, the rule still finds fault afterwards."""
    subject = note(text)
    edit = replaced(text, old, new)
    problem = Problem(edit.place, "wrong", fix=Fix("do it", (edit,), safe=False))
    [settled] = settle_safety([problem], lambda _: subject, lambda _: [problem] if left else [])
    return settled.fix is not None


@pytest.mark.parametrize(
    ("text", "old", "new", "offered"),
    [
        ("-\u3000甲\n", "\u3000", " ", True),
        ("-\u3000[甲]: 乙\n", "\u3000", " ", False),  # a link definition, which is not shown
        ("-\u3000甲\n\n    > 乙\n", "\u3000", " ", True),
        ("<img src=a>\n![乙](丙.png)\n", "\n", "\n\n", True),
        ("- 甲\n\n![図](a.png)\n", "!", "!\\", False),
        ("- 甲\n\n[題](a.md)\n", "](", "] (", False),
        ("# 甲\n", "甲", "乙", True),
        ("# 甲\n", "# 甲", "", True),  # it says itself that this goes
    ],
)
def test_a_fix_that_hides_words_is_not_offered(text: str, old: str, new: str, offered: bool) -> None:
    assert settle_alone(text, old, new) is offered


def test_a_fix_that_leaves_its_problem_is_not_offered() -> None:
    assert settle_alone("-\u3000甲\n", "-", "*")
    assert not settle_alone("-\u3000甲\n", "-", "*", left=True)
