"""Which links lead to a note."""

import random

import pytest
from msgspec.structs import replace

from techstock.links import inbound_links
from techstock.links.inbound_links import find_linking_paths, plan_link_updates
from techstock.links.resolver import find_backlinks
from techstock.model import Corpus, Edit, Note
from tests.cache.test_files import FILES as OTHER_FILES
from tests.cache.test_files import NOTES, make_text
from tests.support import make_corpus, parse_note

FILES = {
    "a.md": "# 一\n\n[ここ](#一) [b](n/b.md) [b](/n/b.md#%E4%BA%8C) [[b#二]] [[c]] [x](https://example.org/n/b.md)\n",
    "n/b.md": "## 二\n\n[a](../a.md#一) [外](../../a.md) [[#二]] [ここ]() ![図](../a.md)\n",
}


def test_links_to_a_note() -> None:
    whole = make_corpus(FILES, FILES)
    found = [(note.path, fragment) for note, _, fragment in find_backlinks(whole, whole.by_path["n/b.md"])]
    assert found == [("a.md", ""), ("a.md", "二"), ("a.md", "二"), ("n/b.md", "二")]
    assert [note.path for note, _, _ in find_backlinks(whole, whole.by_path["a.md"])] == ["a.md", "n/b.md"]


def test_without_files() -> None:
    whole = replace(make_corpus(FILES), files=None)
    assert len(list(find_backlinks(whole, whole.by_path["n/b.md"]))) == 4


@pytest.mark.parametrize("seed", range(6))
def test_notes_that_name_no_part_need_not_be_read(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Which notes link to a heading, and which edits that asks for, is the same if all notes are read."""
    choose = random.Random(seed)  # noqa: S311 (no secret)
    ends = [
        "",
        "[t](/a.md#title)\n",
        "[[a#Title]]\n",
        '<!-- techstock: ignore section-number-gap with "a.md#title" -->\n',
    ]
    notes = {name: make_text(choose) + ends[at % 4] for at, name in enumerate(NOTES)}

    def find_links() -> tuple[set[str], set[object]]:
        corpus = make_corpus(notes, [*NOTES, *OTHER_FILES])
        place = corpus.notes[0].headings[0].text
        edits = {"a.md": [Edit(corpus.notes[0].add_path_to(place), "Other")]}
        changed = {"a.md": parse_note("# Other" + corpus.notes[0].text[place.end :], "a.md")}
        updates = plan_link_updates(corpus, changed, edits)
        return {"a.md", *find_linking_paths(corpus, frozenset({"a.md"}))}, {*updates.edits, *updates.broken}

    quick = find_links()
    monkeypatch.setattr(inbound_links, "_find_notes_naming_parts", get_notes)
    assert find_links() == quick
    assert len(quick[0]) > 1


def get_notes(corpus: Corpus) -> tuple[Note, ...]:
    return corpus.notes


@pytest.mark.parametrize(
    "text",
    [
        "[t](a.md#title)", "[[a#Title]]", "![[a#Title]]", "![t](a.md#title)", "[t]\n\n[t]: <a.md#title>",
        '<a href="a.md#title">t</a>', "[t](/%61.md#title)",
        '<!-- techstock: ignore duplicate-term with="a.md#title" -->', "[^1]\n\n[^1]: [t](a.md#title)",
    ],
)  # fmt: skip
def test_each_way_to_name_a_part(text: str) -> None:
    notes = {"a.md": "# Title\n", "b.md": f"{text}\n", "c.md": "[t](a.md) [t](b.md#none) [t](#title)\n"}
    assert find_linking_paths(make_corpus(notes, notes), frozenset({"a.md"})) == {"b.md"}
