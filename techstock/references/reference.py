"""An image in its note, and what one rule says about it."""

from typing import NamedTuple

import msgspec

from techstock.model import Fix, Image, Note, Place, Problem, Related
from techstock.references.lookup import Lookup, join
from techstock.references.targets import Target, resolved

INSIDE = "save the image in the repository and link to it by a relative path"
_LONGEST = 60  # characters of a `data:` URI that are marked; it may have a million


class Verdict(msgspec.Struct, frozen=True):
    """What one rule says about one image."""

    rule: str
    message: str
    label: str = ""
    help: str = ""
    fix: Fix | None = None
    data: dict[str, str] = {}


class Reference(NamedTuple):
    """An image in its note, and what its target means."""

    note: Note
    image: Image
    target: Target

    def folder(self, names: Lookup) -> str:
        """The folder, below the repository, in which the target is read."""
        return names.files.site if self.target.rooted else names.folder(self.note)

    def meant(self, names: Lookup) -> str | None:
        """The path, below the repository, that the target means; `None` where it leads out."""
        return resolved(self.target.path, self.folder(names))

    def home(self, names: Lookup) -> str:
        """The path of the note, below the repository."""
        return join(names.files.base, self.note.path)

    @property
    def place(self) -> Place:
        """What is marked: the target; all of an image by reference, or without one."""
        whole = self.image.kind == "reference" or self.image.at.start == self.image.at.end
        place = self.image.place if whole else self.image.at
        if self.image.target[:5].lower() == "data:":
            place = Place(place.start, min(place.end, place.start + _LONGEST))
        return self.note.at(place)

    def problem(self, verdict: Verdict, *, mend: bool) -> Problem:
        """The verdict at its place; without its fix unless `mend`."""
        related: tuple[Related, ...] = ()
        if self.image.kind == "reference":
            related = (Related(self.note.at(self.image.at), "its target"),)
        return Problem(
            self.place,
            verdict.message,
            verdict.label,
            related,
            verdict.help,
            verdict.fix if mend else None,
            dict(verdict.data),
        )
