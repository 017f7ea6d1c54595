"""Read and parse notes, in this process and in others."""

import msgspec

from techstock.cache.note_record import NoteRecord, RuleWithOptions, parse_and_check
from techstock.engine.timeouts import TimeLimitExceededError, limit_time
from techstock.model import ParseLimits, ReadFailure, Span
from techstock.project.reading import decode_note, read_note_bytes

UnreadFile = tuple[str, ReadFailure]
"""A path, and why the note there has no text."""


class ParseJob(msgspec.Struct, frozen=True):
    """Options for reading, parsing and checking each note: see `LoadOptions`. `rules` run on it."""

    root: bytes
    limit: int
    level: int
    rules: tuple[RuleWithOptions, ...]
    limits: ParseLimits = ParseLimits()
    seconds: float = 30

    def parse_file(self, path: str) -> NoteRecord | UnreadFile:
        """Read, parse and check one note."""
        data = read_note_bytes(self.root, path, limit=self.limit)
        return (path, data) if isinstance(data, ReadFailure) else self.parse_data(path, data)

    def parse_data(self, path: str, data: bytes) -> NoteRecord | UnreadFile:
        """Parse and check the note at `path`, which consists of these bytes, whatever its file holds."""
        text = decode_note(data, path)
        if isinstance(text, ReadFailure):
            return path, text
        try:
            with limit_time(self.seconds):
                return parse_and_check(path, data, text, (self.level, self.limits), self.rules)
        except TimeLimitExceededError:
            return path, describe_timeout(self.seconds)
        except OSError:  # the machine is to blame, not the note
            raise
        except Exception as error:  # noqa: BLE001 (a defect, which one note of many must not turn against all)
            return path, describe_defect(error)


def describe_defect(error: Exception) -> ReadFailure:
    """Return the fault of a note at which techstock itself fails."""
    message = f"techstock has a defect and cannot read this note ({type(error).__name__})"
    return ReadFailure(Span(0, 0), "failed", message, "report the defect, with the smallest note that shows it")


def describe_timeout(seconds: float) -> ReadFailure:
    """Return the fault of a note that took more than so many seconds."""
    message = f"the note took more than the {seconds:,} seconds of `limits.seconds`"
    return ReadFailure(Span(0, 0), "time", message, "split the note, or raise `limits.seconds`")
