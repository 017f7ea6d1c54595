"""Code actions: fix, fix all, ignore, merge, and a variant in all notes, with the checks of the command line."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.support import CODE_ABILITIES, EditorClient, Json, ServerError, run_client
from tests.support import write_files

DEFINITION = "新しい要求を受けず、残る仕事を終えるまで待つ状態のことを言う。"
COPIES = {
    "a.md": f"# 雲\n\n## 1. 待つ\n\n- 待避: {DEFINITION}\n",
    "b.md": f"# 海\n\n## 1. 港\n\n- 待避: {DEFINITION}\n- 港: 船が泊まる所。\n",
}


def apply_edit(texts: dict[str, str], edit: Json) -> dict[str, str]:
    """Return texts by URI after a workspace edit, for a client that counts in UTF-16."""
    changed = dict(texts)
    changes = edit.get("documentChanges") or [
        {"textDocument": {"uri": uri}, "edits": edits} for uri, edits in edit["changes"].items()
    ]
    for one in changes:
        uri = one["textDocument"]["uri"]
        lines = changed[uri].split("\n")
        starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
        for part in sorted(one["edits"], key=lambda part: -starts[part["range"]["start"]["line"]]):
            start, end = (
                starts[part["range"][end]["line"]] + part["range"][end]["character"] for end in ("start", "end")
            )
            changed[uri] = changed[uri][:start] + part["newText"] + changed[uri][end:]
    return changed


def list_actions(client: EditorClient, uri: str, found: list[Json], only: list[str] | None = None) -> list[Json]:
    context = {"diagnostics": found, **({} if only is None else {"only": only})}
    place = found[0]["range"] if found else {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": place, "context": context}
    result: list[Json] = client.request("textDocument/codeAction", params)
    return result


def choose(client: EditorClient, actions: list[Json], title: str) -> Json:
    """Return the edit of the only action with this in its title."""
    [action] = [one for one in actions if title in one["title"]]
    assert "edit" not in action, "an edit is made when it is asked for"
    edit: Json = client.request("codeAction/resolve", action)["edit"]
    return edit


def test_a_fix(client: EditorClient, root: Path) -> None:
    write_files(
        root, {"a.md": "# 題\n\n- 待避：受けない。\n- 港： 船。\n", "techstock.toml": 'select = ["colon-style"]'}
    )
    text = "# 題\n\n- 待避: 受けない。\n- 港：船。\n- 海: 水。\n"
    uri = client.open(root / "a.md", text)
    found = client.wait_for_rules(uri, ["colon-style"])
    actions = list_actions(client, uri, found)
    assert [one["kind"] for one in actions][:1] == ["quickfix"]
    edit = choose(client, actions, "write")
    assert edit["documentChanges"][0]["textDocument"] == {"uri": uri, "version": 1}
    assert apply_edit({uri: text}, edit)[uri] == text.replace("港：", "港: ")


def test_fixes_are_found_by_our_data_not_by_ranges(client: EditorClient, root: Path) -> None:
    """Neovim 0.7 sends byte columns; a range that was trusted would delete characters."""
    write_files(root, {"techstock.toml": 'select = ["colon-style"]'})
    text = "- 待避: 受けない。\n- 港：船。\n- 海: 水。\n"
    uri = client.open(root / "a.md", text)
    [one] = client.wait_for_rules(uri, ["colon-style"])
    one["range"] = {"start": {"line": 1, "character": 7}, "end": {"line": 1, "character": 40}}
    edit = choose(client, list_actions(client, uri, [one]), "write")
    assert apply_edit({uri: text}, edit)[uri] == text.replace("港：", "港: ")
    without = {key: value for key, value in one.items() if key != "data"}
    assert [a["title"] for a in list_actions(client, uri, [without])] == [
        a["title"] for a in list_actions(client, uri, [one])
    ]


def test_an_action_for_an_older_text_is_refused(client: EditorClient, root: Path) -> None:
    write_files(root, {"techstock.toml": 'select = ["colon-style"]'})
    text = "- 待避: 受けない。\n- 港：船。\n- 海: 水。\n"
    uri = client.open(root / "a.md", text)
    actions = list_actions(client, uri, client.wait_for_rules(uri, ["colon-style"]))
    client.change(uri, f"# 題\n\n{text}")
    with pytest.raises(ServerError, match="changed since"):
        choose(client, actions, "write")


def test_fix_all_is_what_the_command_line_does(client: EditorClient, root: Path) -> None:
    from tests.server.support import run_lint

    text = "- 待避: 受けない。\n- 港：船。\n- 海: 水。\n- 山：高い。\n- 川: 流れる。\n"
    write_files(root, {"a.md": text, "b.md": text, "techstock.toml": 'select = ["colon-style"]'})
    uri = client.open(root / "a.md")
    client.wait_for_rules(uri, ["colon-style"] * 2)
    [action] = list_actions(client, uri, [], ["source.fixAll"])
    assert action["kind"] == "source.fixAll.techstock"
    edited = apply_edit({uri: text}, client.request("codeAction/resolve", action)["edit"])
    run_lint(root, "--fix", "a.md")
    assert edited == {uri: (root / "a.md").read_text("utf-8")}
    assert edited[uri] != text


def test_kinds_that_are_not_wanted_are_left_out(client: EditorClient, root: Path) -> None:
    write_files(root, COPIES)
    uri = client.open(root / "b.md")
    found = client.wait_for_rules(uri, ["duplicate-definition"])
    assert {one["kind"] for one in list_actions(client, uri, found)} == {"quickfix", "refactor.rewrite"}
    assert {one["kind"] for one in list_actions(client, uri, found, ["refactor"])} == {"refactor.rewrite"}
    assert list_actions(client, uri, found, ["source.organizeImports"]) == []


@pytest.mark.parametrize("title", ["here", "this pair"])
def test_a_problem_is_ignored_with_a_reason_to_fill_in(client: EditorClient, root: Path, title: str) -> None:
    write_files(root, COPIES)
    uri = client.open(root / "b.md")
    found = client.wait_for_rules(uri, ["duplicate-definition"])
    edit = choose(client, list_actions(client, uri, found), title)
    edited = apply_edit({uri: COPIES["b.md"]}, edit)[uri]
    comment = next(line for line in edited.split("\n") if "techstock:" in line)
    assert "(write here why)" in comment
    assert ('with="a.md#待避"' in comment) == (title == "this pair")
    client.change(uri, edited)
    client.wait_for_rules(uri, [])


def test_copies_are_merged_with_a_preview(client: EditorClient, root: Path) -> None:
    write_files(root, COPIES)
    uri = client.open(root / "b.md")
    found = client.wait_for_rules(uri, ["duplicate-definition"])
    edit = choose(client, list_actions(client, uri, found), "merge")
    assert all(part["annotationId"] in edit["changeAnnotations"] for part in edit["documentChanges"][0]["edits"])
    assert edit["changeAnnotations"]["techstock"]["needsConfirmation"] is True
    [changed] = edit["documentChanges"]
    assert changed["textDocument"] == {"uri": uri, "version": 1}
    edited = apply_edit({uri: COPIES["b.md"]}, edit)[uri]
    assert "a.md" in edited
    assert DEFINITION not in edited
    client.change(uri, edited)
    client.wait_for_rules(uri, [])


def test_a_variant_is_renamed_in_all_notes(client: EditorClient, root: Path) -> None:
    usual = "- サーバー: サーバーとサーバー。サーバーは待つ。サーバー、サーバー、サーバー。\n"
    texts = {"a.md": usual, "b.md": "- 箱: サーバの箱。\n", "c.md": "- 棚: サーバの棚、サーバの台。\n"}
    write_files(root, {**texts, "techstock.toml": 'select = ["term-variant"]'})
    uri = client.open(root / "c.md")
    found = client.wait_for_rules(uri, ["term-variant"])
    edit = choose(client, list_actions(client, uri, found), "in all")
    other = client_uri(root / "b.md")
    edited = apply_edit({uri: texts["c.md"], other: texts["b.md"]}, edit)
    assert edited == {
        uri: texts["c.md"].replace("サーバの", "サーバーの"),
        other: texts["b.md"].replace("サーバの", "サーバーの"),
    }
    assert {one["textDocument"]["uri"]: one["textDocument"]["version"] for one in edit["documentChanges"]} == {
        uri: 1,
        other: None,
    }


def client_uri(file: Path) -> str:
    from techstock.server.uris import make_file_uri

    return make_file_uri(file)


def make_abilities(**changes: Any) -> Json:
    """Return the abilities of VS Code without some."""
    found: Json = {area: dict(table) for area, table in CODE_ABILITIES.items()}
    for name, value in changes.items():
        area, _, ability = name.partition("_")
        found[area].pop(ability) if value is None else found[area].__setitem__(ability, value)
    return found


@pytest.mark.parametrize("answer", ["Merge", "Cancel"])
def test_a_client_without_annotations_is_asked_before_a_merge(root: Path, answer: str) -> None:
    write_files(root, COPIES)
    with run_client(root) as client:
        client.initialize(root, abilities=make_abilities(workspace_workspaceEdit={}))
        uri = client.open(root / "b.md")
        found = client.wait_for_rules(uri, ["duplicate-definition"])
        [action] = [one for one in list_actions(client, uri, found) if "merge" in one["title"]]
        assert client.request("codeAction/resolve", action)["command"] == action["command"], "Neovim 0.7 asks for it"
        assert "edit" not in action
        client.request("workspace/executeCommand", action["command"])
        client.wait(lambda: bool(client.asked), "no question")
        question = client.asked.popleft()
        assert question["method"] == "window/showMessageRequest"
        assert "2 copies become one, at a.md:5." in question["params"]["message"]
        client.send({"id": question["id"], "result": {"title": answer}})
        if answer == "Merge":
            client.wait(lambda: bool(client.asked), "no edit")
            edit = client.asked.popleft()["params"]["edit"]
            assert DEFINITION not in apply_edit({uri: COPIES["b.md"]}, edit)[uri]
        client.settle(uri)
        assert not client.asked
        assert client.stop() == 0


def test_a_client_that_cannot_wait_gets_edits_at_once(root: Path) -> None:
    write_files(root, {"techstock.toml": 'select = ["colon-style"]'})
    with run_client(root) as client:
        kinds: Json = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
        client.initialize(root, abilities=make_abilities(textDocument_codeAction=kinds))
        text = "- 待避: 受けない。\n- 港：船。\n- 海: 水。\n"
        uri = client.open(root / "a.md", text)
        found = client.wait_for_rules(uri, ["colon-style"])
        [fix] = [one for one in list_actions(client, uri, found) if "write" in one["title"]]
        assert apply_edit({uri: text}, fix["edit"])[uri] == text.replace("港：", "港: ")
        assert client.stop() == 0


def test_nothing_is_written(client: EditorClient, root: Path) -> None:
    write_files(root, COPIES)
    uri = client.open(root / "b.md")
    found = client.wait_for_rules(uri, ["duplicate-definition"])
    for action in list_actions(client, uri, found):
        client.request("codeAction/resolve", action)
    assert {name: (root / name).read_text("utf-8") for name in COPIES} == COPIES
