"""What is kept of a note's entries for each run; apart from what makes it, which a run of known notes does not load."""

import msgspec

Label = tuple[bool, str, str]
"""Whether a term is nested, its key, and the term or text around it, at the top the heading."""


class Handles(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Checksums of what the units of a note are compared by, and the unit of each; equal ones may be of other things.

    `repeated` are the units whose list holds their term twice or more. `labels` are the note's part of what
    `views.labels` counts, `count` and `weight` tell how many units it has, and how much they say.
    """

    sums: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()
    labels: tuple[Label, ...] = ()
    count: int = 0
    weight: float = 0


NONE = Handles()
