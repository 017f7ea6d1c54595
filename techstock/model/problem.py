"""What a rule yields, and what the engine makes of it."""

from functools import cached_property
from typing import Any, Final

import msgspec

from techstock.model.place import Place

ERROR: Final = "error"
WARNING: Final = "warning"
INFO: Final = "info"
OFF: Final = "off"
LEVELS: Final = (ERROR, WARNING, INFO, OFF)


class Related(msgspec.Struct, frozen=True):
    """Another place that belongs to a problem, and what it is."""

    place: Place
    message: str


class Edit(msgspec.Struct, frozen=True):
    """Replace what stands at `place` with `text`; line ends in `text` are `\\n`, the writer puts the note's own."""

    place: Place
    text: str


class Fix(msgspec.Struct, frozen=True):
    """Edits that belong together and do not overlap. `safe`: the rendered note changes only as the message says."""

    message: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong: what (`message`), where (`place`), the other half (`related`), what to do (`help`, `fix`).

    `label` stands under the marked excerpt. A place without a path is in the note that the rule was given.
    `data` holds plain values for machines and is documented on the rule's page. `differs` are places within `place` or
    a related one, of one line each, whose characters the other copy does not have; they are marked for the eye only.
    `ignored` is the name of the rule in each comment that takes this problem out: a rule that joins problems to
    one must know which remain, and yields those that do not.
    """

    place: Place
    message: str
    label: str = ""
    related: tuple[Related, ...] = ()
    help: str = ""
    fix: Fix | None = None
    data: dict[str, Any] = {}
    differs: tuple[Place, ...] = ()
    ignored: tuple[Place, ...] = ()


class Diagnostic(msgspec.Struct, frozen=True, dict=True):
    """A problem with the rule that found it, its severity, and what stands at its places, normalised and sorted.

    Every place in it has its path.
    """

    rule: str
    severity: str
    problem: Problem
    marked: tuple[str, ...]

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the rule and of what stands at its places; 20 letters.

        It does not depend on line numbers, paths, the wording of messages, or on which of several copies comes first.
        Two findings in text that reads the same have one fingerprint: who compares counts them. Worked out when it is
        asked for: hashing takes long to load.
        """
        from hashlib import sha256

        return sha256("\0".join((self.rule, *self.marked)).encode("utf-8", "surrogatepass")).hexdigest()[:20]
