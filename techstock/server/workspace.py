"""The projects that an editor works on, and which document belongs to which."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from techstock.commands.errors import UsageError
from techstock.config import ConfigError
from techstock.engine.errors import CorpusTimeoutError, NoteChangedError, WorkerError
from techstock.project import ProjectError, find_marked_root
from techstock.server.documents import Document
from techstock.server.live_project import LiveProject
from techstock.server.uris import make_file_uri

EXPECTED_ERRORS = (UsageError, ConfigError, ProjectError, NoteChangedError, CorpusTimeoutError, WorkerError, OSError)
"""Errors that are no defects of techstock; the message is one sentence."""


class OpenNote(msgspec.Struct, frozen=True):
    """An open document as a note of a project; `path` is empty if it is none, as one that `exclude` leaves out."""

    document: Document
    project: LiveProject
    path: str


class Workspace:
    """The open projects and documents. `messages` are for the log of the editor.

    `jobs` processes may parse notes until `forbid_processes`.
    """

    def __init__(self, folders: Iterable[str] = ()) -> None:
        self._folders = [os.path.realpath(folder) for folder in folders]
        self._jobs = 0
        self._projects: dict[str, LiveProject] = {}  # by root
        self._alone: dict[str, LiveProject] = {}  # by URI
        self._broken: set[str] = set()  # roots that could not be opened
        self.notes: dict[str, OpenNote] = {}  # by URI
        self.messages: list[str] = []

    def forbid_processes(self) -> None:
        """Parse in this process from now on: it has a thread."""
        self._jobs = 1

    @property
    def has_projects(self) -> bool:
        return bool(self._projects)

    def iter_projects(self) -> Iterator[LiveProject]:
        """Yield the projects, and after them the documents that are alone."""
        yield from [*self._projects.values(), *self._alone.values()]

    def change_folders(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Change the folders of the editor; projects with open documents stay."""
        gone = {os.path.realpath(folder) for folder in removed}
        self._folders = [folder for folder in self._folders if folder not in gone]
        self._folders += [os.path.realpath(folder) for folder in added]
        used = {id(note.project) for note in self.notes.values()}
        roots = {self._find_folder_root(folder) for folder in self._folders}
        for root in [root for root, one in self._projects.items() if id(one) not in used and root not in roots]:
            del self._projects[root]
        self.open_folders()

    def open_folders(self) -> None:
        """Open the projects of the editor's folders that are not open."""
        for folder in self._folders:
            if root := self._find_folder_root(folder):
                self._open_project(root)

    def open_document(self, document: Document) -> OpenNote:
        """Assign a document to its project, which is opened if needed, and let its text stand for its file."""
        root = self._find_root(document.path) if document.path else ""
        project = self._open_project(root) if root else None
        path = ""
        if project is None:
            project = self._open_alone(document)
            path = "" if root else project.find_note_path(document.path)  # a broken project has no problems to show
        else:
            path = _find_note_path(project, document)
        found = OpenNote(document, project, path)
        self.notes[document.uri] = found
        if path:
            project.set_text(path, document.text)
        return found

    def close_document(self, uri: str) -> OpenNote | None:
        """Let the file of a document stand for itself again; return the note that was closed."""
        found = self.notes.pop(uri, None)
        if found and found.path and not any(self._is_same_note(found, other) for other in self.notes.values()):
            found.project.drop_text(found.path)
        self._alone.pop(uri, None)
        return found

    def review_documents(self) -> bool:
        """Assign those documents again that now belong elsewhere, or are no notes any more; return whether any is."""
        moved = [note for note in self.notes.values() if self._belongs_elsewhere(note)]
        for note in moved:
            self.close_document(note.document.uri)
        for note in moved:
            self.open_document(note.document)
        return bool(moved)

    def _belongs_elsewhere(self, note: OpenNote) -> bool:
        root = self._find_root(note.document.path) if note.document.path else ""
        project = self._open_project(root) if root else None
        if project is None:
            return not note.project.alone or bool(note.path) == bool(root)
        return project is not note.project or note.path != _find_note_path(project, note.document)

    def find_open(self, project: LiveProject, path: str) -> Document | None:
        """Return the open document that stands for a note of a project."""
        return next((n.document for n in self.notes.values() if n.project is project and n.path == path), None)

    def make_uri(self, project: LiveProject, path: str) -> str:
        """Return the URI of a note, as the client spells it if the note is open."""
        found = self.find_open(project, path)
        return found.uri if found else make_file_uri(project.get_file(path))

    @staticmethod
    def _is_same_note(one: OpenNote, other: OpenNote) -> bool:
        return one.project is other.project and one.path == other.path

    def _open_alone(self, document: Document) -> LiveProject:
        """Return the project of a document outside of all projects, which holds nothing else."""
        found = self._alone.get(document.uri)
        if found is None:
            folder = os.path.dirname(document.path) or os.getcwd()
            found = self._alone[document.uri] = LiveProject(Path(folder), alone=True)
        return found

    def _find_root(self, file: str) -> str:
        """Return the root as `lint FILE` finds it, else the folder of the editor around it; empty if there is none."""
        folder = os.path.dirname(file)
        while not os.path.isdir(folder) and folder != os.path.dirname(folder):  # of a note that is not saved yet
            folder = os.path.dirname(folder)
        if root := find_marked_root(folder):
            return "" if is_too_large(os.fspath(root)) else os.fspath(root)
        real = os.path.join(os.path.realpath(folder), "")
        around = [one for one in self._folders if real.startswith(os.path.join(one, ""))]
        return self._find_folder_root(max(around, key=len)) if around else ""

    @staticmethod
    def _find_folder_root(folder: str) -> str:
        """Return the root of the project in a folder of the editor; empty for `/`, the home folder, and no folder."""
        if not os.path.isdir(folder):
            return ""
        root = os.fspath(find_marked_root(folder) or os.path.realpath(folder))
        return "" if is_too_large(root) else root

    def _open_project(self, root: str) -> LiveProject | None:
        """Return the project at a root, opened if needed; `None` if it cannot be."""
        found = self._projects.get(root)
        if found is None:
            try:
                found = LiveProject(Path(root), jobs=self._jobs)
            except EXPECTED_ERRORS as error:
                if root not in self._broken:
                    self.messages.append(f"`{root}` is not checked: {error}")
                self._broken.add(root)
                return None
            self._broken.discard(root)
            self._projects[root] = found
        return found


def _find_note_path(project: LiveProject, document: Document) -> str:
    """Return the path of the note that a document is; empty if it is none."""
    try:
        return project.find_note_path(document.path)
    except (UsageError, ProjectError):
        return ""


def is_too_large(folder: str) -> bool:
    """Return whether a folder is `/` or the home folder: nobody means all that lies below."""
    return folder == os.path.dirname(folder) or folder == os.path.realpath(os.path.expanduser("~"))
