"""Merges of single parts of a group: every other part is still reported, with its own fingerprint."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techstock.duplicates.clusters import DuplicateCluster, find_clusters
from techstock.duplicates.copied_runs import find_replaced_copies
from techstock.engine import diagnose
from techstock.engine.diagnostic_groups import list_all_parts
from techstock.merge import MergeError
from techstock.merge.candidates import MERGEABLE_RULES, find_merge_candidates
from techstock.merge.plan import MergePlan, plan_merge
from techstock.merge.verification import apply_plan
from techstock.model import Corpus, Diagnostic
from tests.duplicates.test_passages import WORDS
from tests.merge.support import is_changed, make_whole_corpus
from tests.support import make_corpus, plan_rules, scale_examples

RULES = tuple(MERGEABLE_RULES)[:3]
PLANS = plan_rules(RULES)
SHORT = [f"{text.split('、')[0]}" for text in WORDS.values()]


OWN = {
    title: "".join(
        f"- {title}の{word}の{other}: {word}{title}{other * 3}{word * 2}{other}\n"
        for word in some
        for other in "甲乙丙丁戊己庚"
    )
    for title, some in (("朝", "東南山"), ("夜", "西北海"), ("南", "川谷野"))
}  # so that no note is a copy of another


def list_clusters(corpus: Corpus) -> list[tuple[str, DuplicateCluster]]:
    return [(rule, one) for rule in RULES for one in find_clusters(corpus, MERGEABLE_RULES[rule]) if not one.ignored]


def plan(corpus: Corpus, rule: str, cluster: DuplicateCluster) -> MergePlan:
    kept = cluster.kept
    return plan_merge(corpus, next(find_merge_candidates(corpus, corpus.notes[kept.note], kept.entry, [rule])))


def list_lost(corpus: Corpus, made: MergePlan) -> list[Diagnostic]:
    """Return the parts elsewhere that are not reported any more after a merge, or not with their fingerprint."""
    left = {(one.rule, one.fingerprint) for one in list_all_parts(diagnose(apply_plan(corpus, made), PLANS))}
    before = list_all_parts(diagnose(corpus, PLANS))
    return [one for one in before if (one.rule, one.fingerprint) not in left and not is_changed(corpus, one, made)]


@st.composite
def passages(draw: st.DrawFn) -> Mapping[str, str]:
    """Two notes, or two sections of one, with a run of short entries in both; some have terms, some nested entries."""
    numbers = draw(st.lists(st.integers(0, len(SHORT) - 1), min_size=5, max_size=8, unique=True))
    terms = list(WORDS)
    lines = []
    for number in numbers:
        form = draw(st.integers(0, 3))
        text = f"{SHORT[number]}である" + ("、朝も夜も変わらない" if form > 1 else "")
        lines.append(f"- {terms[number]}: {text}\n" if form != 1 else f"- {text}\n")
        lines += (f"  - {terms[number]}は{SHORT[number - one]}とも言う\n" for one in range(draw(st.integers(0, 2))))
    copied = "".join(lines)
    one, other = (
        f"# {title}\n\n## {title}の章\n\n{copied}\n## {title}の後\n\n{own}" for title, own in list(OWN.items())[:2]
    )
    if draw(st.booleans()):
        return {"a.md": one, "b.md": other}
    return {"a.md": f"{one}\n{other}" if draw(st.booleans()) else f"# 朝\n\n{copied}{OWN['朝']}{copied}"}


@given(passages())
@settings(max_examples=scale_examples(20))
def test_every_other_part_outlives_a_merge(files: Mapping[str, str]) -> None:
    corpus = make_whole_corpus(files)
    for rule, cluster in list_clusters(corpus):
        try:
            made = plan(corpus, rule, cluster)
        except MergeError:
            continue
        assert list_lost(corpus, made) == []


def write(lines: list[str], title: str) -> str:
    return f"# {title}\n\n## {title}の章\n\n" + "".join(f"{line}\n" for line in lines) + f"\n## 後\n\n{OWN[title]}"


def report(first: list[str], second: list[str]) -> set[str]:
    corpus = make_corpus({"a.md": write(first, "朝"), "b.md": write(second, "夜")})
    return {part.fingerprint for part in list_all_parts(diagnose(corpus, PLANS))}


LINES = [f"- {text}である、朝も夜も" for text in SHORT[:6]]


def replace_lines(link: str, *numbers: int) -> list[str]:
    return [link if number in numbers else line for number, line in enumerate(LINES)]


@pytest.mark.parametrize("link", ["- → [朝の章](a.md#朝の章)", "- 舟: → [朝](a.md#朝の章)", "- ⇒ [a](a.md)"])
@pytest.mark.parametrize("numbers", [(0,), (2,), (5,), (0, 1, 2), (1, 2, 3, 4)])
def test_a_link_counts_as_what_it_leads_to(link: str, numbers: tuple[int, ...]) -> None:
    every = report(LINES, LINES)
    assert len(every) == 6
    left = report(LINES, replace_lines(link, *numbers))
    assert left < every
    assert len(left) == 6 - len(numbers)


@pytest.mark.parametrize(
    "link", ["- 舟を見る", "- [朝の章](a.md#朝の章)", "- → [朝](c.md#朝の章)", "- → [x](a.md#無い)"]
)
def test_any_other_line_does_not(link: str) -> None:
    assert report(LINES[:3], replace_lines(link, 0)[:3]) == set()


def test_links_are_found_in_entries_behind_an_arrow() -> None:
    corpus = make_corpus(
        {
            "a.md": "# 一\n\n- 舟: 浮く\n- 櫂: 漕ぐ\n\n## 二\n\n- 帆: 張る\n",
            "b.md": "→ [一](a.md#一)\n\n- 櫂: → [一](a.md#一)\n- 綱 ⇒ [a](a.md)\n- [二](a.md#二) を見る\n",
        }
    )
    found = find_replaced_copies(corpus, corpus.notes[1], {"a.md": 0, "b.md": 1})
    assert [(copy.entry, copy.note, list(copy.targets)) for copy in found] == [(0, 0, [1]), (1, 0, [0, 1, 2])]


def test_two_links_to_one_entry_are_a_pair() -> None:
    first, second = (write(replace_lines("- → [南](c.md#南の章)", 0, 3), title) for title in ("朝", "夜"))
    corpus = make_corpus({"a.md": first, "b.md": second, "c.md": write(LINES, "南")})
    assert len(list_clusters(corpus)) == 4
    assert all(len(cluster.members) == 3 for _, cluster in list_clusters(corpus))
    files = {
        "a.md": first,
        "b.md": second,
        "c.md": "## 南の章\n\n" + "".join(f"- {word * 40}\n" for word in "甲乙丙丁"),
    }
    assert len(list_clusters(make_corpus(files))) == 4
