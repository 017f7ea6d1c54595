"""All notes of a project as one value."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from techstock.model.facts import Image
from techstock.model.files import ProjectFiles
from techstock.model.note import Note
from techstock.model.span import Span
from techstock.model.web import WebStatus

_Computed = TypeVar("_Computed")
_Subject = TypeVar("_Subject", "Note", "Corpus")
_FILE_NAME_RANGE = r"([0-9]{1,3})[-_]([0-9]{1,3})\.[^.]+"


class KeptValues(Protocol):
    """A store of encoded values, each under a digest of all that it depends on, in groups.

    A round is one computation of all values of a group. Values that are not asked for in a round are dropped by the
    next one.
    """

    def begin_round(self, group: str) -> None:
        """Begin a round of a group, which is the path of a folder, or empty for all notes."""

    def get_value(self, group: str, key: bytes) -> bytes | None:
        """Return the value with this key; None if none is kept."""

    def add_value(self, group: str, key: bytes, value: bytes) -> None:
        """Keep a value under this key."""


class Corpus(msgspec.Struct, frozen=True, dict=True):
    """All notes of the project, ordered by path, whatever files the command line names.

    `duplicate_scope` is how far apart two copies may be to count as duplicates: `file`, `directory` or `corpus`.
    `files` are the files beside the notes; without them no rule reports whether a file exists. `web` is what is known
    of image targets, spelled as in the notes; empty unless the web was asked. `around` is the corpus that this one is a
    folder of (see `parts`). `kept` are values that were computed from some of the notes, by earlier runs as well.
    """

    notes: tuple[Note, ...]
    duplicate_scope: str = "corpus"
    files: ProjectFiles | None = None
    web: tuple[tuple[str, WebStatus], ...] = ()
    around: "Corpus | None" = None
    kept: KeptValues | None = None

    def __eq__(self, other: object) -> bool:
        """Return whether two corpora are of the same notes and files: what is kept follows from these."""
        return isinstance(other, Corpus) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self.notes)

    def _content(self) -> tuple[object, ...]:
        return self.notes, self.duplicate_scope, self.files, self.web, self.around

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """Return the cache for values that several rules compute from all notes, so that each is computed once per run.

        Its content follows from the fields, so it takes no part in comparisons, and a changed corpus starts with an
        empty one.
        """
        return {}

    @cached_property
    def alone(self) -> "Corpus":
        """Return the corpus of the same notes, without files and web answers."""
        return Corpus(self.notes, self.duplicate_scope, kept=self.kept)

    @cached_property
    def parts(self) -> tuple["Corpus", ...]:
        """Return one corpus for each folder, subfolders excluded, without files and web answers."""
        return tuple(
            Corpus(notes, self.duplicate_scope, around=self, kept=self.kept) for notes in self.folders.values()
        )

    def iter_checked_images(self) -> Iterator[tuple[Note, Image, WebStatus]]:
        """Yield each image whose target the web was asked about, with its note and the answer.

        Images that share one target span (that of a link definition) are yielded once.
        """
        known = dict(self.web)
        for note in self.notes if known else ():
            named = {image.at: image for image in reversed(note.images) if image.kind != "wiki"}
            for image in reversed(named.values()):
                if answer := known.get(image.target):
                    yield note, image, answer

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of all notes, in order."""
        return tuple([note.path for note in self.notes])

    @cached_property
    def by_path(self) -> dict[str, Note]:
        return {note.path: note for note in self.notes}

    def select_notes(self, scope: Collection[str] | None) -> Sequence[Note]:
        """Return the notes with these paths; all for `None`."""
        return self.notes if scope is None else [note for note in self.notes if note.path in scope]

    def replace_notes(self, changed: Mapping[str, Note]) -> "Corpus":
        """Return the corpus with other notes at some paths."""
        return replace(self, notes=tuple(changed.get(note.path, note) for note in self.notes))

    def find_position(self, place: Span) -> tuple[int, int]:
        """Return line and column of a span's start, from 1; of a file that is no note its beginning."""
        note = self.by_path.get(place.path)
        return note.lines.find_position(place.start) if note else (1, 1)

    @cached_property
    def folders(self) -> dict[str, tuple[Note, ...]]:
        """Return the notes of each folder, subfolders excluded, by the path of the folder."""
        found: dict[str, list[Note]] = {}
        for note in self.notes:
            found.setdefault(note.path.rpartition("/")[0], []).append(note)
        return {folder: tuple(notes) for folder, notes in found.items()}

    @cached_property
    def collections(self) -> tuple[tuple[Note, ...], ...]:
        """Return the collections: notes whose section numbers run on from file to file, in the order of their ranges.

        A note without a range is a collection of one.
        """
        found: list[tuple[Note, ...]] = []
        for notes in self.folders.values():
            ranges = [(parse_number_range(note), note) for note in notes]
            ranged = sorted((known, note.path) for known, note in ranges if known)
            if ranged:
                found.append(tuple(self.by_path[path] for _, path in ranged))
            found.extend((note,) for known, note in ranges if not known)
        return tuple(found)


def compute_once(subject: _Subject, make: Callable[[_Subject], _Computed]) -> _Computed:
    """Return what `make` computes of a note or a corpus alone, computed at its first use."""
    if make not in subject.memo:
        subject.memo[make] = make(subject)
    found: _Computed = subject.memo[make]
    return found


def parse_number_range(note: Note) -> tuple[int, int] | None:
    """Return the first and last section number that the file name promises: (61, 70) for `61-70.md`, `61_70.md`.

    Trusted only where most of the note's own numbers lie inside: `07-25.md` and `2023-07.md` are dates.
    """
    name = note.path.rpartition("/")[2]
    match = re.fullmatch(_FILE_NAME_RANGE, name) if name[:1].isdigit() else None
    if not match:
        return None
    first, last = int(match[1]), int(match[2])
    numbers = [section.number for section in note.numbered_sections]
    inside = sum(first <= number <= last for number in numbers)
    return (first, last) if first < last and 2 * inside > len(numbers) else None
