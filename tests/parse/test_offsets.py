"""Every fact says where it stands: `text[start:end]` is held against what the fact claims."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import chain, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.common.utils import unescapeAll

from techstock.model import (
    Block,
    Directive,
    Entry,
    Heading,
    Image,
    InlineMarkup,
    Link,
    Note,
    ReadFailure,
    Span,
    UnmatchedDelimiter,
)
from techstock.parse import parse
from tests.support import get_collections

pytestmark = pytest.mark.no_cover  # what these repeat a hundred times, others show once

# Pieces that the parser finds hard, put together at random.
INLINE = st.sampled_from(
    [
        "用語: 定義",
        "term：説明",
        "**強調。**続き",
        "**用語:** 説明",
        "`code: x`",
        "``a ` b``",
        "![図](a b.png)",
        "![図](<a b.png> 'タイトル')",
        '![図](a\\_b.png "t")',
        "[![内](in.png)](out.md)",
        "![参照][ref]",
        "[ref]",
        "![][ref]",
        "<img src=\"x.png\" alt='a > b'>",
        "<b>html</b>",
        "<!-- techstock: ignore some-rule why -->",
        "<https://example.org/a:b>",
        "![[絵.png|100]]",
        "[[note#節|別名]]",
        "a | b \\| c",
        "\\*逃\\*",
        "_下線_ * 星 *",
        "&amp; &#58; ",
        "𠮷野家 👨‍👩‍👧",
        "e\u0301 か\u3099",
        "\u3000全角",
        "\u00a0nbsp",
        "\x0b\x0c",
        "\x00",
        "\u2028",
        "61.",
        "x",
    ]
)
MARKS = ["- ", "* ", "  - ", "    - ", "1. ", "10) ", "> ", ">", "\t", "-\t", ">\t", "# ", "## ", "    ", "- [ ] ", "|"]
OPENING = st.lists(st.sampled_from(MARKS), max_size=3).map("".join)
ALONE = st.sampled_from(
    [
        *["", "", "---", "===", "```", "```py", "~~~", "<div>", "</div>", "-", "# ", "***", "<!--", "-->", "    /next"],
        *['<img src="b.png">', "[ref]: /target.png 'title'", "[ref]:", "## 3. 節 ##", "> [ref]: <a b>"],
    ]
)
TEXT = st.lists(INLINE, min_size=1, max_size=4).map(" ".join)
LINE = st.one_of(st.tuples(OPENING, TEXT).map("".join), st.tuples(OPENING, ALONE).map("".join), ALONE)
CELL = st.lists(st.one_of(INLINE, st.just("\\|")), max_size=3).map(lambda parts: " ".join(parts).replace(" | ", " "))
TABLE = st.builds(
    lambda mark, rows: [mark + " | ".join(row) for row in ([["見出し", "b"], ["---", "---"], *rows])],
    st.sampled_from(["", "| ", "> ", "> | ", "  "]),
    st.lists(st.lists(CELL, min_size=1, max_size=3), max_size=3),
)
LINES: st.SearchStrategy[list[str]] = st.lists(st.one_of(LINE.map(lambda line: [line]), TABLE), max_size=12).map(
    lambda parts: [*chain(*parts)]
)
END = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = draw(LINES)
    ends = draw(
        st.one_of(END.map(lambda end: [end] * len(lines)), st.lists(END, min_size=len(lines), max_size=len(lines)))
    )
    start = draw(st.sampled_from(["", "", "", "\ufeff", "---\ntitle: x\n---\n"]))
    text = start + "".join(line + end for line, end in zip(lines, ends, strict=True))
    return text if draw(st.booleans()) else text.rstrip("\r\n")


def places(note: Note) -> Iterator[Span]:
    facts: list[
        Heading | Block | Entry | Image | Link | InlineMarkup | UnmatchedDelimiter | Directive | ReadFailure
    ] = []
    facts += [*note.headings, *note.blocks, *note.entries, *note.images, *note.links, *note.spans]
    facts += [*note.strays, *note.directives, *note.faults]
    yield from (fact.place for fact in facts)
    for entry in note.entries:
        yield from (p for p in (entry.marker, entry.head, entry.term, entry.colon, entry.definition) if p)
    for heading in note.headings:
        yield heading.text
        if heading.numeral:
            yield heading.numeral.place
    for block in note.blocks:
        yield from block.texts
    for image in note.images:
        yield image.at
    for link in note.links:
        yield from (link.at, link.text)


def squeezed(text: str) -> str:
    """Without what the parser cuts out of content: quote marks, white space, NUL."""
    return re.sub(r"[\s>]+", "", text).replace("\0", "\ufffd")


def check(note: Note) -> None:
    text = note.text
    for place in places(note):
        assert 0 <= place.start <= place.end <= len(text)
    for heading in note.headings:
        check_heading(heading, text)
    for entry in note.entries:
        check_entry(entry, note)
    for image in note.images:
        check_image(image, text)
    for link in note.links:
        check_link(link, text)
    check_blocks(note)
    check_spans(note)


def check_spans(note: Note) -> None:
    text = note.text
    for span in note.spans:
        if span.kind in ("code", "html"):
            source = span.place.extract_from(text)
            assert (source[0], source[-1]) == (("`", "`") if span.kind == "code" else ("<", ">"))
    for stray in note.strays:
        source = stray.place.extract_from(text)
        assert set(source) <= set("*_")
    for directive in note.directives:
        source = directive.place.extract_from(text)
        assert (source[:4], source[-3:]) == ("<!--", "-->")
        assert re.search(r"techstock:\s*" + re.escape(directive.verb), source)
    for running in note.running_text:
        assert not any(span.place.start < running.end and running.start < span.place.end for span in note.spans)


def check_heading(heading: Heading, text: str) -> None:
    source = heading.place.extract_from(text)
    assert squeezed(heading.text.extract_from(text)) == squeezed(heading.title)
    assert source[0] not in " \t"
    if source.startswith("#"):
        assert source.startswith("#" * heading.level)
    if heading.numeral:
        assert heading.numeral.digits in heading.numeral.place.extract_from(text)


def check_entry(entry: Entry, note: Note) -> None:
    text = note.text
    marker = entry.marker.extract_from(text)
    assert re.fullmatch(r"\d{1,9}[.)]" if entry.ordered else r"[-*+]", marker)
    assert entry.place.start == entry.marker.start
    assert entry.place.end <= len(text)
    assert entry.place.contains(entry.head) or not entry.head.extract_from(text)
    assert note.blocks[entry.list].kind == "list"
    assert note.blocks[entry.list].place.contains(entry.place)
    if entry.parent >= 0:
        parent = note.entries[entry.parent]
        assert parent.place.contains(entry.place)
        assert parent.depth == entry.depth - 1
    else:
        assert entry.depth == 1
    assert (entry.term is None) == (entry.colon is None) == (entry.definition is None)
    if entry.term and entry.colon and entry.definition:
        assert entry.term.extract_from(text).replace("\0", "\ufffd") == entry.name
        assert entry.colon.extract_from(text) in (":", "：")
        assert entry.head.start <= entry.term.start < entry.term.end <= entry.colon.start
        assert entry.colon.end <= entry.definition.start <= entry.definition.end <= entry.head.end


def check_image(image: Image, text: str) -> None:
    source, target = image.place.extract_from(text), image.at.extract_from(text).replace("\0", "\ufffd")
    if image.kind == "html":
        assert source[:4].lower() == "<img"
        assert source[-1] == ">"
        assert unescape(target) == image.target
    elif image.kind == "wiki":
        assert source.startswith("![[")
        assert source.endswith("]]")
        assert target == image.target
    else:
        assert source.startswith("![")
        assert source[-1] in ")]"
        assert unescapeAll(target) == image.target
        assert image.kind == "reference" or image.place.contains(image.at)


def check_link(link: Link, text: str) -> None:
    source, target = link.place.extract_from(text), link.at.extract_from(text).replace("\0", "\ufffd")
    assert source[0] + source[-1] in ("<>", "[)", "[]")
    if link.kind in ("inline", "reference"):
        assert unescapeAll(target) == link.target
    elif link.kind == "auto":
        assert target == link.target


def check_blocks(note: Note) -> None:
    leaves = [block for block in note.blocks if block.kind != "list"]
    for before, after in pairwise(leaves):
        assert before.place.end <= after.place.start, (before, after)
    first = {"fence": "`~", "rule": "-*_", "html": "<", "front-matter": "-"}
    for block in note.blocks:
        start = note.text[block.place.start : block.place.start + 1]
        assert start
        assert start in first.get(block.kind, start)
        if block.kind == "paragraph":
            assert not block.texts or not squeezed(note.text[block.place.start : block.texts[0].start])
        for piece in block.texts:
            # Behind `>` and a tab markdown-it-py takes a list marker for content.
            assert block.place.contains(piece) or "\t" in note.text, (block, piece)
            assert "\n" not in piece.extract_from(note.text)
            assert "\r" not in piece.extract_from(note.text)


@given(documents())
def test_offsets_of_generated_notes(text: str) -> None:
    check(parse("note.md", text))


@given(LINES, END)
def test_line_ends_and_byte_order_mark_change_no_fact(lines: list[str], end: str) -> None:
    plain = parse("note.md", "\n".join(lines))
    other = parse("note.md", "\ufeff" + end.join(lines))
    assert [h.title for h in plain.headings] == [h.title for h in other.headings]
    assert [(e.name, e.depth) for e in plain.entries] == [(e.name, e.depth) for e in other.entries]
    assert [(i.kind, i.target) for i in plain.images] == [(i.kind, i.target) for i in other.images]
    positions = [plain.lines.find_position(place.start) for place in places(plain)]
    assert positions == [other.lines.find_position(place.start) for place in places(other)]


@given(st.text(max_size=80))
def test_any_text_is_a_note(text: str) -> None:
    check(parse("note.md", text))


@pytest.mark.parametrize("folder", ["aws-notes", "gyoogle", "kottiee-saa-ja", "misaka-saa", "techstay-notes", "til"])
def test_offsets_of_real_notes(folder: str) -> None:
    """A sample of large collections; `python -m tests.parse.test_offsets` takes all of them."""
    paths = sorted((get_collections() / "corpus" / folder).rglob("*.md"))
    assert paths
    check_files(paths[:: max(len(paths) // 60, 1)])


def check_files(paths: Iterable[Path]) -> None:
    for path in paths:
        note = parse(path.name, path.read_bytes().decode("utf-8"))
        check(note)


if __name__ == "__main__":
    check_files(sorted((get_collections() / "corpus").rglob("*.md")))
