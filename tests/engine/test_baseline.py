"""What a baseline knows, and what is new all the same."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techstock import registry
from techstock.engine import diagnose
from techstock.engine.baseline import (
    BaselineComparison,
    BaselineEntry,
    BaselineError,
    compare_with_baseline,
    format_baseline,
    make_baseline_entries,
    parse_baseline,
    prune_baseline,
)
from tests.support import make_corpus, plan_rules, scale_examples

# Without term-conflict: which copy of a thing stands for it there is told by the reading order of the notes.
PLANS = plan_rules(name for name in registry.list_rule_names() if name != "term-conflict")
RAN = frozenset(registry.list_rule_names())
TEXT = "新しい要求を受けず、いまの仕事を終えてから止まること。"
OTHER = "止まった仕事を、控えの台でもう一度はじめから動かすこと。"
COPY = f"- 待避: {TEXT}\n"


def make_baseline(files: Mapping[str, str]) -> list[BaselineEntry]:
    notes = make_corpus(files)
    return parse_baseline("".join(format_baseline(make_baseline_entries(diagnose(notes, PLANS), notes))))


def against(baseline: list[BaselineEntry], files: Mapping[str, str]) -> BaselineComparison:
    notes = make_corpus(files)
    return compare_with_baseline(baseline, diagnose(notes, PLANS), RAN)


def new(baseline: list[BaselineEntry], files: Mapping[str, str]) -> list[str]:
    return [one.rule for one in against(baseline, files).new]


def test_a_third_copy_is_new_and_the_old_pair_is_not_gone() -> None:
    before = {"a.md": COPY, "b.md": COPY}
    found = against(make_baseline(before), {**before, "c.md": COPY})
    assert [one.rule for one in found.new] == ["duplicate-definition"]
    assert len(found.new[0].problem.related) == 2
    assert found.gone == {}


def test_a_second_use_is_new() -> None:
    before = {"a.md": "- 待避:\n"}
    assert new(make_baseline(before), {**before, "b.md": "- 待避:\n"}) == ["definition-missing"]
    [one] = against(make_baseline(before), {"a.md": "- 待避:\n", "0.md": "- 待避:\n"}).new
    assert one.problem.place.path == "0.md"  # the one at the path of the baseline is the known one


def test_a_mended_copy_leaves_the_others_known() -> None:
    files = {f"{name}.md": f"- 待避: {TEXT}{more}\n" for name, more in zip("abc", ("", OTHER, "別の話。"), strict=True)}
    baseline = make_baseline(files)
    for name in files:
        left = {path: text for path, text in files.items() if path != name}
        assert new(baseline, left) == []


def test_another_duplicate_cannot_take_the_place_of_a_mended_one() -> None:
    before = {"a/1.md": COPY, "a/2.md": COPY, "b/1.md": COPY, "b/2.md": COPY}
    baseline = make_baseline(before)
    assert [entry.count for entry in baseline if entry.rule == "duplicate-definition"] == [1, 1]
    after = {"a/1.md": COPY, "a/2.md": COPY, "a/3.md": COPY}
    assert new(baseline, after) == ["duplicate-definition"]


def test_what_is_gone_can_be_pruned_and_nothing_is_added() -> None:
    before = {"a.md": "- 待避:\n- 復旧:\n", "b.md": "- 待避:\n"}
    baseline = make_baseline(before)
    found = against(baseline, {"a.md": f"- 待避:\n- 復旧: {TEXT}\n"})
    left = prune_baseline(baseline, found.gone)
    assert [(entry.count, entry.excerpt) for entry in left] == [(1, "- 待避:")]
    assert against(left, {"a.md": "- 待避:\n"}).new == []
    assert against(baseline, before).gone == {}


def test_rules_that_did_not_run_are_not_judged() -> None:
    before = {"a.md": "- 待避:\n"}
    assert compare_with_baseline(make_baseline(before), [], frozenset({"section-empty"})).gone == {}
    assert compare_with_baseline(make_baseline(before), [], RAN).gone == {0: 1}


def test_the_text_of_a_baseline() -> None:
    files = {"b c.md": "- 待避:\n", "a\n.md": "-\u3000語\u202e。\n"}
    notes = make_corpus(files)
    text = "".join(format_baseline(make_baseline_entries(diagnose(notes, PLANS), notes)))
    assert "\u202e" not in text
    assert text.startswith("# techstock baseline 1\n# ")
    rows = [line.split(" ", 3) for line in text.split("\n")[2:-1]]
    assert [row[3].partition(":")[0] for row in rows] == ["a\\n.md", "a\\n.md", "b c.md"]
    assert parse_baseline(text.replace("\n", "\r\n")) == parse_baseline(text)
    assert "".join(format_baseline(parse_baseline(text))) == text
    assert against(parse_baseline(text), files).new == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a baseline"),
        ("{}", "is not a baseline"),
        ("# techstock baseline x\n", "is not a baseline"),
        ("# techstock baseline 2\n", "is of version 2, and this techstock reads version 1 only"),
        ("# techstock baseline 1\n<<<<<<< HEAD\n", "is broken: line 2 is not a finding"),
        ("# techstock baseline 1\n\n1 a 0123456789ab\n", "is broken: line 3 is not a finding"),
        ("# techstock baseline 1\n0 a 0123456789ab a.md: x\n", "is broken: line 2"),
        ("# techstock baseline 1\n-1 a 0123456789ab a.md: x\n", "is broken: line 2"),
        ("# techstock baseline 1\n1 a 0123456789ab*99999 a.md: x\n", "is broken: line 2"),
        ("# techstock baseline 1\n" + "1 a 0123456789ab*9999 a.md: x\n" * 200, "is broken: line 102"),
    ],
)
def test_what_is_no_baseline(text: str, message: str) -> None:
    with pytest.raises(BaselineError) as error:
        parse_baseline(text)
    assert str(error.value).startswith(message)


BLOCKS = [
    COPY, f"- 復旧: {OTHER}\n", "- 待避:\n", "-\u3000全角\n", "## 見出し\n", "**強調。**続き\n", "####\n",
    "- 甲:乙\n- 丙 : 丁\n", "- Dynamo DB: 表。DynamoDB。\n", "- 用語: 一。\n- 用語: 二。\n",
    f"- 入れ替え:\n  - {TEXT}\n  - {OTHER}\n", f"- 待避の話: {TEXT}{OTHER}\n",
    "<!-- techstock: ignore section-empty -->\n段落\n",
]  # fmt: skip
projects = st.lists(st.lists(st.sampled_from(BLOCKS), max_size=5), min_size=1, max_size=5)


@settings(max_examples=scale_examples(50))
@given(projects, st.randoms(use_true_random=False))
def test_moved_lines_moved_files_and_another_order_are_not_new(blocks: list[list[str]], rng: random.Random) -> None:
    files = {f"n/note{number}.md": "\n".join(parts) for number, parts in enumerate(blocks)}
    baseline = make_baseline(files)
    names = [f"elsewhere/{rng.choice('abxyz')}{number}.md" for number in range(len(files))]
    rng.shuffle(names)
    moved = {
        name: "\n" * rng.randrange(4) + text + "\n" * rng.randrange(3)
        for name, text in zip(names, files.values(), strict=True)
    }
    found = against(baseline, moved)
    assert [(one.rule, one.problem.message) for one in found.new] == []
    assert found.gone == {}
