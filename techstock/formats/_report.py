"""What a format is given."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from techstock.model import Corpus, Diagnostic, Place

_DEFAULT = 80
_LEAST = 40  # narrower than this, a mark and its label have no room beside each other


class Report(msgspec.Struct, frozen=True):
    """Diagnostics in the order of their paths and places, and the corpus they are about.

    `color`: with ANSI colours. `width`: the columns of the terminal, 0 where there is none. `base` is the path of the
    root below the repository around it, empty where that is the root itself or there is none. `before` counts the
    problems by rule of an earlier run to compare with, `None` where there is none.
    """

    diagnostics: Sequence[Diagnostic]
    corpus: Corpus
    color: bool = False
    width: int = 0
    base: str = ""
    before: Counter[str] | None = None

    @property
    def columns(self) -> int:
        """The columns to stay within, at least 40."""
        return max(self.width or _DEFAULT, _LEAST)

    def positions(self, place: Place) -> tuple[int, int, int, int]:
        """Line and column of a place's start, and of its end (exclusive), from 1, columns in code points.

        Where the place is in no note of the corpus (a configuration, an image), all four are 1.
        """
        note = self.corpus.by_path.get(place.path)
        if note is None:
            return 1, 1, 1, 1
        return (*note.lines.position(place.start), *note.lines.position(place.end))

    def spot(self, place: Place) -> str:
        """`path:line:column` of the start of a place; the path as it is."""
        line, column, *_ = self.positions(place)
        return f"{place.path}:{line}:{column}"

    def in_repository(self, path: str) -> str:
        """The path as services name files that show a repository, not a project inside it."""
        return f"{self.base}/{path}" if self.base else path
