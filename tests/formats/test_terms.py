"""An index of terms in each of its formats; text of notes is text in all of them."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from techstock.formats import Report
from techstock.formats import terms as formats
from techstock.model import Corpus, Note, Span
from techstock.survey.term_index import IndexedTerm, TermLocation
from techstock.text.terminal_width import display_width
from tests.formats.support import HOSTILE

TEXT = "\n".join("abcdefgh")


def render_terms(name: str, *some: IndexedTerm, paths: tuple[str, ...] = ("a.md",)) -> str:
    corpus = Corpus(tuple(Note(path, TEXT) for path in paths))
    return "".join(formats.load_term_format(name).render(some, Report((), corpus)))


def term(name: str, *definitions: str, path: str = "a.md", bare: bool = False) -> IndexedTerm:
    """A term with each definition on a line of its own."""
    places = [TermLocation(Span(2 * index, 2 * index + 1, path), index) for index in range(len(definitions))]
    places += [TermLocation(Span(14, 15, path))] if bare else []
    return IndexedTerm(name, name.casefold(), (name, "other"), definitions, tuple(places))


DRAIN = term("DRAINING", "受けない。\n止まる。", "二つ目の定義。", bare=True)


def test_names_are_the_files_of_the_package() -> None:
    files = Path(formats.__path__[0]).glob("[a-z]*.py")
    assert formats.list_term_formats() == tuple(sorted(file.stem for file in files)) == ("csv", "json", "md", "table")


def test_table() -> None:
    rows = render_terms("table", DRAIN).split("\n")
    assert [re.split(r" {2,}", row) for row in rows] == [
        ["TERM", "DEFINITION", "PLACE"],
        ["DRAINING", "受けない。 / 止まる。", "a.md:1"],
        ["", "二つ目の定義。", "a.md:2"],
        ["", "-", "a.md:8"],
        [""],
    ]
    assert render_terms("table") == ""


def test_a_table_without_definitions_has_no_column_for_them() -> None:
    bare = term("RPO", bare=True)
    assert render_terms("table", bare) == "TERM    USES  PLACE\nRPO        1  a.md:8\n"


def test_a_long_path_is_whole_and_stands_to_the_right() -> None:
    path = "あまり/長くない/場所/の/控え.md"
    row = render_terms("table", term("甲", "乙。", path=path)).split("\n")[1]
    assert (re.split(r" {2,}", row), display_width(row)) == (["甲", "乙。", f"{path}:1"], 80)
    path = f"{'とても長い場所/' * 5}x.md"
    rows = render_terms("table", term("甲", "乙。", path=path)).split("\n")
    assert [rows[1], rows[2].strip()] == ["甲     乙。", f"{path}:1"]
    rows = render_terms("table", term("長い名前の用語" * 3, "長い説明。" * 20, path=path)).split("\n")
    assert [row.strip() == f"{path}:1" for row in rows] == [False] * 4 + [True, False]


@given(
    st.lists(st.tuples(st.text(min_size=1), st.lists(st.text(min_size=1), max_size=3)), min_size=1, max_size=4),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
)
def test_a_table_has_80_columns(some: list[tuple[str, list[str]]], path: str) -> None:
    every = [term(name, *definitions, path=path, bare=not definitions) for name, definitions in some]
    rows = render_terms("table", *every, paths=(path,)).split("\n")
    assert max(map(display_width, rows)) <= 80


def test_json() -> None:
    assert json.loads(render_terms("json")) == {"version": 1, "terms": []}
    place = {"path": "a.md", "line": 1, "column": 1, "end_line": 1, "end_column": 2, "definition": 0}
    found = json.loads(render_terms("json", DRAIN))
    assert found["terms"][0] | {"places": found["terms"][0]["places"][::2]} == {
        "term": "DRAINING",
        "key": "draining",
        "spellings": ["DRAINING", "other"],
        "definitions": ["受けない。\n止まる。", "二つ目の定義。"],
        "places": [place, place | {"line": 8, "end_line": 8, "definition": None}],
    }


def rows_of(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    assert text.count("\r\n") == len(list(csv.reader(StringIO(text[1:], newline=""))))
    return list(csv.reader(StringIO(text[1:], newline="")))


def test_csv() -> None:
    assert rows_of(render_terms("csv", DRAIN)) == [
        ["term", "definition", "places", "spellings"],
        ["DRAINING", "受けない。\n止まる。\n二つ目の定義。", "a.md:1\na.md:2\na.md:8", "DRAINING\nother"],
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-w", "@SUM(A1)", "＝1", "\t=1", " =cmd|' /C calc'!A0", "＠x", "\u3000-1"]
)
def test_csv_holds_no_formula(text: str) -> None:
    _, (name, definition, places, spellings) = rows_of(render_terms("csv", term(text, text, path=f"{text}.md")))
    for cell in (name, definition, places, *spellings.split("\n")[:1]):
        assert cell.startswith(("'", "\\t="))


def test_a_cell_is_not_longer_than_a_spreadsheet_takes() -> None:
    assert len(rows_of(render_terms("csv", term("a", "x" * 40_000)))[1][1]) == 32_767


def test_md() -> None:
    assert render_terms("md", DRAIN) == (
        "| term | definition | places |\n| --- | --- | --- |\n"
        "| DRAINING | 受けない。<br>止まる。<br>二つ目の定義。 | [a\\.md\\:1](a.md?plain=1#L1)<br>"
        "[a\\.md\\:2](a.md?plain=1#L2)<br>[a\\.md\\:8](a.md?plain=1#L8) |\n"
    )
    assert render_terms("md") == ""


@given(st.text(min_size=1), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_md_has_no_markup_but_its_own(text: str, path: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
    tokens = parser.parse(render_terms("md", term(text, text, path=path), paths=(path,)))
    assert [token.type for token in tokens].count("tr_open") == 2
    cells = [token.children or [] for token in tokens if token.type == "inline"][3:]
    kinds = [[child.type for child in cell if child.type not in ("text", "text_special")] for cell in cells]
    lines = [line for line in text.split("\n") if line]
    assert kinds == [[], ["html_inline"] * (len(lines) - 1), ["link_open", "link_close"]]


@pytest.mark.parametrize("name", formats.list_term_formats())
def test_nothing_steers_a_terminal_or_a_log(name: str) -> None:
    text = render_terms(name, term(HOSTILE, HOSTILE, path=HOSTILE), paths=(HOSTILE,))
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n") if name == "csv" else text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\ufffe\ud800-\udfff]", plain)
