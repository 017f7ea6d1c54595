"""The parameters of requests and notifications that the server understands. Fields that it does not need are left out.

Each is decoded leniently: clients send more than the protocol says, and null for what they do not have.
"""

from typing import Any

import msgspec

from techstock.server.positions import Position, Range


class Parameters(msgspec.Struct, frozen=True, rename="camel"):
    """Parameters of which nothing is needed."""


class DocumentName(Parameters, frozen=True):
    """A document by its URI."""

    uri: str
    version: int | None = None


class DocumentText(Parameters, frozen=True):
    """A document with its text."""

    uri: str
    version: int
    text: str


class OpenParameters(Parameters, frozen=True):
    """Of `textDocument/didOpen`."""

    text_document: DocumentText


class ContentChange(Parameters, frozen=True):
    """The whole text of a document after a change; a `range` is a mistake of the client."""

    text: str
    range: Any = None


class ChangeParameters(Parameters, frozen=True):
    """Of `textDocument/didChange`."""

    text_document: DocumentName
    content_changes: tuple[ContentChange, ...]


class DocumentParameters(Parameters, frozen=True):
    """Of requests on a whole document."""

    text_document: DocumentName


class PositionParameters(Parameters, frozen=True):
    """Of requests on a position in a document."""

    text_document: DocumentName
    position: Position


class CodeActionContext(Parameters, frozen=True):
    """The diagnostics that the client shows where an action is asked for, and the kinds of actions it wants."""

    diagnostics: tuple[dict[str, Any], ...] = ()
    only: tuple[str, ...] | None = None


class CodeActionParameters(Parameters, frozen=True):
    """Of `textDocument/codeAction`."""

    text_document: DocumentName
    range: Range
    context: CodeActionContext = CodeActionContext()


class CodeActionItem(Parameters, frozen=True):
    """A code action that is to be completed."""

    title: str
    kind: str = ""
    data: Any = None
    command: Any = None


class CommandParameters(Parameters, frozen=True):
    """Of `workspace/executeCommand`."""

    command: str
    arguments: tuple[Any, ...] | None = None


class SymbolParameters(Parameters, frozen=True):
    """Of `workspace/symbol`."""

    query: str = ""


class Folder(Parameters, frozen=True):
    """A folder of the editor."""

    uri: str


class FolderEvent(Parameters, frozen=True):
    """Folders that were added and removed."""

    added: tuple[Folder, ...] = ()
    removed: tuple[Folder, ...] = ()


class FolderParameters(Parameters, frozen=True):
    """Of `workspace/didChangeWorkspaceFolders`."""

    event: FolderEvent


class InitializeParameters(Parameters, frozen=True):
    """Of `initialize`."""

    process_id: int | None = None
    root_uri: str | None = None
    root_path: str | None = None
    capabilities: dict[str, Any] = {}
    initialization_options: Any = None
    workspace_folders: tuple[Folder, ...] | None = None
