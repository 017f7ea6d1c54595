"""The documents that are open in the editor."""

import os

import msgspec

from techstock.server.framing import INVALID_PARAMS, ProtocolError
from techstock.server.positions import BOM
from techstock.server.uris import parse_file_uri
from techstock.storage.regular_file import read_beginning


class Document(msgspec.Struct):
    """An open document. `path` is that of its file; empty for one without a file. `version` is the client's.

    `text` begins with a byte order mark if the file does: most editors drop it and write it again. `bom_counts` tells
    that this editor has not dropped it.
    """

    uri: str
    version: int
    text: str
    path: str = ""
    bom_counts: bool = False
    has_file_bom: bool = False

    def replace_text(self, text: str, version: int) -> None:
        """Set the text that the client sent."""
        self.version = version
        self.bom_counts = text.startswith(BOM)
        self.text = BOM + text if self.has_file_bom and not self.bom_counts else text


class DocumentStore:
    """The open documents by their URI."""

    def __init__(self) -> None:
        self.by_uri: dict[str, Document] = {}

    def add(self, uri: str, version: int, text: str) -> Document:
        """Add a document; one that is open already is replaced, as some clients open it again after a rename."""
        path = parse_file_uri(uri) or ""
        found = Document(uri, version, "", path, has_file_bom=bool(path) and _has_bom(path))
        found.replace_text(text, version)
        self.by_uri[uri] = found
        return found

    def change(self, uri: str, version: int | None, texts: list[str]) -> Document:
        """Set the last of these texts. Raise `ProtocolError` for a document that is not open, or an older version."""
        found = self.require(uri)
        if version is not None and version < found.version:
            raise ProtocolError(INVALID_PARAMS, f"version {version} of the document is older than {found.version}")
        if texts:
            found.replace_text(texts[-1], found.version if version is None else version)
        return found

    def require(self, uri: str) -> Document:
        """Return an open document. Raise `ProtocolError` if it is not open."""
        found = self.by_uri.get(uri)
        if found is None:
            raise ProtocolError(INVALID_PARAMS, "the document is not open")
        return found

    def close(self, uri: str) -> Document | None:
        """Remove a document, and return it; `None` if it is not open."""
        return self.by_uri.pop(uri, None)


def _has_bom(path: str) -> bool:
    try:
        return read_beginning(path, 3, follow_links=True) == BOM.encode()
    except (OSError, ValueError):
        return False


def is_same_file(one: str, other: str) -> bool:
    """Return whether two paths name one file, whatever links are passed."""
    return os.path.realpath(one) == os.path.realpath(other)
