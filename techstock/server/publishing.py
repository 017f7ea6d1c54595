"""The diagnostics that are pushed to the client."""

from collections.abc import Iterable

from techstock.model import Corpus, Diagnostic, Span
from techstock.server.context import Context
from techstock.server.diagnostics import TextChange, move_diagnostics
from techstock.server.documents import Document
from techstock.server.framing import Json
from techstock.server.known_terms import find_known_terms
from techstock.server.live_project import LiveProject
from techstock.server.workspace import OpenNote
from techstock.storage.regular_file import read_regular_file


class Publisher:
    """A sender of diagnostics, which sends nothing that the client has already."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sent: dict[str, tuple[int | None, list[Json]]] = {}  # version and diagnostics by URI
        self._texts: dict[str, str] = {}  # for which the diagnostics of a project were found, by URI
        self._typed: dict[str, Span] = {}  # what the user has just written, by URI

    def publish_early(self, opened: OpenNote) -> None:
        """Publish what is known of a note right after a change: its own rules anew, and the others as they were."""
        project, path = opened.project, opened.path
        old, new = self._texts.get(opened.document.uri), opened.document.text
        if old is None or old == new:
            return
        change = TextChange(old, new)
        self._typed[opened.document.uri] = Span(change.start, max(change.end + change.grown, change.start), path)
        late = {run.rule.name for run in project.runs if run.rule.whole or run.rule.last or project.has_baseline}
        before = [one for one in project.found if one.problem.place.path == path and one.rule in late]
        moved = move_diagnostics(before, path, change)
        self._publish(project, project.corpus, opened.document, [*project.check_note(path), *moved])

    def forget_change(self, uri: str) -> None:
        """Forget what the user has written in a document: it is opened or saved."""
        self._typed.pop(uri, None)

    def publish_project(self, project: LiveProject) -> None:
        """Publish the diagnostics of a project that has been checked."""
        found: dict[str, list[Diagnostic]] = {}
        for one in project.found:
            found.setdefault(one.problem.place.path, []).append(one)
        workspace, corpus = self._context.workspace, project.corpus
        opened = [note for note in workspace.notes.values() if note.project is project]
        for note in opened:
            self._texts[note.document.uri] = note.document.text
            self._publish(project, corpus, note.document, found.pop(note.path, []) if note.path else [])
        if not project.alone:
            self._publish_closed(project, corpus, found, {note.path for note in opened})

    def _publish_closed(
        self, project: LiveProject, corpus: Corpus, found: dict[str, list[Diagnostic]], opened: Iterable[str]
    ) -> None:
        """Publish the diagnostics of notes that are not open, if the user wants them."""
        workspace = self._context.workspace
        wanted = found if self._context.settings.every_note else {}
        writer = self._context.make_writer(project, corpus)
        uris = {path: workspace.make_uri(project, path) for path in wanted if path not in opened}
        for path, uri in uris.items():
            self._send(uri, None, [writer.write(one) for one in wanted[path]])
        here = workspace.make_uri(project, "")
        for uri in [uri for uri in self._sent if uri.startswith(here) and uri not in workspace.notes]:
            if uri not in uris.values():
                self.clear(uri)

    def clear(self, uri: str) -> None:
        """Take the diagnostics of a document back."""
        self._texts.pop(uri, None)
        self.forget_change(uri)
        if uri in self._sent and self._sent.pop(uri)[1]:
            self._context.send("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})

    def _publish(self, project: LiveProject, corpus: Corpus, document: Document, found: Iterable[Diagnostic]) -> None:
        writer, written = self._context.make_writer(project, corpus), list(found)
        typed = self._typed.get(document.uri)
        hints = find_known_terms(project, corpus, typed, written) if typed and not _is_saved(document) else ()
        notes = [writer.write_hint(*hint) for hint in hints]
        self._send(document.uri, document.version, [*map(writer.write, written), *notes])

    def _send(self, uri: str, version: int | None, written: list[Json]) -> None:
        if self._sent.get(uri) == (version, written):
            return
        self._sent[uri] = version, written
        shown = {"version": version} if version is not None and self._context.client.versions else {}
        self._context.send("textDocument/publishDiagnostics", {"uri": uri, **shown, "diagnostics": written})


def _is_saved(document: Document) -> bool:
    """Return whether the file of a document holds its text."""
    try:
        data = document.text.encode()
        return bool(document.path) and read_regular_file(document.path, len(data), follow_links=True) == data
    except (OSError, ValueError):
        return False
