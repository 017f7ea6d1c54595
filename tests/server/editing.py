"""A session without a process: notifications go straight to the server's own parts, and what is due is done at once."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import unquote

from techstock.cli import main
from techstock.server.client import ClientAbilities, ServerSettings
from techstock.server.context import Context
from techstock.server.framing import Json
from techstock.server.language_server import convert_parameters
from techstock.server.positions import UTF32
from techstock.server.requests import NOTIFICATIONS
from techstock.server.synchronization import Synchronization
from techstock.server.uris import make_file_uri
from techstock.server.workspace import Workspace

Finding = tuple[str, str, int, int, str]
"""Path, rule, line and column from 1, and message."""


class EditingSession:
    """An editor with the folder `root` open, which shows the problems of all notes."""

    def __init__(self, root: Path, *, every_note: bool = True) -> None:
        self.root = root
        self.published: dict[str, list[Json]] = {}
        self.texts: dict[str, str] = {}  # of open documents, by path
        self._versions: dict[str, int] = {}
        self.context = Context(self._take, lambda *_: None)
        self.context.client = ClientAbilities(UTF32, related=True)
        self.context.settings = ServerSettings(every_note=every_note)
        self.context.workspace = Workspace([str(root)])
        self.context.workspace.forbid_processes()
        self.context.workspace.open_folders()
        self.sync = Synchronization(self.context)

    def _take(self, method: str, params: Json) -> None:
        if method == "textDocument/publishDiagnostics":
            self.published[params["uri"]] = params["diagnostics"]

    def notify(self, method: str, params: Json) -> None:
        self.sync.take_notification(method, convert_parameters(params, NOTIFICATIONS[method]))

    def work(self) -> None:
        """Do what is due until nothing is."""
        for _ in range(3):
            for piece in self.sync.list_work():
                piece()

    def uri(self, path: str) -> str:
        return make_file_uri(self.root / path)

    def open(self, path: str, text: str) -> None:
        """Open a document, or send its text if it is open."""
        self._versions[path] = self._versions.get(path, 0) + 1
        version = self._versions[path]
        if path in self.texts:
            name = {"uri": self.uri(path), "version": version}
            self.notify("textDocument/didChange", {"textDocument": name, "contentChanges": [{"text": text}]})
        else:
            item = {"uri": self.uri(path), "version": version, "text": text}
            self.notify("textDocument/didOpen", {"textDocument": item})
        self.texts[path] = text

    def save(self, path: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self.texts[path].encode())
        self.notify("textDocument/didSave", {"textDocument": {"uri": self.uri(path)}})

    def close(self, path: str) -> None:
        self.texts.pop(path, None)
        self.notify("textDocument/didClose", {"textDocument": {"uri": self.uri(path)}})

    def look(self) -> None:
        """Tell the server that files have changed, as a client that watches them does."""
        self.notify("workspace/didChangeWatchedFiles", {})
        self.work()

    def list_findings(self) -> list[Finding]:
        """Return what is shown to the user now."""
        found = []
        for uri, diagnostics in self.published.items():
            path = unquote(uri.removeprefix(f"{make_file_uri(self.root)}/"))
            for one in diagnostics:
                start = one["range"]["start"]
                marked = start["line"] == 0 and self.texts.get(path, "").startswith("\ufeff")
                line, column = start["line"] + 1, start["character"] + (not marked)  # the mark is a character here
                found.append((path, one["code"], line, column, one["message"].partition("\n")[0]))
        return sorted(found)


def run_lint_here(root: Path, *arguments: str) -> list[Finding]:
    """Return what `lint` reports of a project, without a process of its own."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = main(["lint", "--root", str(root), "--no-cache", "--jobs", "1", "--output-format", "json", *arguments])
    if code == 2:  # no notes
        return []
    return sorted(
        (one["path"], one["rule"], one["line"], one["column"], one["message"]) for one in json.loads(out.getvalue())
    )
