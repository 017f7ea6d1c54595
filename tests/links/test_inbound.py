"""Which links lead to a note."""

from msgspec.structs import replace

from techstock.links.resolver import find_backlinks
from tests.support import make_corpus

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
