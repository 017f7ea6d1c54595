"""Hover, definition, references and symbols."""

from pathlib import Path
from typing import Any

import pytest

from techstock.server.uris import make_file_uri
from tests.server.support import EditorClient, Json
from tests.server.test_actions import COPIES
from tests.support import write_files

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff56c72f0d0000000049454e44ae426082"
)
NOTES: dict[str, str | bytes] = {
    **COPIES,
    "c.md": "# 山\n\n荷物の待避を終えた。😀待避する。\n\n[港の話](b.md#1-港) と ![絵](img/a.png) と ![遠く](https://example.com/x.png)\n",
    "d/e.md": "- 港: 別の港。\n  - [[b#1. 港]]\n- ELB (Elastic Load Balancing): 分ける。\n",
    "img/a.png": PNG,
}


def find_place(text: str, piece: str, inside: int = 0) -> tuple[int, int]:
    """Return line and column in UTF-16 of the first time that a piece is in a text."""
    at = text.index(piece) + inside
    line = text.count("\n", 0, at)
    return line, len(text[text.rfind("\n", 0, at) + 1 : at].encode("utf-16-le")) // 2


def ask(client: EditorClient, root: Path, note: str, piece: str, method: str = "hover", inside: int = 0) -> Any:
    uri = client.open(root / note)
    return client.ask_at(f"textDocument/{method}", uri, *find_place(str(NOTES[note]), piece, inside), context={})


def hover(client: EditorClient, root: Path, note: str, piece: str, inside: int = 0) -> str:
    found = ask(client, root, note, piece, inside=inside)
    return found["contents"]["value"] if found else ""


def locate(root: Path, found: list[Json]) -> set[tuple[str, int]]:
    """Return locations as paths and lines from 1."""
    return {(one["uri"].removeprefix(f"{make_file_uri(root)}/"), one["range"]["start"]["line"] + 1) for one in found}


@pytest.fixture
def project(root: Path) -> Path:
    return write_files(root, NOTES)


def test_a_term_in_running_text_has_its_definition(client: EditorClient, project: Path) -> None:
    said = hover(client, project, "c.md", "待避する")
    assert said.startswith("**待避**\n\n新しい要求を受けず")
    assert f"defined in [a.md:5]({make_file_uri(project / 'a.md')}#L5)" in said
    assert "also defined in [b.md:5]" in said
    assert "used in 1 other note: c.md" in said


def test_a_definition_tells_of_the_others(client: EditorClient, project: Path) -> None:
    said = hover(client, project, "b.md", "港: 船", inside=0)
    assert "別の港" in said
    assert "船が泊まる" not in said, "that is written there"


def test_a_hover_marks_the_term(client: EditorClient, project: Path) -> None:
    found = ask(client, project, "c.md", "待避する", inside=1)
    line, column = find_place(str(NOTES["c.md"]), "待避する")
    assert found["range"] == {
        "start": {"line": line, "character": column},
        "end": {"line": line, "character": column + 2},
    }


def test_what_is_no_term_has_no_hover(client: EditorClient, project: Path) -> None:
    assert hover(client, project, "c.md", "荷物") == ""
    assert hover(client, project, "c.md", "終えた") == ""


def test_a_link_shows_its_section(client: EditorClient, project: Path) -> None:
    said = hover(client, project, "c.md", "b.md#1")
    assert said.startswith("**1. 港**")
    assert "船が泊まる所" in said


def test_an_image_shows_its_size_and_state(client: EditorClient, project: Path) -> None:
    said = hover(client, project, "c.md", "img/a.png")
    assert f"PNG, {len(PNG)} bytes, in the repository" in said
    assert f"![]({make_file_uri(project / 'img/a.png')}|width=320)" in said


def test_the_web_is_not_asked(client: EditorClient, project: Path) -> None:
    assert "has not been checked" in hover(client, project, "c.md", "example.com")


def test_hostile_text_is_only_text(client: EditorClient, root: Path) -> None:
    notes = {"a.md": "- 罠: a < b `[a](command:b)` \u202e `<i>`\n", "b.md": "罠に落ちる。\n"}
    write_files(root, notes)
    uri = client.open(root / "b.md")
    said = client.ask_at("textDocument/hover", uri, 0, 0)["contents"]["value"]
    assert "a \\< b" in said
    assert "](command" not in said
    assert "<i>" not in said.replace("\\<", "")
    assert "\u202e" not in said


def test_the_definition_of_a_term(client: EditorClient, project: Path) -> None:
    found = ask(client, project, "c.md", "待避する", "definition")
    assert locate(project, found) == {("a.md", 5), ("b.md", 5)}
    found = ask(client, project, "b.md", "待避: ", "definition")
    assert locate(project, found) == {("a.md", 5)}, "the other copy"


def test_a_link_leads_to_its_heading(client: EditorClient, project: Path) -> None:
    assert locate(project, ask(client, project, "c.md", "b.md#1", "definition")) == {("b.md", 3)}
    assert locate(project, ask(client, project, "d/e.md", "[b#1", "definition")) == {("b.md", 3)}
    assert locate(project, ask(client, project, "c.md", "img/a", "definition")) == {("img/a.png", 1)}


def test_references(client: EditorClient, project: Path) -> None:
    found = ask(client, project, "a.md", "待避", "references")
    assert locate(project, found) == {("a.md", 5), ("b.md", 5), ("c.md", 3)}
    assert len(found) == 4, "two are in one line"
    found = ask(client, project, "b.md", "1. 港", "references")
    assert locate(project, found) == {("c.md", 5), ("d/e.md", 2)}
    assert locate(project, ask(client, project, "c.md", "img/a", "references")) == {("c.md", 5)}


def test_an_unsaved_text_counts(client: EditorClient, project: Path) -> None:
    uri = client.open(project / "a.md")
    client.change(uri, "- 待避: 全く別の話。\n- 灯台: 光る。\n")
    said = hover(client, project, "c.md", "待避する")
    assert "全く別の話" in said
    other = client.open(project / "f.md", "灯台を見る。\n")
    assert "光る" in client.ask_at("textDocument/hover", other, 0, 1)["contents"]["value"]
    client.close(uri)
    assert client.ask_at("textDocument/hover", other, 0, 1) is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("待", ["待避", "待避"]),
        ("ＥＬＢ", ["ELB (Elastic Load Balancing)"]),
        ("load bal", ["ELB (Elastic Load Balancing)"]),
    ],
)
def test_terms_are_found_without_case_and_width(
    client: EditorClient, project: Path, query: str, names: list[str]
) -> None:
    client.open(project / "a.md")
    found = client.request("workspace/symbol", {"query": query})
    here = [one for one in found if one["location"]["uri"].startswith(make_file_uri(project))]
    assert [one["name"] for one in here] == names


def test_a_term_names_its_section(client: EditorClient, root: Path) -> None:
    write_files(root, {"a.md": "- 港外: 海。\n\n# 題\n\n## 1. 船\n\n- 港内: 船。\n"})
    client.open(root / "a.md")
    found = client.request("workspace/symbol", {"query": "港"})
    here = [one for one in found if one["location"]["uri"].startswith(make_file_uri(root))]
    assert {one["name"]: one["containerName"] for one in here} == {"港外": "a.md", "港内": "1. 船"}


def test_terms_are_found_in_either_kana(client: EditorClient, root: Path) -> None:
    write_files(root, {"a.md": "- サーバー: 応える。\n- ひらがな: 丸い。\n"})
    client.open(root / "a.md")
    for query, name in (("さーば", "サーバー"), ("ﾋﾗｶﾞ", "ひらがな")):
        found = client.request("workspace/symbol", {"query": query})
        assert name in [one["name"] for one in found if one["location"]["uri"].startswith(make_file_uri(root))]


def test_the_outline_of_a_note(client: EditorClient, project: Path) -> None:
    uri = client.open(project / "b.md")
    found = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert [one["name"] for one in found] == ["海", "1. 港", "待避", "港"], "flat: this client has said nothing else"


def test_no_note_no_answer(client: EditorClient, root: Path) -> None:
    """A document that is left out has no problems and no answers, as `lint` says nothing of it."""
    write_files(root, {**COPIES, "techstock.toml": 'exclude = ["b.md"]'})
    uri = client.open(root / "b.md")
    client.open(root / "a.md")
    assert client.settle(uri) == []
    assert client.ask_at("textDocument/hover", uri, 4, 3) is None
    assert client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}}) == []
