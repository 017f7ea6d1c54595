"""Section numbers in headings."""

import pytest

from techstock.parse import parse


@pytest.mark.parametrize(
    ("title", "value", "digits", "mark"),
    [
        ("61.", 61, "61", "."),
        ("61", 61, "61", ""),
        ("01", 1, "01", ""),
        ("3. 用語集", 3, "3", "."),
        ("3.用語集", 3, "3", "."),
        ("６１．", 61, "６１", "．"),
        ("3) 用語", 3, "3", ")"),
        ("3：用語", 3, "3", "："),
        ("**61.**", 61, "61", "."),
        ("第 3 分野: 設計", 3, "3", ":"),
        ("第3章", 3, "3", ""),
        ("SECTION 3 設計", 3, "3", ""),
        ("SECTION 5 トラブルシューティング", 5, "5", ""),
        ("第 2 回", 2, "2", ""),
        ("Question 12: x", 12, "12", ":"),
        ("問題 7", 7, "7", ""),
    ],
)
def test_numeral(title: str, value: int, digits: str, mark: str) -> None:
    text = f"## {title}\n"
    numeral = parse("note.md", text).headings[0].numeral
    assert numeral is not None
    assert (numeral.value, numeral.digits, numeral.mark) == (value, digits, mark)
    assert not numeral.is_range
    assert digits in numeral.place.extract_from(text)


@pytest.mark.parametrize("title", ["01-10", "01 - 10", "31〜40", "31_40"])
def test_range(title: str) -> None:
    numeral = parse("note.md", f"## {title}\n").headings[0].numeral
    assert (numeral is not None and numeral.is_range) == (title != "31_40")


@pytest.mark.parametrize(
    "title",
    [
        "2019",
        "2023-07",
        "3.5 系",
        "1.1 概要",
        "12:30 開始",
        "3 つの方式",
        "10-01 の記録",
        "EC2",
        "S3",
        "v1.",
        "2 Factor",
        "",
    ],
)
def test_no_numeral(title: str) -> None:
    assert parse("note.md", f"## {title}\n").headings[0].numeral is None
