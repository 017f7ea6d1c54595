"""Notes from the cache, whose facts are decoded when they are first used."""

from collections.abc import Sequence
from typing import Any

import msgspec

from techstock.cache import Entry, Store
from techstock.engine.errors import NoteChangedError
from techstock.engine.record import PARTS, Brief, digest, part, parts
from techstock.model import Fault, Limits, Note
from techstock.project.reading import content, decoded


class Source:
    """A loader of notes from cached facts, and from files below `root` (bytes) of at most `limit` bytes.

    `how` is the section level and the limits with which notes are parsed.
    """

    def __init__(self, root: bytes, limit: int, how: tuple[int, Limits], store: Store[Brief]) -> None:
        self.root = root
        self.limit = limit
        self.level, self.limits = how
        self.store = store

    def note(self, entry: Entry[Brief]) -> Note:
        """Return the note of a cache entry. Its text and facts are loaded when they are first used."""
        brief = entry.brief
        known: dict[str, Any] = {PARTS[part]: () for part in brief.empty}
        if brief.is_plain:
            known["numbered_sections"] = ()
        known |= {"limits": self.limits, "faults": brief.faults, "counts": brief.counts}
        return Note.kept(entry.path, self.level, _Loader(self, entry), **known)

    def text(self, entry: Entry[Brief]) -> str:
        """Read the text of a note. Raises `NoteChangedError` if the file has changed."""
        data = content(self.root, entry.path, limit=self.limit)
        if isinstance(data, Fault) or digest(data) != entry.digest:
            raise NoteChangedError(entry.path)
        text = decoded(data, entry.path)
        if isinstance(text, Fault):
            raise NoteChangedError(entry.path)
        return text

    def parsed(self, note: Note) -> Note:
        """Parse the note again from its text, because its cached facts are damaged."""
        from techstock.parse import again

        return again(note, note.text)


class _Loader:
    """A callable that loads the text or a fact of one note."""

    __slots__ = ("_entry", "_parsed", "_pieces", "_source")

    def __init__(self, source: Source, entry: Entry[Brief]) -> None:
        self._source, self._entry = source, entry
        self._pieces: Sequence[msgspec.Raw] | None = None
        self._parsed: Note | None = None

    def __call__(self, note: Note, name: str) -> Any:
        if name == "text":
            return self._source.text(self._entry)
        if name == "handles":
            return self._entry.brief.handles
        if name not in PARTS:
            return self._entry.brief.gists.get(name)
        if self._parsed is None:
            try:
                return part(self._read(), name)
            except msgspec.DecodeError:
                self._parsed = self._source.parsed(note)
        return None if name == "units" else getattr(self._parsed, name)

    def _read(self) -> Sequence[msgspec.Raw]:
        if self._pieces is None:
            facts = self._source.store.facts(self._entry)
            if facts is None:
                raise msgspec.DecodeError
            self._pieces = parts(facts)
            if len(self._pieces) != len(PARTS):
                raise msgspec.DecodeError
        return self._pieces
