"""Facts are those of the page that GitHub makes of a note, on real notes and on random ones, with few exceptions."""

import re
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from techstock.model import Span
from techstock.parse import parse
from techstock.parse.source_text import NormalizedSource, find_front_matter
from tests.parse.github import read_facts, read_page, render
from tests.parse.test_offsets import documents
from tests.support import get_collections, run_rule, scale_examples

pytestmark = pytest.mark.no_cover  # what these repeat a hundred times, others show once

FOLDERS = ["aws-notes", "gyoogle", "kottiee-saa-ja", "misaka-saa", "techstay-notes", "til"]
# Where facts differ from the page on purpose, or where nobody writes what makes the difference.
EXCEPTIONS = {
    "footnotes are text: the page moves them to its end": r"\[\^",
    "a bare address takes emphasis marks along": r"(?:://|www\.)\S*[*_]",
    "a tag alone on a line ends an entry or a quote above it": r"[^\n]\n[ \t>]*</?[a-z][^\n]*>[ \t]*(?:\n|$)",
    "an underline below a definition is text": r"\]:.*\n[ \t>]*(?:-+|=+)[ \t]*(?:\n|$)",
    "a definition behind a task's box": r"\[[ xX]\][ \t]+\[",
    "a form feed is a blank line": r"[\x0b\x0c]",
    "a tab behind or before a quote mark": r">[ \t]*\t|\t[ \t]*>",
    "a task without text": r"\[[ xX]\][ \t]*(?:\n|$)",
    "pipes and dashes that are no table": r"(?m)^[ \t>]*[-*+]?(?:[ \t]*[|-]){0,3}[ \t]*$|\|.*\n[ \t>]*-?[ \t]+\|",
}
# How much of a note must be on the page as text if a rule says that it does not render.
RULES = ("emphasis-unrendered", "heading-swallowed", "image-swallowed", "marker-space")


def normalize(text: str) -> str:
    """Return the text as parsers see it, its front matter blank."""
    text = NormalizedSource(text).text
    end = find_front_matter(text)
    return re.sub(r"[^\n]", " ", text[:end]) + text[end:]


def differs(text: str) -> bool:
    return read_page(render(text)) != read_facts(parse("note.md", text))


def find_unexplained(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names of the notes whose facts differ from their page without being one of the exceptions."""
    return [
        name
        for name, text in texts
        if differs(text) and not any(re.search(pattern, text) for pattern in list(EXCEPTIONS.values())[:2])
    ]


def find_rendered(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Return the findings on markup that does not render, of which the page does not show the marks as text.

    A heading inside an entry is reported, too, although it renders.
    """
    wrong = []
    for name, text in texts:
        headings = {heading.place for heading in parse("note.md", text).headings}
        shown = "".join(unescape(render(text, unsafe=True)).split())
        for rule in RULES:
            places = [diagnostic.problem.place for diagnostic in run_rule(rule, {"note.md": text})]
            found = [
                "**" if rule == "emphasis-unrendered" else "".join(place.extract_from(text).split())
                for place in places
                if Span(place.start, place.end) not in headings
            ]
            wrong += [f"{name}: {rule} {mark}" for mark, count in Counter(found).items() if shown.count(mark) < count]
    return wrong


def read_folder(folder: Path, most: int) -> Iterator[tuple[str, str]]:
    paths = [path for path in sorted(folder.rglob("*.md")) if path.is_file()]
    for path in paths[:: max(len(paths) // most, 1)]:
        yield str(path), normalize(path.read_bytes().decode("utf-8"))


def read_archive(archive: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(archive) as members:
        for member in members:
            file = members.extractfile(member) if member.name.endswith(".md") else None
            if file:
                yield member.name, normalize(file.read().decode("utf-8", "replace"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_sample_of_real_notes(folder: str) -> None:
    texts = list(read_folder(get_collections() / "corpus" / folder, 10))
    assert texts
    assert find_unexplained(texts) == []
    assert find_rendered(texts) == []


@pytest.mark.collections
@pytest.mark.parametrize("name", [*FOLDERS, "*.tar.gz"])
def test_all_real_notes(name: str) -> None:
    root = get_collections()
    archives = sorted(root.rglob(name)) if "*" in name else []
    texts = [read_archive(archive) for archive in archives] or [read_folder(root / "corpus" / name, 1 << 30)]
    for notes in texts:
        kept = list(notes)
        assert find_unexplained(kept) == []
        assert find_rendered(kept) == []


@settings(max_examples=scale_examples(40))
@given(documents())
def test_random_texts(text: str) -> None:
    text = normalize(text)
    assume(not any(re.search(pattern, text) for pattern in EXCEPTIONS.values()))
    assert read_facts(parse("note.md", text)) == read_page(render(text))


@pytest.mark.parametrize(
    "text",
    [
        "a[^1]\n\n[^1]: b\n",
        "https://example.org/**x**\n",
        "- a\n<br>\nb\n",
        "[a]: b\n---\n",
        "- [ ] [a]: b\n",
        "> \x0c\n`\n",
        ">\n\t>\n",
        "- [ ] \n|\n",
        "a|b\n-|- -\n",
    ],
)
def test_what_differs_is_listed(text: str) -> None:
    """An exception that has become none is taken off the list."""
    assert differs(text)
    assert any(re.search(pattern, text) for pattern in EXCEPTIONS.values())


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|\t---\t|---|\n| c | d |\n",
        "文\na | b\n--|--\n**c** | d\n\n終\n",
        "> 文\n> a | b\n> --|--\n> c | *d\n",
        "- 文\n  a | b\n  --|--\n  `c` | d\n",
        "a\n-|\nb\n",
        "a | b\n--|--\nc | d\n    code *\n",
        "a | b\n- |-\n",
        "```\na\n```\t\n\n*b\n",
        "<!doctype html>\n\n*b*\n",
        "これは**～強調～**続き\n",
        "a**￥100**b **$c**d\n",
        "- ---x\n- b\n",
        "----\na: b\n----\n",
        "a\n-|-\n    b\n",
        "a <!----> b <!-- c --> d\n",
    ],
)
def test_like_github(text: str) -> None:
    assert read_facts(parse("note.md", text)) == read_page(render(text))
