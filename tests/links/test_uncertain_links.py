"""The quick search for links that may lead nowhere: it may find too many, and leaves out none with a problem."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from techstock.engine import diagnose
from techstock.links import anchors, uncertain_links
from techstock.links.anchors import iter_heading_texts
from techstock.links.uncertain_links import collect_uncertain_targets, find_uncertain_links, iter_embedded_headings
from techstock.model import Corpus, Link, Note
from tests.cache.test_files import FILES, NOTES, edit_files, make_text
from tests.images.pictures import PNG, load_image_corpus
from tests.support import make_corpus, make_project, parse_note, plan_rules

RULES = plan_rules(["link-missing", "link-outside", "link-extension"])


@pytest.mark.parametrize("seed", range(12))
def test_all_notes_have_no_other_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 (no secret)
    root = make_project(tmp_path, {name: make_text(choose) for name in NOTES} | dict.fromkeys(FILES, PNG), git=seed < 4)
    for _ in range(4):
        edit_files(choose, root)
        quick = diagnose(load_image_corpus(root), RULES)
        with monkeypatch.context() as patched:
            patched.setattr(uncertain_links, "find_uncertain_links", list_all_links)
            assert quick == diagnose(load_image_corpus(root), RULES)


def list_all_links(corpus: Corpus) -> list[tuple[Note, Link]]:
    return [(note, link) for note in corpus.notes for link in (*note.links, *iter_embedded_headings(note))]


OTHERS = {"b.md": "# Title\n\n## Title\n", "sub/c.md": "[[b]]\n", "x.csv": ""}


@pytest.mark.parametrize(
    "text",
    [
        "[b](b.md) [b](b.md#title-1) [b](./sub/../b.md) [c](sub/c.md) [x](x.csv) [s](sub)",
        "[own](#one) [top](#top) [b](b.md#top) [b](b.md#:~:text=Title) [b](/b.md) [b](b%2Emd#%54itle)",
        "[w](https://example.com/b.md#none) <https://example.com> [m](mailto:a@b.c) [d](data:text/plain,a)",
        "[[nobody]] [[b]] [[b#Title]] ![[b#^block]] [[b#^none]] [[nobody#none]]",
        "[case](B.MD)",
    ],
)
def test_links_that_lead_somewhere(text: str) -> None:
    assert (find_paths(f"# One\n\n{text}\n") == []) is ("case" not in text)


@pytest.mark.parametrize(
    "target", ["c.md", "b.md#none", "../b.md", "#none", "b", "B.md", "b.md?plain=1#none", "none/", "sub/b.md", "/c.md"]
)
def test_links_that_may_lead_nowhere(target: str) -> None:
    assert find_paths(f"[fine](b.md)\n\n[one]({target})\n") == ["a.md"]
    assert find_paths(f'[fine](b.md)\n\n<a href="{target}">one</a>\n') == ["a.md"]


@pytest.mark.parametrize("text", ["[[b#none]]", "![[b#none]]", "![[b#none|b]]"])
def test_wiki_links_to_no_heading(text: str) -> None:
    assert find_paths(f"{text}\n") == ["a.md"]


def find_paths(text: str, others: Mapping[str, str] = OTHERS) -> list[str]:
    notes = {path: other for path, other in others.items() if path.endswith(".md")} | {"a.md": text}
    return [note.path for note, _ in find_uncertain_links(make_corpus(notes, others.keys() - notes.keys()))]


def test_what_the_note_alone_can_tell_is_not_collected() -> None:
    text = "# One\n\n[[b]] [w](https://example.com) [own](#one) [t](<{{ url }}>) [c](c:/x.md) [u]() ![i](i.png)\n"
    assert collect_uncertain_targets(parse_note(text)) == []
    text += "[b](b.md) [b](b.md) [b](<b c.md>) [[b#c]] [g](https://github.com/me/notes) [none](#none)\n"
    assert collect_uncertain_targets(parse_note(text)) == [
        ["b.md"],
        ["b c.md", "https://github.com/me/notes", "#none"],
        ["b#c"],
    ]


def test_one_target_is_looked_up_once_for_each_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def resolve_path(path: str, folder: str) -> str | None:
        asked.append((folder, path))
        return None

    monkeypatch.setattr(uncertain_links, "resolve_path", resolve_path)
    notes = {f"{folder}/{name}.md": "[x](x.csv)\n" for folder in ("p", "q") for name in "abc"}
    assert not find_uncertain_links(make_corpus(notes, ["p/x.csv", "q/x.csv"]))
    assert asked == [("p", "x.csv"), ("q", "x.csv")]


HEADINGS = [
    "plain text",
    "日本 2.0",
    "a_b and *c*",
    "`d` e",
    "[f](g.md)",
    r"\# h \\",
    "i &amp; j",
    "k <b>l</b>",
    "$m$",
    "n:",
]


@pytest.mark.parametrize("first", HEADINGS)
def test_headings_without_markup_are_read_as_they_stand(monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    """The text of each heading is the same, whether or not all of them are read by the long way."""
    note = parse_note(f"# {first}\n\n{first}\n===\n\n## other\n")
    texts = list(iter_heading_texts(note))
    monkeypatch.setattr(anchors, "_MARKUP", frozenset(first + "other"))
    assert list(iter_heading_texts(note)) == texts
