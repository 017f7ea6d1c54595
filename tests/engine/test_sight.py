"""A rule that is said to see one folder says of all notes what it says of their folders, one after the other."""

import random
from functools import cache

import pytest
from msgspec.structs import replace

from techstock import registry
from techstock.model import Corpus, Problem
from tests.cache.support import LINES
from tests.duplicates.test_candidates import make_random_note
from tests.support import make_corpus

RULES = [
    rule
    for name in registry.list_rule_names()
    if (rule := registry.load_rule(name)).sight in (registry.FOLDER, registry.PAIRS)
]
# Two languages of one note, ranges of one collection, and folders that differ in their case and marks only.
NAMES = [
    "1-10.md", "11-20.md", "a.md", "a.en.md", "x/1-10.md", "x/11-20.md", "x/a.md", "x/a.en.md", "x/deep/a.md",
    "x_y/a.md", "x_y/a.en.md", "x-y/a.md", "x-y/b.md", "X/a.md", "x/c.md", "x/d.md", "x/e.md",
]  # fmt: skip
SEEDS = range(6)


def order(problem: Problem) -> tuple[object, ...]:
    return problem.place.path, problem.place, problem.message, str(problem)


def on_all(rule: registry.Rule, notes: Corpus) -> list[Problem]:
    return sorted(rule.check(notes.alone, **rule.options), key=order)


def by_folder(rule: registry.Rule, notes: Corpus) -> list[Problem]:
    return sorted((problem for part in notes.parts for problem in rule.check(part, **rule.options)), key=order)


@cache
def draw_corpus(seed: int) -> Corpus:
    choose = random.Random(seed)  # noqa: S311 (no secret)
    texts = {name: _text(name, choose) for name in NAMES}
    texts["x/d.md"] = "".join(texts.values())
    texts["x/e.md"] = texts["x/d.md"]  # a copy of the whole note
    return make_corpus(texts)


def _text(name: str, choose: random.Random) -> str:
    first = int(name.rpartition("/")[2].split("-")[0]) if "0.md" in name else 0
    sections = "".join(f"## {number}.\n\n段落\n\n" for number in range(first + 1, first + 7)) if first else ""
    lines = "\n\n".join(choose.choices(LINES, k=choose.randint(0, 4)))
    return f"{make_random_note(choose)}\n{sections}{lines}\n"


@pytest.mark.parametrize("scope", ["file", "directory"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_folders_make_the_whole(rule: registry.Rule, scope: str) -> None:
    for seed in SEEDS:
        notes = replace(draw_corpus(seed), duplicate_scope=scope)
        assert by_folder(rule, notes) == on_all(rule, Corpus(notes.notes, scope))


def test_each_rule_says_something_there() -> None:
    silent = {rule.name for rule in RULES if not any(on_all(rule, draw_corpus(seed)) for seed in SEEDS)}
    assert silent == set()


def test_labels_are_those_of_all_folders() -> None:
    """A term with other content under three entries of a note is a label, in all folders."""
    nested = {"a/a.md": "".join(f"- 語{name}:\n  - 現場: {name}だけの話。\n" for name in "abc")}
    twice = "- 語:\n  - 現場: 東の建物の三階で、朝に開く。\n  - 現場: 西の建物の地下で、夜に開く。\n"
    rule = registry.load_rule("term-repeated")
    assert len(by_folder(rule, make_corpus({"d/a.md": twice}))) == 1
    assert by_folder(rule, make_corpus({**nested, "d/a.md": twice})) == []


def test_a_part_knows_nothing_beside_its_notes() -> None:
    notes = Corpus(draw_corpus(1).notes, "file", files=object(), web=(("x", object()),))  # type: ignore[arg-type]
    assert {part.files for part in notes.parts} == {None}
    assert {part.web for part in notes.parts} == {()}
    assert sorted((one for part in notes.parts for one in part.notes), key=lambda one: one.path) == list(notes.notes)
