"""Every fix and every merge: no link dies, nothing is lost, the finding is gone, and a second run finds nothing."""

import os
from collections import Counter
from pathlib import Path

import pytest

from techstock.model import Corpus
from tests.corpora.collections import find_collections
from tests.harm.figures import Figures, format_figures, judge_collection, judge_every_fix, judge_generated
from tests.harm.generation import make_linked_corpus, make_linked_notes
from tests.harm.judge import judge_fixing
from tests.support import list_fixable_rules, run_every_rule, scale_examples

pytestmark = pytest.mark.no_cover  # what these repeat, others show once

GENERATED, CHUNK = 2000, 50
SEEDS = range(scale_examples(6))


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_fixing_linked_notes_does_no_harm(unsafe: bool) -> None:
    assert {seed: judge_fixing(make_linked_notes(seed), unsafe=unsafe) for seed in SEEDS} == {
        seed: [] for seed in SEEDS
    }


def test_each_fix_alone_does_no_harm() -> None:
    figures = sum(map(judge_every_fix, map(make_notes, SEEDS[: scale_examples(4)])), Figures(Counter(), Counter()))
    assert figures.harm == ()
    assert len({rule for rule, _ in figures.fixes}) > 7
    assert any(row.startswith("| marker-space | ") for row in format_figures("title", figures))


def test_every_rule_with_a_fix_is_judged() -> None:
    found = {one.rule for seed in range(8) for one in run_every_rule(make_notes(seed)) if one.problem.fix}
    assert found == list_fixable_rules() - {"image-moved"}  # that asks the network


def make_notes(seed: int) -> Corpus:
    return make_linked_corpus(make_linked_notes(seed))


@pytest.mark.harm
@pytest.mark.parametrize("start", range(0, GENERATED, CHUNK))
def test_all_generated_notes(start: int) -> None:
    assert judge_generated(range(start, start + CHUNK)).harm == ()


COLLECTIONS = find_collections(Path(os.environ.get("TECHSTOCK_COLLECTIONS", "") or "/none"))


@pytest.mark.harm
@pytest.mark.parametrize("name", COLLECTIONS)
def test_all_real_notes(name: str) -> None:
    assert judge_collection(COLLECTIONS[name]).harm == ()
