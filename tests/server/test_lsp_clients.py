"""Every request from a client with the abilities of a real editor; lsprotocol parses each answer."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from techstock.server.uris import make_file_uri
from tests.server.test_actions import COPIES
from tests.server.test_reading import NOTES, find_place
from tests.support import write_files

pytest.importorskip("pytest_lsp", reason="pytest-lsp is not installed; `pip install -e '.[dev]'` does it")

import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

pytestmark = pytest.mark.asyncio
_EDITORS = ("neovim@v0.7.0", "visual_studio_code", "emacs")
_COMMAND = [sys.executable, "-m", "techstock", "server"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_files(tmp_path, {**NOTES, "techstock.toml": ""})


@pytest_lsp.fixture(config=ClientServerConfig(server_command=_COMMAND), params=_EDITORS)
async def editor(request: pytest.FixtureRequest, lsp_client: LanguageClient, project: Path) -> AsyncIterator[None]:
    """Yield a client that is initialized with the folder of the project, and end it."""
    folder = types.WorkspaceFolder(make_file_uri(project), "notes")
    abilities = client_capabilities(request.param)
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda _params: None)
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=abilities, root_uri=folder.uri, workspace_folders=[folder])
    )
    yield
    await lsp_client.shutdown_session()


def open_note(client: LanguageClient, file: Path, text: str) -> str:
    uri = make_file_uri(file)
    item = types.TextDocumentItem(uri, "markdown", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    return uri


def at(uri: str, text: str, piece: str) -> dict[str, Any]:
    return {"text_document": types.TextDocumentIdentifier(uri), "position": types.Position(*find_place(text, piece))}


async def test_reading(editor: LanguageClient, project: Path) -> None:
    text = str(NOTES["c.md"])
    uri = open_note(editor, project / "c.md", text)
    hover = await editor.text_document_hover_async(types.HoverParams(**at(uri, text, "待避する")))
    assert hover
    assert isinstance(hover.contents, types.MarkupContent)
    assert "新しい要求" in hover.contents.value
    found = await editor.text_document_definition_async(types.DefinitionParams(**at(uri, text, "待避する")))
    assert isinstance(found, list)
    assert len(found) == 2
    context = types.ReferenceContext(include_declaration=True)
    uses = await editor.text_document_references_async(
        types.ReferenceParams(**at(uri, text, "待避する"), context=context)
    )
    assert uses
    assert len(uses) == 4


async def test_symbols(editor: LanguageClient, project: Path) -> None:
    uri = open_note(editor, project / "b.md", COPIES["b.md"])
    found = await editor.workspace_symbol_async(types.WorkspaceSymbolParams("待避"))
    assert found
    assert {one.name for one in found} == {"待避"}
    name = types.TextDocumentIdentifier(uri)
    outline = await editor.text_document_document_symbol_async(types.DocumentSymbolParams(name))
    assert outline
    nested = isinstance(outline[0], types.DocumentSymbol)
    abilities = editor.capabilities
    assert abilities
    assert nested == bool(
        abilities.text_document
        and abilities.text_document.document_symbol
        and abilities.text_document.document_symbol.hierarchical_document_symbol_support
    )
    for one in outline:
        check_nesting(one)


def check_nesting(one: types.DocumentSymbol | types.SymbolInformation) -> None:
    """The name is in the range, and children are in it."""
    if isinstance(one, types.SymbolInformation):
        return
    assert one.range.start <= one.selection_range.start
    assert one.selection_range.end <= one.range.end
    for child in one.children or ():
        assert one.range.start <= child.range.start
        assert child.range.end <= one.range.end
        check_nesting(child)


async def test_completion(editor: LanguageClient, project: Path) -> None:
    text = "荷物を待"
    uri = open_note(editor, project / "new.md", text)
    position = types.Position(0, len(text))
    found = await editor.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(uri), position)
    )
    assert isinstance(found, types.CompletionList)
    assert [one.label for one in found.items] == ["待避"]
    assert found.is_incomplete


async def test_problems_and_actions(editor: LanguageClient, project: Path) -> None:
    uri = open_note(editor, project / "b.md", COPIES["b.md"])
    await editor.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    found = list(editor.diagnostics[uri])
    assert {one.code for one in found} == {"duplicate-definition"}
    assert "a.md:5" in found[0].message
    actions = await editor.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri), found[0].range, types.CodeActionContext(diagnostics=found)
        )
    )
    assert actions
    for action in actions:
        if isinstance(action, types.CodeAction) and action.command is None:
            made = action if action.edit else await editor.code_action_resolve_async(action)
            assert made.edit, action.title
            assert made.edit.document_changes or made.edit.changes
