"""Completion: terms in Japanese text, notes and headings in links."""

from pathlib import Path

import pytest

from tests.server.support import EditorClient, Json
from tests.server.test_reading import NOTES
from tests.support import write_files


@pytest.fixture
def project(root: Path) -> Path:
    return write_files(root, NOTES)


def complete(client: EditorClient, project: Path, text: str) -> list[Json]:
    """Return the items at the end of the last line of a new note."""
    uri = client.open(project / "new.md", text)
    last = text.rpartition("\n")[2]
    column = len(last.encode("utf-16-le")) // 2
    found = client.ask_at("textDocument/completion", uri, text.count("\n"), column)
    client.close(uri)
    assert found["isIncomplete"]
    return list(found["items"])


def test_a_term_in_a_run_of_japanese(client: EditorClient, project: Path) -> None:
    [item] = complete(client, project, "😀荷物を待")
    assert item["label"] == "待避"
    assert "filterText" not in item, "Neovim 0.7 replaces the whole run of text if there is one"
    assert item["textEdit"] == {
        "range": {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 6}},
        "newText": "待避",
    }
    assert item["detail"].startswith("新しい要求を受けず")
    assert "残る仕事" in item["documentation"]


@pytest.mark.parametrize("typed", ["EL", "el", "ＥＬ", "これはel"])
def test_latin_letters_in_any_case_and_width(client: EditorClient, project: Path, typed: str) -> None:
    [item] = complete(client, project, typed)
    assert item["label"] == "ELB (Elastic Load Balancing)"
    assert item.get("filterText") == (None if typed == "EL" else typed[-2:]), "an editor compares with what is typed"


@pytest.mark.parametrize("typed", ["", "を", "e", "wel", "荷"])
def test_what_says_too_little_completes_nothing(client: EditorClient, project: Path, typed: str) -> None:
    assert complete(client, project, typed) == []


def test_notes_in_a_link(client: EditorClient, project: Path) -> None:
    items = complete(client, project, "[話](d")
    assert [one["textEdit"]["newText"] for one in items] == ["a.md", "b.md", "c.md", "d/e.md"]
    assert [one["label"] for one in complete(client, project, "[話](d/")] == ["d/e.md"]


def test_headings_in_a_link(client: EditorClient, project: Path) -> None:
    [item] = complete(client, project, "[話](b.md#1")
    assert (item["label"], item["textEdit"]["newText"]) == ("1. 港", "1-港")
    assert [one["label"] for one in complete(client, project, "# 題\n\n## 節\n\n[話](#")] == ["題", "節"]


def test_wiki_links(client: EditorClient, project: Path) -> None:
    assert "b" in [one["textEdit"]["newText"] for one in complete(client, project, "[[")]
    assert [one["textEdit"]["newText"] for one in complete(client, project, "[[b#1")] == ["1. 港"]


def test_the_entry_that_is_being_typed_is_not_offered(client: EditorClient, project: Path) -> None:
    assert complete(client, project, "- 灯台守: 灯を守る。\n- 灯台: 光る。\n- 灯籠:") == []
    assert [one["label"] for one in complete(client, project, "- 待避")] == ["待避"], "with the definition there is"
