"""Which text a comment is about, and what is wrong with one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.analysis.suppressions import SuppressionIndex, list_invalid_comments, list_suppressions
from techstock.model import Span, Suppression
from techstock.parse import parse


def covered(text: str) -> list[tuple[str, str]]:
    """The rule of each comment, and the text that it covers behind the comment."""
    note = parse("a.md", text)
    assert list_invalid_comments(note) == ()
    return [(one.rule, text[max(one.covers.start, 0) : one.covers.end].strip()) for one in list_suppressions(note)]


def behind(text: str) -> str:
    [(_, found)] = covered(text)
    return found.partition("-->")[2].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C\n## 1.\n\n段落\n", "## 1."),
        ("C\n段落\n続き\n\n次\n", "段落\n続き"),
        ("C\n\n\n段落\n", "段落"),
        ("C\n- 一\n  - 二\n- 三\n", "- 一"),
        ("- 一\n  C\n- 三\n- 四\n", "- 三"),
        ("- 一\n  C\n  - 二\n  - 三\n", "- 二"),
        ("1. 一\n   C\n2. 三\n", "2. 三"),
        ("C\n- - 一\n  - 二\n", "- - 一"),
        ("C\n-\n- 二\n", "-"),
        ("- 一\n\n  C\n  段落\n\n  次\n", "段落"),
        ("C\n| a | b |\n|---|---|\n| 1 | 2 |\n\n次\n", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("C\n```sh\nls\n```\n次\n", "```sh\nls\n```"),
        ("> C\n> 引用\n>\n> 次\n", "> 引用"),
        ("C\n<!-- other -->\n段落\n", "<!-- other -->\n段落"),
        ("段落\n\nC\n", ""),
        ("C\n***\n段落\n", "***"),
        ("C\n[a]: b\n\n段落\n", "[a]: b\n\n段落"),
    ],
)  # fmt: skip
def test_a_comment_is_about_the_next_block(text: str, expected: str) -> None:
    assert behind(text.replace("C", "<!-- techstock: ignore r -->", 1)) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(end: str) -> None:
    text = "\ufeff" + "<!-- techstock: ignore r -->\n- 一\n- 二\n".replace("\n", end)
    assert behind(text) == "- 一"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("前\n\n段落 C\n続き\n\n次\n", "段落 C\n続き"),
        ("- 一\n- 二 C\n  - 三\n", "- 二 C"),
        ("# 題 C\n\n段落\n", "# 題 C"),
        ("| a | b |\n|---|---|\n| 1 | 2 C |\n", "| a | b |\n|---|---|\n| 1 | 2 C |"),
        ("<div>\nC\n図\n</div>\n\n次\n", "<div>\nC\n図\n</div>"),
        ("C <img src='a.png'>\n\n次\n", "C <img src='a.png'>"),
    ],
)
def test_a_comment_in_a_block_is_about_this_block(text: str, expected: str) -> None:
    comment = "<!-- techstock: ignore r -->"
    [(_, found)] = covered(text.replace("C", comment, 1))
    assert found == expected.replace("C", comment)


def test_file_and_stretch() -> None:
    text = "一\n\n<!-- techstock: ignore-file r -->\n\n二\n"
    assert covered(text) == [("r", text.strip())]
    start, end = "<!-- techstock: ignore-start r, s why -->", "<!-- techstock: ignore-end -->"
    assert covered(f"一\n\n{start}\n二\n\n三\n\n{end}\n\n四\n") == [
        (rule, f"{start}\n二\n\n三\n\n{end}") for rule in ("r", "s")
    ]


def test_stretches_are_closed_by_name_or_the_last_first() -> None:
    def at(verb: str) -> str:
        return f"<!-- techstock: ignore-{verb} -->\n\n"

    nested = parse("a.md", at("start a") + at("start b") + "一\n\n" + at("end") + "二\n\n" + at("end") + "三\n")
    assert [(one.rule, "二" in one.covers.extract_from(nested.text)) for one in list_suppressions(nested)] == [
        ("a", True),
        ("b", False),
    ]
    crossed = parse("a.md", at("start a") + at("start b") + "一\n\n" + at("end a") + "二\n\n" + at("end b"))
    assert [(one.rule, "二" in one.covers.extract_from(crossed.text)) for one in list_suppressions(crossed)] == [
        ("a", False),
        ("b", True),
    ]
    assert (list_invalid_comments(nested), list_invalid_comments(crossed)) == ((), ())


def test_names_reason_and_the_other_half() -> None:
    text = '<!-- techstock: ignore a-b , c-d with="x/y.md#用語" 理由, と言う -->\n段落\n'
    note = parse("a.md", text)
    assert [(one.rule, one.name.extract_from(text), one.other) for one in list_suppressions(note)] == [
        ("a-b", "a-b", "x/y.md#用語"), ("c-d", "c-d", "x/y.md#用語"),
    ]  # fmt: skip
    assert [one.rule for one in list_suppressions(parse("a.md", "<!--techstock:ignore r-->\n段落\n"))] == ["r"]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignroe r", "`ignroe` is nothing that techstock can do"),
        ("", "`` is nothing that techstock can do"),
        ("ignore", "the name of a rule is missing after `ignore`"),
        ("ignore a,", "the name of a rule is missing after the comma"),
        ('ignore with="a.md"', "the name of a rule is missing after `ignore`"),
        ("ignore a with=“a.md”", "`with=“a.md”` names nothing in straight double quotes"),
        ('ignore a with=""', "`with=` names nothing in straight double quotes"),
        ("ignore-start a", "this `ignore-start` has no `ignore-end`, and ignores nothing"),
        ("ignore-end", "there is no `ignore-start` above this `ignore-end`"),
        ("ignore-end a", "there is no `ignore-start` of `a` above this `ignore-end`"),
        ('ignore-end a with="b.md"', "`with` belongs to the `ignore-start`"),
    ],
)
def test_wrong_comments(comment: str, message: str) -> None:
    note = parse("a.md", f"<!-- techstock: {comment} -->\n段落\n")
    assert [slip.message for slip in list_invalid_comments(note)] == [message]
    assert list_suppressions(note) == ()


def test_what_only_looks_like_a_comment() -> None:
    for text in ("```\n<!-- techstock: ignore r -->\n```\n", "`<!-- techstock: ignore r -->`\n", "<!-- 注 -->\n"):
        assert (list_suppressions(parse("a.md", text)), list_invalid_comments(parse("a.md", text))) == ((), ())


ranges = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=8)


@given(ranges)
def test_cover_finds_what_begins_last(pairs: list[tuple[int, int]]) -> None:
    ignores = [
        Suppression("r", Span(0, 0), Span(number, number), Span(start, start + length))
        for number, (start, length) in enumerate(pairs)
    ]
    cover = SuppressionIndex(ignores)
    for offset in range(45):
        holding = [one for one in ignores if one.covers.start <= offset <= one.covers.end]
        latest = max((one.covers.start for one in holding), default=None)
        found = cover.find_suppression(offset)
        assert (found.covers.start if found else None) == latest
        assert found is None or found in holding


def test_many_comments_cost_little() -> None:
    """Ten thousand comments in a row, and as many stretches in each other; a cost that grows with the square hangs."""
    row = "<!-- techstock: ignore r -->\n" * 10_000
    assert len(list_suppressions(parse("a.md", f"{row}段落\n"))) == 10_000
    start, end = "<!-- techstock: ignore-start r -->\n", "<!-- techstock: ignore-end r -->\n"
    nested = parse("a.md", f"{start * 5_000}段落\n\n{end * 5_000}")
    assert len(list_suppressions(nested)) == 5_000
    assert SuppressionIndex(list_suppressions(nested)).find_suppression(nested.text.index("段落")) is not None
