"""Errors that end a run, and that neither the rules nor the command line cause."""


class NoteChangedError(Exception):
    """A note was changed during the run, so its cached facts are no longer valid."""

    def __init__(self, path: str) -> None:
        super().__init__(f"`{path}` changes while it is read; run again when it is at rest")
        self.path = path


class DamagedCacheError(Exception):
    """Cached facts or problems have checksums that fit, and content that does not fit the notes."""


class CorpusTimeoutError(Exception):
    """A step that sees all notes exceeded its time limit; the message is one sentence."""


class WorkerError(Exception):
    """A worker process was killed; the message is one sentence."""
