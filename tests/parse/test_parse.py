"""What the parser makes of the shapes met in real notes."""

import pytest

from techstock.model import ParseLimits
from techstock.parse import parse, reparse
from techstock.parse.render import render_blocks
from tests.support import parse_entry


def terms(text: str) -> list[tuple[str, str]]:
    """Name and definition in the head of every entry."""
    note = parse("note.md", text)
    return [(e.name, e.definition.extract_from(text) if e.definition else "") for e in note.entries]


def test_entries_know_their_surroundings() -> None:
    text = "- 親: 一\n  - 子:\n\n    - 孫\n- 次\n\n段落\n\n1. 番号: 二\n"
    note = parse("note.md", text)
    assert [(e.name, e.depth, e.parent, e.ordered) for e in note.entries] == [
        ("親", 1, -1, False),
        ("子", 2, 0, False),
        ("", 3, 1, False),
        ("", 1, -1, False),
        ("番号", 1, -1, True),
    ]
    assert note.entries[0].place.extract_from(text) == "- 親: 一\n  - 子:\n\n    - 孫"
    assert note.entries[4].marker.extract_from(text) == "1."
    assert note.children == {-1: (0, 3, 4), 0: (1,), 1: (2,)}
    assert note.siblings[note.entries[0].list] == (0, 3)


@pytest.mark.parametrize(
    ("item", "opens"),
    [
        ("- 文", "paragraph"),
        ("-", ""),
        ("- 1. 文", "list"),
        ("- #### 見出し", "heading"),
        ("- ```\n  code\n  ```", "fence"),
        ("-     code", "code"),
        ("- > 引用", "quote"),
        ("- <div>", "html"),
        ("- ***", "rule"),
        ("- | a |\n  | - |", "table"),
    ],
)
def test_what_an_entry_opens_with(item: str, opens: str) -> None:
    note, first = parse_entry(item + "\n")
    assert first.opens == opens
    assert bool(first.head.extract_from(note.text)) == (opens == "paragraph")


def test_head_is_the_first_paragraph_only() -> None:
    text = "- 用語: 一行目\n  二行目\n\n  別の段落: 違う\n"
    _, first = parse_entry(text)
    assert first.head.extract_from(text) == "用語: 一行目\n  二行目"
    assert first.definition is not None
    assert first.definition.extract_from(text) == "一行目\n  二行目"


@pytest.mark.parametrize("text", ["- \\\n  語: 説明\n", "> 1. \\\n>    語: 説明\n"])
def test_an_entry_may_begin_with_a_hard_break(text: str) -> None:
    note, first = parse_entry(text)
    assert first.head.extract_from(note.text).startswith("\\\n")
    assert note.faults == ()


def test_definition_may_begin_on_the_next_line() -> None:
    assert terms("- 用語:\n  次の行の説明\n") == [("用語", "次の行の説明")]


def test_quoted_paragraph_is_no_head() -> None:
    note, first = parse_entry("- > 用語: 説明\n")
    assert first.term is None
    assert note.blocks[1].quotes == 1
    assert note.blocks[1].entry == 0


def test_emphasis_is_cut_from_the_term() -> None:
    expected = [("用語", "説明")]
    for text in ("- **用語**: 説明", "- **用語:** 説明", "- __用語__：説明", "- *用語* : 説明", "- ***用語:*** 説明"):
        assert terms(text) == expected, text
    assert terms("- **用語: 説明**") == [("用語", "説明**")]


@pytest.mark.parametrize("line", ["- ---x", "- ---", "----", "--- x", "---x", "> ---", " ---", "\u3000---", "-　---"])
def test_what_is_no_front_matter(line: str) -> None:
    """mdit-py-plugins took the first of them for the beginning of front matter within an entry."""
    text = f"{line}\n題: [x](a.md)\n---\n"
    note = parse("note.md", text)
    assert "front-matter" not in {block.kind for block in note.blocks}
    assert [link.target for link in note.links] == ["a.md"]
    assert "<a href" in "".join(block.html for block in render_blocks(text))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "---\ntitle: 題\n---\n"])
def test_line_ends_byte_order_mark_and_front_matter(start: str, end: str) -> None:
    text = (start + "# 題\n\n## 1.\n\n- 用語: ![図](a.png)\n\t- 字下げ: タブ\n").replace("\n", end)
    note = parse("note.md", text)
    assert [h.place.extract_from(text) for h in note.headings] == ["# 題", "## 1."]
    assert [(e.name, e.depth) for e in note.entries] == [("用語", 1), ("字下げ", 2)]
    assert note.images[0].at.extract_from(text) == "a.png"
    assert note.lines.find_position(note.headings[0].place.start) == (4 if "title" in start else 1, 1)


def test_images_of_every_kind() -> None:
    text = (
        "![一](a.png '題') ![二][r] ![r] [![三](c.png)](page.md)\n\n"
        "文 <img alt='四' src=d.png> ![[五.png|200]] `![六](no.png)`\n\n"
        "<p>\n<img\n  src='e.png'>\n<!-- <img src='no.png'> -->\n</p>\n\n"
        "| a |\n| - |\n| ![七](f.png) |\n\n"
        "[r]: <g h.png>\n"
    )
    note = parse("note.md", text)
    assert [(i.kind, i.target, i.alt, i.linked) for i in note.images] == [
        ("inline", "a.png", "一", False),
        ("reference", "g h.png", "二", False),
        ("reference", "g h.png", "r", False),
        ("inline", "c.png", "三", True),
        ("html", "d.png", "四", False),
        ("wiki", "五.png", "200", False),
        ("html", "e.png", "", False),
        ("inline", "f.png", "七", False),
    ]
    assert [i.at.extract_from(text) for i in note.images][:3] == ["a.png", "g h.png", "g h.png"]


def test_links_of_every_kind() -> None:
    text = "[一](a.md#x) [r] <https://example.org/> [[ノート#節|名]]\n\n[r]: b.md\n"
    note = parse("note.md", text)
    assert [(link.kind, link.target) for link in note.links] == [
        ("inline", "a.md#x"),
        ("reference", "b.md"),
        ("auto", "https://example.org/"),
        ("wiki", "ノート#節"),
    ]


def test_backticks_without_a_partner_are_text() -> None:
    note = parse("note.md", "- 待避: `code` と ` 残り `` 終わり\n")
    assert [span.place.extract_from(note.text) for span in note.spans] == ["`code`"]


def test_comments_to_techstock() -> None:
    text = "<!-- techstock: ignore term-repeated 意図した繰り返し -->\n\n文 <!--techstock:ignore-file x-->\n\n"
    text += "<!-- ほか -->\n"
    note = parse("note.md", text)
    assert [(d.verb, d.arguments) for d in note.directives] == [
        ("ignore", "term-repeated 意図した繰り返し"),
        ("ignore-file", "x"),
    ]


def test_fences_know_whether_they_are_closed() -> None:
    text = "```py\na\n```\n\n- ~~~\n  b\n\n> ```\n> c\n\n```\n"
    note = parse("note.md", text)
    fences = [block for block in note.blocks if block.kind == "fence"]
    assert [(block.info, block.closed) for block in fences] == [("py", True), ("", False), ("", False), ("", False)]


def test_comment_without_an_end_is_not_closed() -> None:
    note = parse("note.md", "<!-- 一\n\n## 隠れた\n")
    assert [(block.kind, block.closed) for block in note.blocks] == [("html", False)]


def test_emphasis_that_stayed_text() -> None:
    text = "これは**強調。**続き、**太字**と2 * 3。\n"
    note = parse("note.md", text)
    assert [(s.place.extract_from(text), s.opens, s.closes) for s in note.strays] == [
        ("**", True, True),
        ("**", True, False),
        ("*", False, False),
    ]


def test_strays_of_alt_text_are_not_ours() -> None:
    note = parse("note.md", "![a **b。**c](x.png)\n")
    assert note.strays == ()


def test_what_is_nested_too_deep_is_said() -> None:
    deep = parse("note.md", "- " * 50 + "用語: 見えない\n")
    assert [fault.kind for fault in deep.faults] == ["depth"]
    assert "100" in deep.faults[0].message
    assert deep.faults[0].place.extract_from(deep.text) == "用語: 見えない"
    assert parse("note.md", "- " * 49 + "用語: 見える\n").faults == ()


def test_running_text_holds_no_code_html_or_targets() -> None:
    text = "前 `code` 中 <b>太</b> [文字](target.md) 後 ![図](x.png)\n"
    note = parse("note.md", text)
    assert [place.extract_from(text) for place in note.running_text] == ["前 ", " 中 ", "太", " [文字", " 後 "]


def test_escaped_pipe_in_a_cell() -> None:
    text = "| a \\| b | `c` |\n| --- | --- |\n| **x。**y \\| z | |\n"
    note = parse("note.md", text)
    assert [place.extract_from(text) for place in note.blocks[0].texts] == ["a \\| b", "`c`", "**x。**y \\| z"]
    assert [span.place.extract_from(text) for span in note.spans] == ["`c`"]
    assert [stray.place.start for stray in note.strays] == [text.index("**"), text.index("**y")]


def test_sections_end_where_the_next_begins() -> None:
    text = "# 題\n\n## 1.\n\n一\n\n### 細目\n\n二\n\n## 2.\n"
    note = parse("note.md", text)
    assert [(s.number, s.body.extract_from(text)) for s in note.sections] == [
        (1, "\n\n一\n\n### 細目\n\n二\n\n"),
        (2, "\n"),
    ]


def test_quoted_and_nested_headings_divide_nothing() -> None:
    note = parse("note.md", "## 2.\n\n> ## 9.\n\n- #### 4.\n\n## 3.\n")
    assert [section.number for section in note.sections] == [2, 3]


def test_a_note_with_another_text_is_read_as_it_was() -> None:
    note = parse("a.md", "## 1.\n\n- 一: 語\n", 2, ParseLimits(entries=1))
    changed = reparse(note, f"{note.text}- 二: 別\n")
    assert (changed.path, changed.level, changed.limits) == (note.path, 2, ParseLimits(entries=1))
    assert changed.entries == note.entries


@pytest.mark.parametrize("count", [10, 1_000])
def test_marks_of_a_line_of_any_length_have_their_places(count: int) -> None:
    piece = "- **é😀：**b "
    note = parse("a.md", f"前の行\n\n## {piece * count}\n")
    assert len(note.strays) == 2 * count
    places = [stray.place for stray in note.strays]
    assert {place.extract_from(note.text) for place in places} == {"**"}
    assert [place.start for place in places[::2]] == [8 + len(piece) * number + 2 for number in range(count)]
