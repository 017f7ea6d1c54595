"""The order of an index, and text broken into rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.survey.conventions import detect_language
from techstock.text.escape import escape
from techstock.text.sort_key import make_collation_key
from techstock.text.terminal_width import display_width, wrap_text


def test_latin_then_kana_then_hangul_then_ideographs() -> None:
    names = ["10x", "Éa", "Eb", "vpc", "VPN", "アクセス", "あ行", "ウア", "ヴァ", "가방", "漢字"]
    turned = names[::-1]
    assert sorted(turned, key=make_collation_key) == names


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("カ", "が"),
        ("かあと", "カード"),
        ("サーバ", "サーバー"),
        ("っき", "ツキ"),
        ("ハ", "ば"),
        ("ば", "パ"),
        ("@x", "xa"),
        ("ﾊﾟ", "ヒ"),
        ("Ω", "ア"),
    ],
)
def test_neighbours(first: str, second: str) -> None:
    assert make_collation_key(first) < make_collation_key(second)


def test_a_long_vowel_is_the_vowel_before_it() -> None:
    assert make_collation_key("カード")[0] == make_collation_key("かあど")[0]
    assert make_collation_key("ー")[0] == ((3, "ー"),)


@given(st.text())
def test_every_text_has_a_key(text: str) -> None:
    assert make_collation_key(text) == make_collation_key(text)


@pytest.mark.parametrize(
    ("text", "rows", "expected"),
    [
        ("", 0, [""]),
        ("待避すること。", 0, ["待避する", "こと。"]),
        ("待避所（二）", 0, ["待避所", "（二）"]),
        ("待避所(二)", 0, ["待避所", "(二)"]),
        ("ノードー。", 0, ["ノー", "ドー。"]),
        ("put it off", 0, ["put it", "off"]),
        ("abcdefghijk lm", 0, ["abcdefgh", "ijk lm"]),
        ("待避してから戻る", 2, ["待避して", "から戻る"]),
        ("待避してから戻ること", 2, ["待避して", "から戻…"]),
    ],
)
def test_rows(text: str, rows: int, expected: list[str]) -> None:
    assert wrap_text(text, 8, rows) == expected


@given(st.text().map(escape), st.integers(2, 30), st.integers(0, 4))
def test_rows_fit_and_hold_the_text(text: str, columns: int, rows: int) -> None:
    found = wrap_text(text, columns, rows)
    assert all(display_width(row) <= columns for row in found)
    assert len(found) <= (rows or len(found))
    if not rows:
        assert "".join(found).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# 題\n\n- EC2: 仮想の台を借りる。", "Japanese"),
        ("- 트리: 사이클이 없는 그래프 (graph)", "Korean"),
        ("- 图: 由节点和边组成", "Chinese"),
        ("It drains, and then it stops; the others call this 待避.\n", "Latin letters"),
        ("12 ---\n", ""),
    ],
)
def test_languages(text: str, name: str) -> None:
    assert detect_language(text) == name
