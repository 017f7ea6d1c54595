"""An image in its note, and a rule's problem with it."""

from typing import NamedTuple

import msgspec

from techstock.links.targets import Target
from techstock.model import Fix, Image, Note, Problem, RelatedSpan, Span

SAVE_IN_REPOSITORY_HELP = "save the image in the repository and link to it by a relative path"
_MAX_MARKED_LENGTH = 60  # characters of a `data:` URI that are marked; it may have a million


class ImageProblem(msgspec.Struct, frozen=True):
    """A problem of one image, for one rule."""

    rule: str
    message: str
    label: str = ""
    help: str = ""
    fix: Fix | None = None
    data: dict[str, str] = {}


class ImageReference(NamedTuple):
    """An image in its note, with its parsed target."""

    note: Note
    image: Image
    target: Target

    @property
    def place(self) -> Span:
        """Return the span to mark: the target; all of an image by reference, or without a target."""
        whole = self.image.kind == "reference" or self.image.at.start == self.image.at.end
        place = self.image.place if whole else self.image.at
        if self.image.target[:5].lower() == "data:":
            place = Span(place.start, min(place.end, place.start + _MAX_MARKED_LENGTH))
        return self.note.add_path_to(place)

    def to_problem(self, verdict: ImageProblem, *, mend: bool) -> Problem:
        """Return the problem at the span to mark; without its fix unless `mend`."""
        related: tuple[RelatedSpan, ...] = ()
        if self.image.kind == "reference":
            related = (RelatedSpan(self.note.add_path_to(self.image.at), "its target"),)
        return Problem(
            self.place,
            verdict.message,
            verdict.label,
            related,
            verdict.help,
            verdict.fix if mend else None,
            dict(verdict.data),
        )
