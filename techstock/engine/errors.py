"""What the world can do to a run while it is at work."""


class NoteChangedError(Exception):
    """A note is not what it was when the run began; what was worked out of it stands no more."""

    def __init__(self, path: str) -> None:
        super().__init__(f"`{path}` changes while it is read; run again when it is at rest")
        self.path = path


class PatienceError(Exception):
    """What was asked of all notes together took too long; the message is one sentence."""


class WorkerError(Exception):
    """A process that parsed was killed; the message is one sentence."""
