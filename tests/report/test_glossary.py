"""The section with all terms."""

import pytest

from techstock.report.glossary import find_letter, make_glossary_section
from techstock.survey.term_index import build_term_index
from tests.report.support import make_context, read_page
from tests.support import make_corpus


@pytest.mark.parametrize(
    ("term", "letter"),
    [
        ("あめ", "あ"), ("アメ", "あ"), ("ｱﾒ", "あ"), ("ガス", "か"), ("ぱん", "は"), ("ヴァ", "あ"), ("んだ", "わ"),
        ("ッタ", "た"), ("待避", "漢"), ("alb", "A"), ("Ａ", "A"), ("`alb`", "A"), ("3 tier", "0–9"), ("４", "0–9"),
        ("가", ""), ("→", ""),
    ],
)  # fmt: skip
def test_letters(term: str, letter: str) -> None:
    assert find_letter(term) == letter


def test_definitions_are_stacked_and_linked() -> None:
    corpus = make_corpus(
        {"a.md": "- 待避: 水門を閉じる。\n- 水門: 川を止める板。\n", "b.md": "- 待避: 舟を守ること。\n- 配置:\n"}
    )
    section = make_glossary_section(make_context("ja"), corpus, build_term_index(corpus)[0])
    page = read_page(section.content)
    assert section.total == 3
    rows = {attributes.get("id") for attributes in page.find_all("li")}
    assert len(rows) == 2  # one is linked
    assert [row.get("class") for row in page.find_all("li")].count("several") == 1
    [link] = [one for one in page.find_all("a") if (one["href"] or "").startswith("#t-")]
    assert str(link["href"])[1:] in rows
    assert "水門を閉じる。a.md:1舟を守ること。b.md:1" in page.text
    assert "説明なしb.md:2" in page.text


def test_ideographs_are_listed_under_the_first_of_them() -> None:
    corpus = make_corpus({"a.md": "- 待避: 一。\n- 待機: 二。\n- 復旧: 三。\n"})
    section = make_glossary_section(make_context(), corpus, build_term_index(corpus)[0])
    page = read_page(section.content)
    assert [page.texts[i + 0] for i, text in enumerate(page.texts) if text in ("待", "復")] == ["待", "復"]
    assert page.find_all("details")[0].get("id") == "letter-漢"


def test_long_lists_are_in_closed_parts() -> None:
    corpus = make_corpus({"a.md": "".join(f"- a{n}: {n} 番。\n" for n in range(650))})
    section = make_glossary_section(make_context(), corpus, build_term_index(corpus)[0])
    page = read_page(section.content)
    assert len(page.find_all("li")) == 650
    assert [one.get("open", "closed") for one in page.find_all("details")] == ["closed"] * 3
    assert "more: 50" in page.text
