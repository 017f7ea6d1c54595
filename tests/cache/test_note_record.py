"""Entries of a kept note: they are decoded whole, and nothing about them is found a second time."""

import pytest

from techstock.cache import CachedNote
from techstock.cache.key import NO_STAMP
from techstock.cache.lazy_note import NoteLoader
from techstock.cache.note_record import NoteRecord, NoteSummary, parse_and_check
from techstock.duplicates import entries, prose
from techstock.duplicates.entries import ComparedEntry, build_compared_entries, collect_compared_entries
from techstock.duplicates.prose import get_compared_entry, get_prose_entries
from techstock.model import Corpus, Entry, Note, ParseLimits
from tests.support import parse_note

TEXT = """# 港

桟橋は舟を着けるところで、潮が引いているあいだは荷を下ろせないから、朝のうちに時刻を確かめておく。

- 待避: 新しい要求を受けない状態。
  1. 舟を着ける。
  2. 荷を下ろす。
- 舟は来るか?
- 復旧:

## 2024-01-02

- 朝の話。

夜の港には灯りがなく、舟は東の岸に沿ってゆっくりと進み、見張りの合図を待ってから桟橋に着けることになっている。
"""


class _OneNote:
    """A store that holds the facts of one note."""

    def __init__(self, facts: bytes) -> None:
        self._facts = facts

    def get_facts(self, entry: CachedNote[NoteSummary]) -> bytes:
        return self._facts


def make_kept_note(record: NoteRecord, facts: bytes, text: str) -> Note:
    loader = NoteLoader(b"/", 1000, (0, ParseLimits()), _OneNote(facts))
    return loader.make_lazy_note(CachedNote(record.path, NO_STAMP, record.digest, record.brief), text)


def describe_entries(note: Note) -> tuple[list[ComparedEntry], list[Entry]]:
    """Return the compared entries of a note, and those that they are of."""
    units = collect_compared_entries(Corpus((note,)))
    return units, [get_compared_entry(note, unit.entry) for unit in units]


def test_entries_are_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    record = parse_and_check("a.md", TEXT.encode(), TEXT, (0, ParseLimits()), ())
    fresh = describe_entries(parse_note(TEXT, "a.md"))
    assert [unit.kind for unit in fresh[0]] == [
        "definition", "definition", "step", "step", "question", "heading", "journal line", "journal line",
    ]  # fmt: skip
    assert [(unit.core, unit.start) for unit in fresh[0][:2]] == [(46, 0), (12, 4)]
    for module, name in ((prose, "_find_prose_entries"), (entries, "classify_prose"), (entries, "EntryClassifier")):
        monkeypatch.setattr(module, name, None)  # to call it fails
    assert describe_entries(make_kept_note(record, bytes(record.facts), TEXT)) == fresh


def test_damaged_entries_are_built_again() -> None:
    record = parse_and_check("a.md", TEXT.encode(), TEXT, (0, ParseLimits()), ())
    fresh = describe_entries(parse_note(TEXT, "a.md"))
    assert describe_entries(make_kept_note(record, bytes(record.facts[:-1]), TEXT)) == fresh


def test_a_note_without_entries_reads_nothing() -> None:
    record = parse_and_check("a.md", b"# a\n", "# a\n", (0, ParseLimits()), ())
    note = make_kept_note(record, b"not even facts", "# a\n")
    assert (list(note.get_or_compute("units", build_compared_entries)), list(get_prose_entries(note))) == ([], [])
