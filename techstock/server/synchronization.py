"""Work that the server does of its own accord: take changes of documents and files, check notes, publish."""

from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic

from techstock.commands.console import print_message
from techstock.engine.errors import NoteChangedError
from techstock.server.context import Context
from techstock.server.documents import DocumentStore
from techstock.server.framing import INVALID_PARAMS, ProtocolError
from techstock.server.live_project import LiveProject
from techstock.server.parameters import (
    ChangeParameters,
    DocumentParameters,
    FolderParameters,
    OpenParameters,
    Parameters,
)
from techstock.server.publishing import Publisher
from techstock.server.uris import parse_file_uri
from techstock.server.workspace import EXPECTED_ERRORS

Work = Callable[[], object]
_DISK_INTERVAL = 2.0  # seconds between two looks at the disk, or more:
_DISK_SHARE = 50  # of the time that a look takes, so many times are left to others


class Synchronization:
    """The documents and what is still to be done because of their changes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._documents = DocumentStore()
        self._publisher = Publisher(context)
        self._changed: set[str] = set()  # URIs of documents whose new text the projects do not know
        self._early: set[str] = set()  # those whose own problems are to be published first
        self._warm: set[int] = set()  # projects that have been prepared
        self._unpublished = True
        self._next_look = 0.0

    def take_notification(self, method: str, params: Parameters) -> None:
        """Take a notification. Raise `ProtocolError` if it makes no sense."""
        if isinstance(params, OpenParameters):
            given = params.text_document
            self._publisher.forget_change(given.uri)
            self._context.workspace.open_document(self._documents.add(given.uri, given.version, given.text))
        elif isinstance(params, ChangeParameters):
            self._change(params)
        elif isinstance(params, FolderParameters):
            added, removed = (
                [parse_file_uri(one.uri) for one in some] for some in (params.event.added, params.event.removed)
            )
            self._context.workspace.change_folders(filter(None, added), filter(None, removed))
        elif isinstance(params, DocumentParameters) and method == "textDocument/didClose":
            self._close(params.text_document.uri)
        else:
            if isinstance(params, DocumentParameters):  # it was saved
                self._publisher.forget_change(params.text_document.uri)
            self._next_look = 0.0
        self._unpublished = True

    def _change(self, params: ChangeParameters) -> None:
        if any(change.range is not None for change in params.content_changes):
            raise ProtocolError(INVALID_PARAMS, "the whole text of a document must be sent, not a range")
        name = params.text_document
        self._documents.change(name.uri, name.version, [change.text for change in params.content_changes])
        self._changed.add(name.uri)
        self._early.add(name.uri)

    def _close(self, uri: str) -> None:
        for waiting in (self._changed, self._early):
            waiting.discard(uri)
        self._documents.close(uri)
        self._context.workspace.close_document(uri)
        self._publisher.clear(uri)
        self._next_look = 0.0

    def take_changes(self, *, checked: bool = False) -> None:
        """Tell the projects of changed documents, so that a request is about the texts as they are.

        With `checked`, check them as well.
        """
        for uri in sorted(self._changed):
            self._changed.discard(uri)
            note = self._context.workspace.notes.get(uri)
            if note and note.path:
                note.project.set_text(note.path, note.document.text)
        if checked:
            for project in self._context.workspace.iter_projects():
                project.check()

    def publish_again(self) -> None:
        """Publish everything again that has changed for the client."""
        self._unpublished = True

    def list_work(self) -> Iterator[Work]:
        """Yield what is due, piece by piece, each to be done before the next is asked for: the most urgent first."""
        yield self.take_changes
        for uri in sorted(self._early):
            self._early.discard(uri)
            if (note := self._context.workspace.notes.get(uri)) and note.path:
                yield partial(self._publisher.publish_early, note)
        if monotonic() >= self._next_look:
            yield self._look_at_disk
        if self._unpublished:
            self._unpublished = False
            for project in self._context.workspace.iter_projects():
                yield partial(self._publish, project)
        yield self._report_messages
        yield from self._prepare_projects()

    def _publish(self, project: LiveProject) -> None:
        """Check what has changed in a project, and publish it."""
        project.check()
        try:
            self._publisher.publish_project(project)
        except NoteChangedError as error:  # of another note, which a problem names
            project.read_again(error.path)
            self._unpublished = True

    def _prepare_projects(self) -> Iterator[Work]:
        """Prepare each project for questions, once; take what is known of the web."""
        for project in self._context.workspace.iter_projects():
            if id(project) not in self._warm and not project.alone:
                self._warm.add(id(project))
                yield from project.list_preparations()
            yield partial(self._recall_web_answers, project)

    def _recall_web_answers(self, project: LiveProject) -> None:
        project.recall_web_answers()
        self._unpublished |= not project.is_checked

    def _look_at_disk(self) -> None:
        """Notice what has changed on the disk, and that a configuration has been mended."""
        begun = monotonic()
        workspace = self._context.workspace
        for project in workspace.iter_projects():
            try:
                self._unpublished |= project.notice_changes()
            except EXPECTED_ERRORS as error:
                project.messages.append(f"{error}; all stays as it was")
        self._unpublished |= workspace.review_documents()
        took = monotonic() - begun
        self._next_look = monotonic() + max(_DISK_INTERVAL, _DISK_SHARE * took)

    def _report_messages(self) -> None:
        """Log what projects have to say; an error of the configuration is shown."""
        workspace = self._context.workspace
        for text in workspace.messages:
            print_message(text)
            self._context.show_message(text)
        workspace.messages.clear()
        for project in workspace.iter_projects():
            for text in dict.fromkeys(project.messages):
                print_message(text)
                self._context.send("window/logMessage", {"type": 3, "message": text})
            project.messages.clear()
