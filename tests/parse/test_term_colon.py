"""The term parser: what ends a term, what does not, and where the definition begins."""

import random
import re

import pytest

from techstock.parse import term_colon
from techstock.parse.term_colon import MAX_TERM_LENGTH, find_term
from tests.support import parse_entry


def split(line: str) -> tuple[str, str] | None:
    """Term and definition of an entry that reads `line`, as the note's facts have them."""
    note, found = parse_entry(f"- {line}\n")
    if found.term is None or found.definition is None:
        return None
    return found.term.extract_from(note.text), found.definition.extract_from(note.text)


@pytest.mark.parametrize(
    ("line", "name", "definition"),
    [
        ("待避: 止める", "待避", "止める"),
        ("待避：止める", "待避", "止める"),
        ("待避： 止める", "待避", "止める"),
        ("待避:止める", "待避", "止める"),
        ("待避 : 止める", "待避", "止める"),
        ("待避 :止める", "待避", "止める"),
        ("待避:  止める", "待避", "止める"),
        ("待避:\u3000止める", "待避", "止める"),
        ("待避:", "待避", ""),
        ("待避：", "待避", ""),
        ("待避:  ", "待避", ""),
        ("待避 (Drain): 止める", "待避 (Drain)", "止める"),
        ("DR（Disaster Recovery）：備え", "DR（Disaster Recovery）", "備え"),
        ("RPO, RTO の決め方: 先に聞く", "RPO, RTO の決め方", "先に聞く"),
        ("東、西: 場所", "東、西", "場所"),
        ("東 / 西: 場所", "東 / 西", "場所"),
        ("a=b: 式", "a=b", "式"),
        ("a=b：式", "a=b", "式"),
        ("X:線", "X", "線"),
        ("線:X", "線", "X"),
        ("[ ] " + "長" * 58 + ": 語", "長" * 58, "語"),
        ("次のとおりです：", "次のとおりです", ""),
        ("甲: 乙: 丙", "甲", "乙: 丙"),
        ("東→西・・・北: 道", "東→西・・・北", "道"),
        ("[ ] 待避: 止める", "待避", "止める"),
        ("[x] 待避: 止める", "待避", "止める"),
    ],
)
def test_colon_ends_the_term(line: str, name: str, definition: str) -> None:
    assert split(line) == (name, definition)


@pytest.mark.parametrize(
    ("line", "name", "definition"),
    [
        ("**待避**: 止める", "待避", "止める"),
        ("**待避:** 止める", "待避", "止める"),
        ("**待避：** 止める", "待避", "止める"),
        ("**待避:**", "待避", ""),
        ("*待避*: 止める", "待避", "止める"),
        ("__待避__: 止める", "待避", "止める"),
        ("***待避***: 止める", "待避", "止める"),
        ("**待避: 止める**", "待避", "止める**"),
        ("**待避** (甲): 止める", "**待避** (甲)", "止める"),
        ("手順の **待避:** 止める", "手順の **待避", "止める"),
        ("~~待避:~~ 止める", "~~待避", "止める"),
        ("待避:*強く* 止める", "待避", "*強く* 止める"),
        ("**tier:** two", "tier", "two"),
    ],
)
def test_emphasis_is_no_part_of_the_term(line: str, name: str, definition: str) -> None:
    assert split(line) == (name, definition)


@pytest.mark.parametrize(
    "line",
    [
        "止めてから（例: 夜）始める",
        "止めてから(例: 夜)始める",
        "値は［甲：乙］",
        "「甲: 乙」と書く",
        "『甲：乙』と書く",
        "【注: 夜】に止める",
        "閉じない（例: 夜",
        '"甲: 乙" と書く',
        "“甲: 乙” と書く",
        '"mode": "drain" と書く',
        "止める。理由: 夜だから",
        ": 止める",
        "：止める",
        "**: 止める**",
        "https://example.org/a:b を見る",
        "s3://bucket/a: を見ない",
        "mailto:a@example.org",
        "arn:aws:iam::123456789012:role/drain",
        "Fn::GetAZs を使う",
        "「::」は区切り",
        "std::vector",
        "12:30 に止める",
        "12:30:15 に止める",
        "12：30 に止める",
        "2023-05-13 15:",
        "2023/05/13 15:",
        "比は 16:9",
        "iam:PassRole は役を渡す",
        "AWS re:Invent の話",
        "a/b:c",
        "k=v:w",
        'it"s:w',
        "image:2",
        "C:\\temp",
        "path:/tmp",
        "`甲: 乙` と書く",
        "[甲: 乙](a.md) を見る",
        "![甲: 乙](a.png)",
        '<img alt="甲: 乙" src="a.png"> の図',
        "[[甲: 乙]] を見る",
        "<https://example.org/a: b>",
        ":warning: だけ",
        "コロンがない",
        "甲" * (MAX_TERM_LENGTH + 1) + ": 乙",
        "1：2",
        "第1：2",
        "a=b:**式**",
        "**a=b**:c",
        "**a=b**:c**d**",
        "[ ] 10:x",
        "`x`（甲: 乙）",
    ],
)
def test_no_term(line: str) -> None:
    assert split(line) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("止める（例: 夜）: 手順", "止める（例: 夜）"),
        ("「甲: 乙」: 書き方", "「甲: 乙」"),
        ("`a: b`: 書き方", "`a: b`"),
        ("[甲: 乙](a.md): 手引き", "[甲: 乙](a.md)"),
        ("10.0.0.1: 入口", "10.0.0.1"),
        ("Fn::GetAZs: 場所の一覧", "Fn::GetAZs"),
        ("https://example.org:8080: 入口", ""),
        ("12:30: 止める", "12:30"),
        ("有効期限: 2023-05-13 15:", "有効期限"),
        ("16:9 の画面: 横長", "16:9 の画面"),
        ("arn:aws:s3:::b の形: 名前", "arn:aws:s3:::b の形"),
        ("re:Post: 問いと答え", "re:Post"),
        (":warning: 注: 止める", ":warning: 注"),
        ("例） 甲: 乙", "例） 甲"),
        ("甲" * MAX_TERM_LENGTH + ": 乙", "甲" * MAX_TERM_LENGTH),
    ],
)
def test_colon_behind_one_that_does_not_count(line: str, name: str) -> None:
    assert (split(line) or ("", ""))[0] == name


@pytest.mark.parametrize(
    ("text", "definition"),
    [
        ("- 待避:\n  止める\n", "止める"),
        ("- 待避:  \n  止める\n", "止める"),
        ("- 待避: 止めて\n  待つ\n", "止めて\n  待つ"),
        ("- 待避: 止めて\r\n  待つ\r\n", "止めて\r\n  待つ"),
        ("> - 待避:\n>   止める\n", "止める"),
        ("1. 待避: 止める\n", "止める"),
        ("- 待避:\n  - 止める\n", ""),
        ("- 待避:\n\n  止める\n", ""),
        ("- 待避:\t止める\n", "止める"),
        ("\ufeff- 待避: 止める\n", "止める"),
    ],
)
def test_definition_in_the_source(text: str, definition: str) -> None:
    note, found = parse_entry(text)
    source = note.text
    assert found.term
    assert found.colon
    assert found.definition
    assert (found.term.extract_from(source), found.colon.extract_from(source)) == ("待避", ":")
    assert found.definition.extract_from(source) == definition


@pytest.mark.parametrize(
    "text",
    [
        "- ![図](a.png)\n",
        '- <img src="a.png">\n',
        "- 止める\n  手順: 夜\n",
        "- 1. 待避: 止める\n",
        "- #### 待避: 止める\n",
        "- ```\n  a: b\n  ```\n",
        "- > 待避: 止める\n",
        "- https://example.org\n",
        "-\n",
    ],
)
def test_entries_of_other_shapes(text: str) -> None:
    assert parse_entry(text)[1].term is None


def test_item_of_the_inner_list_has_the_term() -> None:
    inner = parse_entry("- 1. 待避: 止める\n", 1)[1]
    assert (inner.name, inner.ordered, inner.depth) == ("待避", True, 2)


def test_hidden_ranges_are_left_out() -> None:
    assert find_term("a: b") is not None
    assert find_term("a: b", [(0, 2)]) is None
    assert find_term("", [(0, 2)]) is None


def test_what_lies_far_behind_is_not_looked_at() -> None:
    assert find_term("(" * 100_000 + ":" * 100_000) is None
    assert find_term("甲 : " * 20_000) == find_term("甲 : ")


_PIECES = (
    *("a", "Z", "é", "用語", "1", "２", "²", " ", "  ", "\u3000", "\t", "\n", ":", "：", "::", "*", "**", "_", "~"),
    *("~~", '"', "“", "”", "'", "[", "]", "[x] ", "(", ")", "（", "）", "{", "}", "/", "=", ".", "-", "。", "\x85"),
    *("2020-01-02 12", "http://", "s3:G", "mailto:", "tel:1", "arn:", "a" * MAX_TERM_LENGTH),
)


def test_fast_searches_find_what_a_closer_look_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    choose = random.Random(7)  # noqa: S311 (no secret, the same texts each time)
    texts = ["".join(choose.choices(_PIECES, k=choose.randint(1, 8))) for _ in range(3_000)]
    texts += [f"{text}: {end}" for text in texts[:1_000] for end in ("", "止める", "a:b https://a.b/c")]
    fast = [find_term(text) for text in texts]
    monkeypatch.setattr(term_colon, "_PLAIN", re.compile("(?!)"))
    monkeypatch.setattr(term_colon, "_HIDING_WITHOUT_ADDRESSES", term_colon._HIDING)
    assert fast == [find_term(text) for text in texts]
    assert sum(found is not None for found in fast) > 300
