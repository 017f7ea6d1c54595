"""The language of texts, notes and the page."""

import pytest

from techstock.report.language import LanguageMarker, choose_page_language, guess_language, guess_note_language
from tests.support import make_corpus, parse_note


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("drain", "en"),
        ("待避する", "ja"),
        ("待避", "zh"),
        ("대피 待避", "ko"),
        ("ﾄﾞﾚｲﾝ", "ja"),
        ("café", "en"),
        ("", "en"),
    ],
)
def test_a_text(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_a_note_is_read_by_its_terms_and_else_by_its_text() -> None:
    assert guess_note_language(parse_note("# 待避\n\n- RPO: 戻る点。\n")) == "ja"
    assert guess_note_language(parse_note("- ドレイン: drain\n")) == "ja"
    assert guess_note_language(parse_note("# drain\n\nIt drains.\n")) == "en"


def test_the_page_speaks_as_most_notes() -> None:
    files = {"a.md": "# あ\n", "b.md": "# い\n", "c.md": "# c\n"}
    assert choose_page_language(make_corpus(files), ["en", "ja"]) == "ja"
    assert choose_page_language(make_corpus(files), ["en"]) == "en"
    assert choose_page_language(make_corpus({"a.md": "# 가\n"}), ["en", "ja"]) == "en"
    assert choose_page_language(make_corpus({}), ["en", "ja"]) == "en"


def test_lang_is_given_where_it_differs() -> None:
    marker = LanguageMarker("ja", "ja")
    assert [marker.find_lang(text) for text in ("待避", "待避する", "drain", "대피")] == [None, None, "en", "ko"]
    assert LanguageMarker("en", "zh").find_lang("待避") == "zh"
