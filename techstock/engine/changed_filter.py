"""Filter diagnostics to those that a change of the notes affects."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from techstock.engine.diagnostic_groups import select_parts
from techstock.links.file_index import FileIndex, join_path
from techstock.links.resolver import resolve_link
from techstock.model import Corpus, Diagnostic, Image, Link, Note, Span
from techstock.project.changed_lines import ChangesSince


class ChangedFilter:
    """A filter for diagnostics on changed lines, or on links and images that lead to a deleted file."""

    def __init__(self, changes: ChangesSince, corpus: Corpus) -> None:
        self._changes = changes
        self._corpus = corpus
        base = corpus.files.base if corpus.files else ""
        self._gone = frozenset(join_path(base, path) for path in changes.gone)
        self._index = FileIndex(corpus, self._gone)
        self._leading: dict[str, list[Span]] = {}

    def filter_diagnostics(self, found: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Return the diagnostics whose own place or a related one has changed; of a group the parts that have."""
        return list(select_parts(found, lambda one: any(map(self._has_changed, _list_spans(one)))))

    def _has_changed(self, place: Span) -> bool:
        note = self._corpus.by_path.get(place.path)
        if note is None:
            return place.path in self._changes.files
        first = note.lines.find_line(place.start) + 1
        last = note.lines.find_line(max(place.start, place.end - 1)) + 1
        ranges = self._changes.lines.get(note.path, ())
        at = bisect_right(ranges, last, key=lambda both: both[0]) - 1
        if at >= 0 and ranges[at][1] > first:
            return True
        return any(
            place.start <= one.start < place.end or one.contains(place) for one in self._find_deleted_targets(note)
        )

    def _find_deleted_targets(self, note: Note) -> list[Span]:
        """Return the places of the images and links in a note that lead to a deleted file."""
        if note.path not in self._leading:
            leads: tuple[Image | Link, ...] = (*note.images, *note.links) if self._gone else ()
            self._leading[note.path] = [
                one.place for one in leads if resolve_link(self._index, note, one).path in self._gone
            ]
        return self._leading[note.path]


def _list_spans(one: Diagnostic) -> Iterator[Span]:
    yield one.problem.place
    for other in one.problem.related:
        yield other.place
