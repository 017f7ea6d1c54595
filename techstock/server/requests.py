"""The requests and notifications that the server understands, and what it tells the client of them."""

from collections.abc import Callable
from typing import Any

import msgspec

from techstock.server import actions, completion, hover, reading, symbols
from techstock.server.context import Context
from techstock.server.framing import Json
from techstock.server.parameters import (
    ChangeParameters,
    CodeActionItem,
    CodeActionParameters,
    CommandParameters,
    DocumentParameters,
    FolderParameters,
    OpenParameters,
    Parameters,
    PositionParameters,
    SymbolParameters,
)

_FULL_SYNC = 1


class RequestHandler(msgspec.Struct, frozen=True):
    """A function that answers a request, with the type of its parameters.

    `feature` is the name by which a user leaves it out; `needs_check` tells that it is about problems.
    """

    run: Callable[[Context, Any], Any]
    parameters: type[Parameters]
    feature: str = ""
    needs_check: bool = False


REQUESTS: dict[str, RequestHandler] = {
    "textDocument/hover": RequestHandler(hover.show_hover, PositionParameters, "hover"),
    "textDocument/definition": RequestHandler(reading.find_definition, PositionParameters, "definition"),
    "textDocument/references": RequestHandler(reading.find_references, PositionParameters, "references"),
    "textDocument/completion": RequestHandler(completion.complete, PositionParameters, "completion"),
    "textDocument/documentSymbol": RequestHandler(symbols.list_document_symbols, DocumentParameters, "documentSymbol"),
    "workspace/symbol": RequestHandler(symbols.search_terms, SymbolParameters, "workspaceSymbol"),
    "textDocument/codeAction": RequestHandler(
        actions.list_code_actions, CodeActionParameters, "codeAction", needs_check=True
    ),
    "codeAction/resolve": RequestHandler(actions.resolve_code_action, CodeActionItem, "codeAction", needs_check=True),
    "workspace/executeCommand": RequestHandler(actions.run_command, CommandParameters, "codeAction", needs_check=True),
}

NOTIFICATIONS: dict[str, type[Parameters]] = {
    "textDocument/didOpen": OpenParameters,
    "textDocument/didChange": ChangeParameters,
    "textDocument/didClose": DocumentParameters,
    "textDocument/didSave": DocumentParameters,
    "workspace/didChangeWatchedFiles": Parameters,
    "workspace/didChangeWorkspaceFolders": FolderParameters,
}


def list_capabilities(context: Context) -> Json:
    """Return what the server can do for this client."""
    found: Json = {
        "positionEncoding": context.client.encoding,
        "textDocumentSync": {"openClose": True, "change": _FULL_SYNC, "save": {"includeText": False}},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    is_on = context.settings.is_on
    for feature in ("hover", "definition", "references", "documentSymbol", "workspaceSymbol"):
        if is_on(feature):
            found[f"{feature}Provider"] = True
    if is_on("completion"):
        found["completionProvider"] = {"triggerCharacters": list(completion.TRIGGERS)}
    if is_on("codeAction"):
        found["codeActionProvider"] = {"codeActionKinds": list(actions.KINDS), "resolveProvider": True}
        found["executeCommandProvider"] = {"commands": [actions.APPLY_COMMAND]}
    return found
