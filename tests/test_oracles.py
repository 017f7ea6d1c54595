"""What the oracles of other tests are worth: a bug is planted, and each of them must say so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from techstock.cache import rule_results
from techstock.duplicates import near_search
from techstock.fix import render_check
from techstock.model import Note, Span
from techstock.model.note import FACT_NAMES
from techstock.parse import parse
from tests.cache import test_runs
from tests.duplicates import test_near_search
from tests.fix import test_render_check
from tests.parse import test_offsets
from tests.parse.github import read_facts, read_page, render

TEXT = (
    "# 題 61\n\n本文 `code` と <b>印</b> と ** と [先](b.md) と <https://example.org/> です。\n\n"
    "- 待避: 止める\n  - 退避：逃がす\n\n![図](a.png) <img src='b.png'> ![[c.png]]\n\n"
    "<!-- techstock: ignore some-rule -->\n\n- 復旧: 再び\n"
)
PLACED = [
    *[("headings", "place"), ("headings", "text")],
    *[("entries", field) for field in ("place", "marker", "term", "colon")],
    *[("images", "place"), ("images", "at"), ("links", "place"), ("links", "at")],
    *[("spans", "place"), ("strays", "place"), ("directives", "place")],
]


def test_the_note_of_these_tests_is_sound() -> None:
    note = parse("note.md", TEXT)
    test_offsets.check(note)
    check_complete(note)
    assert all(getattr(note, facts) for facts, _ in PLACED)


@pytest.mark.parametrize(
    "off", [lambda place: Span(place.start + 1, place.end + 1), lambda place: Span(place.start - 1, place.end - 1)]
)
@pytest.mark.parametrize(("facts", "field"), PLACED)
def test_offsets_that_are_off_by_one(facts: str, field: str, off: Callable[[Span], Span]) -> None:
    note = parse("note.md", TEXT)
    for at, fact in enumerate(getattr(note, facts)):
        if facts == "spans" and fact.kind not in ("code", "html"):
            continue  # those of links and images are these facts' places
        bad = replace(fact, **{field: off(getattr(fact, field))})
        with pytest.raises(AssertionError):
            test_offsets.check(changed(note, facts, at, bad))


@pytest.mark.parametrize("facts", ["headings", "blocks", "entries", "images", "spans", "strays"])
def test_a_fact_that_is_lost(facts: str) -> None:
    note = parse("note.md", TEXT)
    first = next(at for at, fact in enumerate(getattr(note, facts)) if getattr(fact, "kind", "code") != "list")
    with pytest.raises((AssertionError, LookupError)):  # a fact may name one that is not there
        check_complete(changed(note, facts, first))


def check_complete(note: Note) -> None:
    """Hold the facts against the page that GitHub makes of the note."""
    assert read_facts(note) == read_page(render(note.text))


def changed(note: Note, facts: str, at: int, *instead: object) -> Note:
    """The note with another fact, or none, in the place of one."""
    known: dict[str, Any] = {name: getattr(note, name) for name in FACT_NAMES}
    known[facts] = (*known[facts][:at], *instead, *known[facts][at + 1 :])
    return Note(note.path, note.text, **known)


def thresholds() -> None:
    for size in range(2, 26):
        test_near_search.test_pairs_at_the_threshold_are_found(size)


@pytest.mark.parametrize(
    ("part", "bug"),
    [("_compute_prefix_length", lambda size: size - near_search._compute_min_common(size)), ("MIN_JACCARD", 2)],
)
def test_a_search_that_misses_or_adds_pairs(part: str, bug: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_search, part, bug)
    with pytest.raises(AssertionError):
        thresholds()


def test_a_cache_whose_key_lacks_the_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rule_results, "_digest_notes", lambda *_: b"x")
    with pytest.raises(AssertionError):
        test_runs.test_any_edits(tmp_path, monkeypatch, capsys, 7)


def test_a_cache_that_does_not_see_new_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rule_results.CorpusRuleResults, "_drop_outdated_pairs", lambda *_: None)
    with pytest.raises(AssertionError):
        test_runs.test_any_edits(tmp_path, monkeypatch, capsys, 7)


def test_a_cache_whose_key_lacks_the_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rule_results, "_make_rule_key", lambda plan: plan.rule.name.encode())
    with pytest.raises(AssertionError):
        test_runs.test_any_options(tmp_path, monkeypatch, capsys)


def test_a_check_of_fixes_that_is_content_with_blocks_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_check, "_is_same_block", lambda *_: True)
    with pytest.raises(AssertionError):
        test_render_check.test_a_far_block_may_not_change_with_an_edit_that_is_no_definition()


def test_a_check_of_fixes_that_explains_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_check, "_is_explained", lambda *_: True)
    for name in ("code loses its spaces", "a link no more", "a definition is lost"):
        with pytest.raises(AssertionError):
            test_render_check.test_refuses(name)
