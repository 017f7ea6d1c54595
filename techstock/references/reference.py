"""An image in its note, and a rule's problem with it."""

from typing import NamedTuple

import msgspec

from techstock.model import Fix, Image, Note, Place, Problem, Related
from techstock.references.lookup import Lookup, join
from techstock.references.targets import Target, resolved

INSIDE = "save the image in the repository and link to it by a relative path"
_LONGEST = 60  # characters of a `data:` URI that are marked; it may have a million


class Verdict(msgspec.Struct, frozen=True):
    """A problem of one image, for one rule."""

    rule: str
    message: str
    label: str = ""
    help: str = ""
    fix: Fix | None = None
    data: dict[str, str] = {}


class Reference(NamedTuple):
    """An image in its note, with its parsed target."""

    note: Note
    image: Image
    target: Target

    def folder(self, names: Lookup) -> str:
        """Return the folder, below the repository, that the target is relative to."""
        return names.files.site if self.target.rooted else names.folder(self.note)

    def meant(self, names: Lookup) -> str | None:
        """Return the path, below the repository, that the target names; `None` where it leads out."""
        return resolved(self.target.path, self.folder(names))

    def home(self, names: Lookup) -> str:
        """Return the path of the note, below the repository."""
        return join(names.files.base, self.note.path)

    @property
    def place(self) -> Place:
        """Return the span to mark: the target; all of an image by reference, or without a target."""
        whole = self.image.kind == "reference" or self.image.at.start == self.image.at.end
        place = self.image.place if whole else self.image.at
        if self.image.target[:5].lower() == "data:":
            place = Place(place.start, min(place.end, place.start + _LONGEST))
        return self.note.at(place)

    def problem(self, verdict: Verdict, *, mend: bool) -> Problem:
        """Return the problem at the span to mark; without its fix unless `mend`."""
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
