"""All notes of a project, seen at once."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from techstock.model.facts import Image
from techstock.model.files import Files
from techstock.model.note import Note
from techstock.model.web import Answer

_RANGE = re.compile(r"([0-9]{1,3})[-_]([0-9]{1,3})\.[^.]+")


class Corpus(msgspec.Struct, frozen=True, dict=True):
    """Every note of the project, ordered by path, whatever files the command line names.

    `duplicate_scope` is how far apart two copies may stand to be one finding: `file`, `directory` or `corpus`.
    `files` are those beside the notes; without them nothing is said about what exists. `web` is what is known of
    targets of images, as the notes spell them; empty unless the web was asked. `around` is the corpus that this one is
    a folder of (see `parts`).
    """

    notes: tuple[Note, ...]
    duplicate_scope: str = "directory"
    files: Files | None = None
    web: tuple[tuple[str, Answer], ...] = ()
    around: "Corpus | None" = None

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What several rules work out of all notes, kept so that it is worked out once in a run.

        It follows from the fields, so it is none: it takes no part in comparing, and a changed corpus begins anew.
        """
        return {}

    @cached_property
    def alone(self) -> "Corpus":
        """The same notes with nothing known beside them."""
        return Corpus(self.notes, self.duplicate_scope)

    @cached_property
    def parts(self) -> tuple["Corpus", ...]:
        """Its folders, without their subfolders: each a corpus, with nothing known beside the notes."""
        return tuple(Corpus(notes, self.duplicate_scope, around=self) for notes in self.folders.values())

    def answered(self) -> Iterator[tuple[Note, Image, Answer]]:
        """The images about which the web was asked, with what it answered; one for each place that names a target."""
        known = dict(self.web)
        for note in self.notes if known else ():
            named = {image.at: image for image in reversed(note.images) if image.kind != "wiki"}
            for image in reversed(named.values()):
                if answer := known.get(image.target):
                    yield note, image, answer

    @cached_property
    def by_path(self) -> dict[str, Note]:
        return {note.path: note for note in self.notes}

    @cached_property
    def folders(self) -> dict[str, tuple[Note, ...]]:
        """The notes of each folder, subfolders not included."""
        found: dict[str, list[Note]] = {}
        for note in self.notes:
            found.setdefault(note.path.rpartition("/")[0], []).append(note)
        return {folder: tuple(notes) for folder, notes in found.items()}

    @cached_property
    def collections(self) -> tuple[tuple[Note, ...], ...]:
        """Notes whose section numbers run on from file to file, in the order of their ranges; a note alone is one."""
        found: list[tuple[Note, ...]] = []
        for notes in self.folders.values():
            ranges = [(number_range(note), note) for note in notes]
            ranged = sorted((known, note.path) for known, note in ranges if known)
            if ranged:
                found.append(tuple(self.by_path[path] for _, path in ranged))
            found.extend((note,) for known, note in ranges if not known)
        return tuple(found)


def number_range(note: Note) -> tuple[int, int] | None:
    """First and last section number that the file name promises: (61, 70) for `61-70.md`, `61_70.md`.

    Trusted only where most of the note's own numbers lie inside: `07-25.md` and `2023-07.md` are dates.
    """
    name = note.path.rpartition("/")[2]
    match = _RANGE.fullmatch(name) if name[:1].isdigit() else None
    if not match:
        return None
    first, last = int(match[1]), int(match[2])
    numbers = [section.number for section in note.numbered_sections]
    inside = sum(first <= number <= last for number in numbers)
    return (first, last) if first < last and 2 * inside > len(numbers) else None
