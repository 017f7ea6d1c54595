"""Diagnostics as the protocol has them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from techstock.model import ERROR, INFO, WARNING, Corpus, Diagnostic, Problem, RelatedSpan, Span
from techstock.server.framing import Json
from techstock.server.positions import TextPositions

SOURCE: Final = "techstock"
KNOWN_TERM: Final = "known-term"
"""The code of the information that a term is defined elsewhere; no rule has this name."""
_PAGES = "https://github.com/techstock/techstock/blob/main/docs/rules"
_SEVERITIES = {ERROR: 1, WARNING: 2, INFO: 3}
_UNNECESSARY = 1
_UNNECESSARY_RULES = frozenset({"unused-ignore", "footnote-unused"})  # what they report can be deleted
_MAX_NAMED = 3  # other places that a message names

FindPositions = Callable[[str], TextPositions | None]
"""Returns the positions in a note, by its path; `None` for a file that is no note."""
_NOWHERE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


class DiagnosticWriter:
    """A writer of the diagnostics of a corpus for one client.

    `find_positions` and `make_uri` take the path of a note; `related` tells whether the client takes other places.
    """

    def __init__(
        self, corpus: Corpus, find_positions: FindPositions, make_uri: Callable[[str], str], *, related: bool
    ) -> None:
        self._corpus, self._find_positions, self._make_uri, self._related = corpus, find_positions, make_uri, related

    def write(self, one: Diagnostic) -> Json:
        """Return a diagnostic of the protocol; its `data` hold the key by which fixes are found again."""
        problem = one.problem
        found: Json = {
            "range": self._make_range(problem.place),
            "severity": _SEVERITIES.get(one.severity, 2),
            "code": one.rule,
            "codeDescription": {"href": f"{_PAGES}/{one.rule}.md"},
            "source": SOURCE,
            "message": "\n".join(self._iter_message_lines(problem)),
            "data": {"key": make_key(one)},
        }
        if one.rule in _UNNECESSARY_RULES:
            found["tags"] = [_UNNECESSARY]
        if self._related and problem.related:
            found["relatedInformation"] = [
                {"location": self.make_location(other.place), "message": other.message} for other in problem.related
            ]
        return found

    def write_hint(self, place: Span, message: str, others: Sequence[RelatedSpan]) -> Json:
        """Return an information that no rule gives."""
        found: Json = {
            "range": self._make_range(place),
            "severity": 3,
            "code": KNOWN_TERM,
            "source": SOURCE,
            "message": message,
        }
        if self._related:
            found["relatedInformation"] = [
                {"location": self.make_location(other.place), "message": other.message} for other in others
            ]
        return found

    def make_location(self, place: Span) -> Json:
        """Return the location of a span, down to the end of its first line."""
        return {"uri": self._make_uri(place.path), "range": self._make_range(place)}

    def _make_range(self, place: Span) -> Json:
        note, positions = self._corpus.by_path.get(place.path), self._find_positions(place.path)
        return positions.to_range(note.trim_to_first_line(place)) if note and positions else _NOWHERE

    def _iter_message_lines(self, problem: Problem) -> Iterator[str]:
        """Yield the lines of a message: many clients show nothing else, so that it names the other places."""
        yield problem.message
        for other in problem.related[:_MAX_NAMED]:
            where = f"{other.place.path}:{self._corpus.find_position(other.place)[0]}"
            if f"`{where}`" not in problem.message:
                yield f"{other.message}: {where}"
        if len(problem.related) > _MAX_NAMED:
            yield f"and {len(problem.related) - _MAX_NAMED:,} more"
        if problem.help:
            yield problem.help


def make_key(one: Diagnostic) -> str:
    """Return the key of a diagnostic, which is the same until its texts or its place among others change."""
    place = one.problem.place
    return f"{one.rule}:{one.fingerprint}:{place.start}:{place.end}"


class TextChange:
    """The one range in which two texts differ; `start` and `end` are offsets of the old text."""

    def __init__(self, old: str, new: str) -> None:
        most = min(len(old), len(new))
        self.start = _count_common(old, new, most)
        tail = _count_common(old[::-1], new[::-1], most - self.start)
        self.end, self.grown = len(old) - tail, len(new) - len(old)

    def move_span(self, place: Span) -> Span | None:
        """Return the span in the new text; `None` if the change touches it."""
        if place.end <= self.start:
            return place
        if place.start >= self.end:
            return Span(place.start + self.grown, place.end + self.grown, place.path)
        if place.start <= self.start and self.end <= place.end:
            return Span(place.start, place.end + self.grown, place.path)
        return None


def _count_common(one: str, other: str, most: int) -> int:
    """Return how many characters two texts share at their beginnings, at most so many."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def move_diagnostics(found: Sequence[Diagnostic], path: str, change: TextChange) -> Iterator[Diagnostic]:
    """Yield diagnostics of a note where they are after a change of it, without fixes; not those that it touches."""
    for one in found:
        moved = change.move_span(one.problem.place)
        if moved is None:
            continue
        related = []
        for other in one.problem.related:
            place = change.move_span(other.place) if other.place.path == path else other.place
            if place:
                related.append(replace(other, place=place))
        problem = replace(one.problem, place=moved, related=tuple(related), fix=None, group=None)
        yield replace(one, problem=problem, parts=())
