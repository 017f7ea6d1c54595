"""The beginning and the end of a session with a client."""

import os
from collections.abc import Iterator
from typing import Any

import msgspec

from techstock import __version__
from techstock.server.client import ClientAbilities, read_settings
from techstock.server.context import Context
from techstock.server.framing import INVALID_PARAMS, INVALID_REQUEST, Json, ProtocolError
from techstock.server.parameters import InitializeParameters
from techstock.server.requests import list_capabilities
from techstock.server.uris import make_file_uri, parse_file_uri
from techstock.server.workspace import Workspace

_WATCHED = (
    "**/*.{md,markdown,png,jpg,jpeg,gif,webp,svg,avif}",
    "**/{techstock,pyproject}.toml",
    "**/.gitignore",
    "**/.git/{HEAD,index}",
)
_CLIENT_INTERVAL = 5.0  # seconds between two looks at whether the editor still runs


class Lifecycle:
    """The state of the session: `is_initialized`, `is_shut_down`, `has_ended`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._parent: int | None = None
        self._looked = 0.0
        self._opens_folders = False
        self.is_initialized = self.is_shut_down = self.has_ended = False

    @property
    def exit_code(self) -> int:
        return 0 if self.is_shut_down else 1

    @property
    def is_ready(self) -> bool:
        """Return whether notes may be read and checked."""
        return self.is_initialized and not self.is_shut_down

    @property
    def may_run_thread(self) -> bool:
        """Return whether all notes have been loaded that processes may parse: none is forked beside a thread."""
        workspace = self._context.workspace
        return self.is_initialized and not self._opens_folders and (workspace.has_projects or bool(workspace.notes))

    def initialize(self, given: Any) -> Json:
        """Return what the server can do. Raise `ProtocolError`."""
        if self.is_initialized:
            raise ProtocolError(INVALID_REQUEST, "the server is initialized")
        try:
            params = msgspec.convert(_drop_nulls(given), InitializeParameters)
        except msgspec.ValidationError as error:
            raise ProtocolError(INVALID_PARAMS, f"the parameters do not fit: {error}") from None
        self._parent = params.process_id
        self._context.client = ClientAbilities.from_capabilities(params.capabilities)
        self._context.settings, wrong = read_settings(params.initialization_options, self._context.settings)
        self._context.workspace = Workspace(_list_folders(params))
        self._context.workspace.messages += wrong
        self.is_initialized = self._opens_folders = True
        return {
            "capabilities": list_capabilities(self._context),
            "serverInfo": {"name": "techstock", "version": __version__},
        }

    def confirm(self) -> None:
        """Take the word of the client that it is ready, and ask it to watch the files of projects, if it can."""
        if self._context.client.watches:
            watchers = [{"globPattern": pattern} for pattern in _WATCHED]
            one = {"id": "techstock-files", "method": "workspace/didChangeWatchedFiles"}
            registration = {**one, "registerOptions": {"watchers": watchers}}
            self._context.ask("client/registerCapability", {"registrations": [registration]}, lambda _: None)

    def open_folders(self) -> None:
        """Open the projects in the folders of the editor, once."""
        if self._opens_folders:
            self._opens_folders = False
            self._context.workspace.open_folders()

    def shut_down(self) -> None:
        """Answer nothing any more."""
        self.is_shut_down = True

    def end(self) -> None:
        """End the session."""
        self.has_ended = True

    def look_for_client(self, now: float) -> None:
        """End the session if the process of the editor has gone, at times: its end of the pipe may have been kept."""
        if self._parent is not None and now - self._looked > _CLIENT_INTERVAL:
            self._looked = now
            self.has_ended = self.has_ended or not is_running(self._parent)


def is_running(process: int) -> bool:
    """Return whether a process runs; true where that cannot be told, as on Windows: the pipe is closed there."""
    if os.name != "posix" or process <= 0:
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _list_folders(params: InitializeParameters) -> Iterator[str]:
    """Yield the paths of the editor's folders; the root of an older client is one."""
    roots = [folder.uri for folder in params.workspace_folders or ()]
    if params.workspace_folders is None:
        old = params.root_uri or (make_file_uri(params.root_path) if params.root_path else None)
        roots = [old] if old else []
    for uri in roots:
        if path := parse_file_uri(uri):
            yield path


def _drop_nulls(given: Any) -> Any:
    """Return parameters without null for what is not there."""
    return {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else given
