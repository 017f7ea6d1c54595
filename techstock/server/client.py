"""The client: what it can do, and how the user has set the server."""

from typing import Any, Final

import msgspec

from techstock.server.framing import Json
from techstock.server.positions import UTF16, choose_encoding

FEATURES: Final = (
    "codeAction",
    "completion",
    "definition",
    "documentSymbol",
    "hover",
    "imageHover",
    "linkCompletion",
    "linkReferences",
    "references",
    "workspaceSymbol",
)
"""Features that a client may leave out because the editor has them already; the others are what the server is for."""


class ClientAbilities(msgspec.Struct, frozen=True):
    """The abilities of a client.

    `documents`: it takes versioned edits. `annotations`: it shows edits that need to be confirmed. `resolves`: it asks
    for the edits of an action when the action is chosen. `asks`: it shows messages with answers to choose from.
    `watches`: it can be asked to watch files. `related`: it shows other places of a diagnostic.
    `markdown`: it shows hovers in Markdown. `versions`: it takes the version of a text that diagnostics are about.
    `outlines`: it takes symbols within symbols.
    """

    encoding: str = UTF16
    related: bool = False
    documents: bool = False
    annotations: bool = False
    resolves: bool = False
    literals: bool = False
    asks: bool = False
    watches: bool = False
    markdown: bool = False
    versions: bool = False
    outlines: bool = False

    @classmethod
    def from_capabilities(cls, capabilities: Json) -> "ClientAbilities":
        """Return the abilities that a client declares."""
        edits = "workspace", "workspaceEdit"
        action = "textDocument", "codeAction"
        formats = _look_up(capabilities, "textDocument", "hover", "contentFormat")
        offered = _look_up(capabilities, "general", "positionEncodings")
        resolved = _look_up(capabilities, *action, "resolveSupport", "properties")
        return cls(
            choose_encoding(offered if isinstance(offered, list) else ()),
            bool(_look_up(capabilities, "textDocument", "publishDiagnostics", "relatedInformation")),
            bool(_look_up(capabilities, *edits, "documentChanges")),
            isinstance(_look_up(capabilities, *edits, "changeAnnotationSupport"), dict),
            isinstance(resolved, list) and "edit" in resolved,
            isinstance(_look_up(capabilities, *action, "codeActionLiteralSupport"), dict),
            isinstance(_look_up(capabilities, "window", "showMessage"), dict),
            bool(_look_up(capabilities, "workspace", "didChangeWatchedFiles", "dynamicRegistration")),
            isinstance(formats, list) and "markdown" in formats,
            bool(_look_up(capabilities, "textDocument", "publishDiagnostics", "versionSupport")),
            bool(_look_up(capabilities, "textDocument", "documentSymbol", "hierarchicalDocumentSymbolSupport")),
        )


class ServerSettings(msgspec.Struct, frozen=True):
    """The settings of a user.

    With `every_note`, the problems of notes that are not open are published, too. `hidden` are features to leave out.
    """

    every_note: bool = False
    hidden: frozenset[str] = frozenset()

    def is_on(self, feature: str) -> bool:
        """Return whether a feature is wanted."""
        return feature not in self.hidden


def read_settings(given: Any, before: ServerSettings) -> tuple[ServerSettings, list[str]]:
    """Return the settings that a client sends, and one sentence for each that is wrong; others stay as before.

    They may be in a table of their own, `techstock`.
    """
    table = given.get("techstock", given) if isinstance(given, dict) else None
    if not isinstance(table, dict):
        return before, []
    found, wrong = before, list[str]()
    if "diagnostics" in table:
        if table["diagnostics"] in ("open", "all"):
            found = msgspec.structs.replace(found, every_note=table["diagnostics"] == "all")
        else:
            wrong.append("the setting `diagnostics` must be `open` or `all`")
    if "hidden" in table:
        names = table["hidden"]
        if isinstance(names, list) and all(isinstance(name, str) and name in FEATURES for name in names):
            found = msgspec.structs.replace(found, hidden=frozenset(names))
        else:
            wrong.append(f"the setting `hidden` must be a list of these: {', '.join(FEATURES)}")
    return found, wrong


def _look_up(table: Any, *keys: str) -> Any:
    """Return the value behind these keys; `None` where one is missing or is no table."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table
