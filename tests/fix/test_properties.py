"""What must hold of fixes, on random notes and on real ones."""

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from techstock.config import Settings, load_settings
from techstock.engine import diagnose
from techstock.engine.fix_safety import renders_as_meant
from techstock.engine.rule_runs import make_rule_runs
from techstock.fix.fix_loop import FixOutcome, choose_fixes, find_harmful_fixes, fix_corpus
from techstock.fix.render_check import RenderCheck
from techstock.model import Corpus, Diagnostic, Edit, Fix, Span
from techstock.text.edits import apply_edits
from tests.fix.documents import corpora
from tests.rules.test_golden import FOLDERS
from tests.support import get_collections, get_texts, make_corpus, run_every_rule, scale_examples

pytestmark = pytest.mark.no_cover  # what these repeat a hundred times, others show once

RANDOM = settings(max_examples=scale_examples(60))
# At most so many notes of a collection, none larger than so many bytes, drawn with a fixed seed;
# `python -m tests.benchmarks.fixes` takes them all.
SAMPLE, LONGEST = 15, 30_000


@RANDOM
@given(corpora, st.booleans())
def test_a_second_run_finds_nothing_to_fix(files: dict[str, str], unsafe: bool) -> None:
    once = fix_corpus(make_corpus(files), run_every_rule, unsafe=unsafe)
    assert once.fights == ()
    assert fix_corpus(make_corpus(get_texts(once.corpus)), run_every_rule, unsafe=unsafe).groups == ()


@RANDOM
@given(corpora, st.booleans())
def test_line_ends_make_no_difference(files: dict[str, str], unsafe: bool) -> None:
    carried = {path: "\ufeff" + text.replace("\n", "\r\n") for path, text in files.items()}
    plain, windows = (
        get_texts(fix_corpus(make_corpus(each), run_every_rule, unsafe=unsafe).corpus) for each in (files, carried)
    )
    assert windows == {path: "\ufeff" + text.replace("\n", "\r\n") for path, text in plain.items()}


@RANDOM
@given(corpora, st.randoms(use_true_random=False))
def test_the_order_of_the_problems_makes_no_difference(files: dict[str, str], random: Random) -> None:
    def shuffled(corpus: Corpus) -> list[Diagnostic]:
        found = run_every_rule(corpus)
        random.shuffle(found)
        return found

    one, other = (
        fix_corpus(make_corpus(files), run_every_rule, unsafe=True),
        fix_corpus(make_corpus(files), shuffled, unsafe=True),
    )
    assert get_texts(one.corpus) == get_texts(other.corpus)
    assert one.groups == other.groups


@RANDOM
@given(corpora)
def test_no_safe_fix_passes_that_the_check_refuses_when_it_looks_again(files: dict[str, str]) -> None:
    before = make_corpus(files)
    chosen = choose_fixes(d for d in run_every_rule(before) if d.problem.fix and d.problem.fix.safe)
    harmful = find_harmful_fixes(chosen, before.by_path)
    good = [d.problem.fix for d in chosen if d not in harmful and d.problem.fix]
    for path, note in before.by_path.items():
        marking = [edit for fix in good if fix.meant for edit in fix.meant if edit.place.path == path]
        plain = [edit for fix in good if not fix.meant for edit in fix.edits if edit.place.path == path]
        every = [edit for fix in good for edit in fix.edits if edit.place.path == path]
        assert RenderCheck(note.text).has_same_rendering(plain)
        assert renders_as_meant(note.text, every, [*plain, *marking])


@cache
def fix_sample(folder: str, unsafe: bool) -> tuple[Corpus, list[Diagnostic], FixOutcome]:
    """Fix a sample of a collection, and return it, its problems and the outcome."""
    root = get_collections() / "corpus" / folder
    short = sorted(path for path in root.rglob("*.md") if path.stat().st_size < LONGEST)
    drawn = Random(folder).sample(short, min(SAMPLE, len(short)))  # noqa: S311 (the same each time)
    before = make_corpus({path.relative_to(root).as_posix(): path.read_bytes().decode() for path in drawn})
    return before, run_every_rule(before), fix_corpus(before, run_every_rule, unsafe=unsafe)


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_real_notes_are_stable_after_one_run(folder: str, unsafe: bool) -> None:
    *_, outcome = fix_sample(folder, unsafe)
    assert (outcome.fights, outcome.refused) == ((), ())
    again = Corpus(tuple(make_corpus(get_texts(outcome.corpus)).notes))
    assert fix_corpus(again, run_every_rule, unsafe=unsafe).groups == ()


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_fix_adds_no_problem_of_another_rule(folder: str, unsafe: bool) -> None:
    before, was, outcome = fix_sample(folder, unsafe)
    assert find_added_problems(before, was, outcome) == []


# What these fixes change becomes an entry, a heading, an image or code, and may then lack a colon or repeat another.
REVEALING = {
    "definition-misplaced",
    "fence-broken",
    "heading-swallowed",
    "image-swallowed",
    "marker-space",
    "section-number-level",
}
# And these spell a term as others do, which may then turn out to be defined twice.
NAMING = {"hidden-character", "term-variant"}
ALIKE = {"duplicate-definition", "duplicate-term", "near-duplicate", "term-conflict", "term-repeated"}


def find_added_problems(before: Corpus, was: list[Diagnostic], outcome: FixOutcome) -> list[str]:
    """Return the problems that came with the fixes, except those about a line that a fix has brought to light."""
    gone = Counter(_key(d, before) for d in was)
    gone.subtract(_key(d, outcome.corpus) for d in outcome.found)
    changed = Counter({key[:2]: 0 for key in gone})  # the same problem, whose text a fix of another one has changed
    for key, count in gone.items():
        changed[key[:2]] += max(count, 0)
    found = []
    for diagnostic in outcome.found:
        key = _key(diagnostic, outcome.corpus)
        if gone[key] >= 0:
            continue
        gone[key] += 1
        if changed[key[:2]]:
            changed[key[:2]] -= 1
        elif not any(_is_revealed(place, diagnostic.rule, before, outcome) for place in _places(diagnostic)):
            found.append(f"{diagnostic.rule}: {diagnostic.problem.place}: {diagnostic.problem.message}")
    return found


def _places(diagnostic: Diagnostic) -> list[Span]:
    return [diagnostic.problem.place, *(other.place for other in diagnostic.problem.related)]


def _is_revealed(place: Span, rule: str, before: Corpus, outcome: FixOutcome) -> bool:
    rules = {d.rule for d in outcome.fixed if d.problem.place.path == place.path}
    if not (rules & REVEALING or (rules & NAMING and rule in ALIKE)):
        return False
    old, new = before.by_path[place.path].text, outcome.corpus.by_path[place.path].text
    return any(place.start <= end and start <= place.end for start, end in _changes(old, new))


def _key(diagnostic: Diagnostic, corpus: Corpus) -> tuple[str, str, str]:
    place = diagnostic.problem.place
    text = unicodedata.normalize("NFKC", place.extract_from(corpus.by_path[place.path].text))
    return diagnostic.rule, place.path, re.sub(r"\s", "", text)


@cache
def _changes(old: str, new: str) -> list[tuple[int, int]]:
    """The ranges of `new` that hold lines which `old` has not."""
    if old == new:
        return []
    lines = new.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    codes = SequenceMatcher(None, old.split("\n"), lines, autojunk=False).get_opcodes()
    return [(starts[first], starts[last] - 1) for kind, _, _, first, last in codes if kind != "equal" and first < last]


def test_a_fix_that_adds_a_problem_is_noticed() -> None:
    """What the property above is worth: a fix of numbers that makes one of them stand twice."""
    before = make_corpus({"a.md": "## 1.\n\n- a: b\n\n## 3.\n\n- c: d\n"})
    was = run_every_rule(before)

    def planted(corpus: Corpus) -> list[Diagnostic]:
        return [
            replace(d, problem=replace(d.problem, fix=Fix("plant", (Edit(Span(18, 19, "a.md"), "1"),), safe=False)))
            if d.rule == "section-number-gap"
            else d
            for d in run_every_rule(corpus)
        ]

    assert [
        row.partition(":")[0] for row in find_added_problems(before, was, fix_corpus(before, planted, unsafe=True))
    ] == ["section-number-repeated"]


def test_default_rules_on_a_note_with_every_kind_of_slip() -> None:
    """A line for each fixable rule, fixed at once."""
    config: Settings = load_settings(Path(), Path(), isolated=True)[0]
    text = "## 1.\n\n- 待避: 状態。\n-\u3000復旧: 再び\u200b始める。\n\n## 2\n\n- 学習\u2f64: x\n\n## 3.\n\n- a: b\n"
    outcome = fix_corpus(
        make_corpus({"a.md": text}), lambda corpus: diagnose(corpus, make_rule_runs(config)), unsafe=True
    )
    expected = "## 1.\n\n- 待避: 状態。\n- 復旧: 再び始める。\n\n## 2.\n\n- 学習用: x\n\n## 3.\n\n- a: b\n"
    assert get_texts(outcome.corpus) == {"a.md": expected}


def test_edited_is_what_the_loop_writes() -> None:
    [note] = make_corpus({"a.md": "-\u3000a\n"}).notes
    found = run_every_rule(Corpus((note,)))
    edits = [edit for d in found if d.problem.fix and d.problem.fix.safe for edit in d.problem.fix.edits]
    assert apply_edits(note.text, edits) == fix_corpus(Corpus((note,)), run_every_rule).corpus.by_path["a.md"].text
