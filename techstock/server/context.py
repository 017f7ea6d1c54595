"""The context of every answer of the server: the client, the workspace, and places in notes."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from techstock.model import Corpus, Note, Span
from techstock.server.client import ClientAbilities, ServerSettings
from techstock.server.diagnostics import DiagnosticWriter
from techstock.server.framing import Json
from techstock.server.live_project import LiveProject
from techstock.server.parameters import PositionParameters
from techstock.server.positions import Range, TextPositions
from techstock.server.workspace import OpenNote, Workspace

AnswerCallback = Callable[[Json], None]
_Answer = TypeVar("_Answer")


class Spot(msgspec.Struct, frozen=True):
    """A place in an open note that is a note of its project; `offset` is in code points."""

    project: LiveProject
    corpus: Corpus
    note: Note
    offset: int


class Context:
    """The client and the workspace, and how to reach the client.

    `send` sends a notification, `ask` a request whose answer is passed to a function.
    """

    def __init__(
        self,
        send: Callable[[str, Json], None],
        ask: Callable[[str, Json, AnswerCallback], None],
    ) -> None:
        self.send, self.ask = send, ask
        self.client = ClientAbilities()
        self.settings = ServerSettings()
        self.workspace = Workspace()

    def show_message(self, text: str, kind: int = 2) -> None:
        """Show a message to the user: 1 for an error, 2 for a warning, 3 for information."""
        self.send("window/showMessage", {"type": kind, "message": text})

    def find_note(self, uri: str) -> OpenNote | None:
        """Return an open note; `None` for a document that is not open, or none of the notes of its project."""
        found = self.workspace.notes.get(uri)
        return found if found and found.path else None

    def find_spot(self, corpus: Corpus, opened: OpenNote, asked: PositionParameters) -> Spot:
        """Return the place of a request in this corpus."""
        note = corpus.by_path[opened.path]
        offset = self.make_positions(opened.project, corpus, opened.path).to_offset(asked.position)
        return Spot(opened.project, corpus, note, offset)

    def read_spot(self, asked: PositionParameters, answer: "Callable[[Context, Spot], _Answer]") -> "_Answer | None":
        """Return an answer about a place in a note; `None` for a document that is none."""
        opened = self.find_note(asked.text_document.uri)
        if opened is None:
            return None
        return opened.project.read(lambda corpus: answer(self, self.find_spot(corpus, opened, asked)))

    def find_range(self, corpus: Corpus, opened: OpenNote, asked: Range) -> Span:
        """Return the span of a range in a note of this corpus."""
        return self.make_positions(opened.project, corpus, opened.path).to_span(asked, opened.path)

    def make_positions(self, project: LiveProject, corpus: Corpus, path: str) -> TextPositions:
        """Return the positions in a note, as the client counts them."""
        note, document = corpus.by_path[path], self.workspace.find_open(project, path)
        return TextPositions(
            note.text, note.lines, self.client.encoding, bom_counts=document is not None and document.bom_counts
        )

    def make_writer(self, project: LiveProject, corpus: Corpus) -> DiagnosticWriter:
        """Return a writer of diagnostics and locations in the notes of a project."""
        known: dict[str, TextPositions | None] = {}

        def find_positions(path: str) -> TextPositions | None:
            if path not in known:
                known[path] = self.make_positions(project, corpus, path) if path in corpus.by_path else None
            return known[path]

        return DiagnosticWriter(
            corpus, find_positions, lambda path: self.workspace.make_uri(project, path), related=self.client.related
        )
