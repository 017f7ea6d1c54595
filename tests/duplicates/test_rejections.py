"""What speaks against a pair agrees with what makes one."""

from itertools import combinations
from pathlib import Path

import pytest

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import collect_compared_entries
from techstock.duplicates.pair_rejections import find_rejection_reasons
from techstock.duplicates.pair_rules import find_pairs
from techstock.model import Corpus
from techstock.parse import parse
from tests.support import get_collections, make_corpus

SENTENCE = "新しい要求を受けずに終える状態。"
OVER = "持ち場を離れてよそへ移ること。"


def judge_pair(text: str, first: str, second: str) -> tuple[bool, list[str]]:
    """Return whether the entries that begin with these words are a pair, and what speaks against it."""
    notes = make_corpus({"a.md": text})
    views = ComparisonContext(notes, collect_compared_entries(notes), "directory")
    one, other = (
        next(i for i, unit in enumerate(views.units) if i != before and unit.text.startswith(start))
        for before, start in _each(views, first, second)
    )
    found = {(pair.first, pair.second) for pair in find_pairs(views)}
    return (min(one, other), max(one, other)) in found, find_rejection_reasons(
        views, views.units[one], views.units[other]
    )


def _each(views: ComparisonContext, first: str, second: str) -> list[tuple[int, str]]:
    one = next(i for i, unit in enumerate(views.units) if unit.text.startswith(first))
    return [(-1, first), (one, second)]


WEIGHTS = "the same text, but it weighs 6, and it takes 12"
CASES = {
    "too short": ("- 甲\n  - 六つの文字だ\n- 乙\n  - 何か\n\n## 節\n\n- 六つの文字だ\n", "六つ", "六つ", WEIGHTS),
    "short English": (
        "- It stops at once, then waits.\n\n## x\n\n- It stops at once, then waits.\n", "It", "It",
        "the same text, but English of less than 8 words repeats by chance",
    ),
    "cousins with one text": (
        "- 東:\n  - 新しい要求を受けずに終える\n- 西:\n  - 新しい要求を受けずに終える\n", "新しい", "新しい",
        "the same text in two entries of one list, where it would have to weigh 30, not 13",
    ),
    "neighbours with one property": (
        f"- 東:\n  - 役割: {SENTENCE * 3}\n- 西:\n  - 役割: {SENTENCE * 3}\n", "役割", "役割",
        "the same term below two neighbours of one list, which both have this property",
    ),
    "a definition that says little": (
        "- 東: 朝のうちに\n\n## x\n\n- 東: 朝のうちは\n", "東: 朝のうちに", "東: 朝のうちは",
        "the same term, but what it says of it weighs less than 10",
    ),
    "two numbers": (
        "- 期間: 30 日ほどのあいだ残しておく\n\n## x\n\n- 期間: 90 日ほどのあいだ残しておく\n", "期間: 3", "期間: 9",
        "the same term, but each tells a number that the other does not",
    ),
    "a label with one text": (
        "- 例: 新しい要求を受けずに終える\n\n## x\n\n- 例: 新しい要求を受けずに終える\n", "例", "例",
        "the same text under a label, where it would have to weigh 20, not 14; "
        "the same term, but it is a label, which stands under every subject",
    ),
    "siblings with one sentence": (
        f"- 東: {SENTENCE}朝。\n- 西: {SENTENCE}夜。\n", "東", "西",
        "a sentence in common, but entries of one list tell things apart",
    ),
    "a label with one sentence": (
        f"- 例: {SENTENCE}朝。\n\n## x\n\n- 西: {SENTENCE}夜。\n", "例", "西",
        "a sentence in common, but one of them is a label",
    ),
    "cousins with one sentence": (
        f"- 東\n  - {SENTENCE}朝。\n- 西\n  - {SENTENCE}夜。\n", f"{SENTENCE}朝", f"{SENTENCE}夜",
        "a sentence in common in two entries of one list, where it would have to weigh 30, not 15",
    ),
    "two terms with one sentence": (
        f"- 東: {SENTENCE}朝。\n\n## x\n\n- 西: {SENTENCE}夜。\n", "東", "西",
        "a sentence in common under two terms, where it would have to weigh 30, not 15",
    ),
    "a short sentence": (
        f"- {OVER}朝。\n\n## x\n\n- {OVER}夜。\n", f"{OVER}朝", f"{OVER}夜",
        "a sentence in common, but it weighs 14, and it takes 16",
    ),
    "a label": (
        "- 例: 朝のうち\n\n## x\n\n- 例: 夜のうち\n", "例: 朝", "例: 夜",
        "the same term, but it is a label, which stands under every subject",
    ),
    "cousins with one term": (
        "- 甲\n  - 東: 朝のうち\n- 乙\n  - 東: 夜のうち\n", "東: 朝", "東: 夜",
        "the same term, but in two entries of one list",
    ),
    "two parents": (
        "- 甲\n  - 東: 朝のうち\n\n## x\n\n- 乙\n  - 東: 夜のうち\n", "東: 朝", "東: 夜",
        "the same term, but nested below different ones",
    ),
    "one class": (
        "- EBS (ストレージ): 台に付けて使うもので、台が止まっても残る。\n\n## x\n\n"
        "- EFS (ストレージ): 台に付けて使うもので、台が止まっても残る。いくつもの台に付く。\n", "EBS", "EFS",
        "a sentence in common under two terms, where it would have to weigh 30, not 19; "
        "a parenthesis in common, but the terms differ",
    ),
    "one inside the other": ("- 東: 朝のうち\n  - 東: 夜のうち\n", "東: 朝", "東: 夜", "one stands inside the other"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_against(case: str) -> None:
    text, first, second, clause = CASES[case]
    assert judge_pair(text, first, second) == (False, clause.split("; "))


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("待避: 新しい要求を受けずに終える", "the same text"),
        ("新しい要求を受けずに終えるようにする。{}番目", "a sentence in common"),
        ("待避: {}番目の新しい要求を受けず、いまの仕事を終えてから止まる", "the same term"),
    ],
)
def test_what_stands_everywhere(entry: str, what: str) -> None:
    notes = make_corpus({"a.md": "".join(f"## 節\n\n- {entry.format(n)}\n\n" for n in range(41))})
    views = ComparisonContext(notes, collect_compared_entries(notes), "directory")
    found = {(pair.first, pair.second) for pair in find_pairs(views)}
    assert (0, 1) in found
    assert (0, 2) not in found
    clause = f"{what}, but in so many entries that only neighbours are compared"
    assert clause in find_rejection_reasons(views, views.units[0], views.units[2])


def test_nothing_in_common() -> None:
    assert judge_pair("- 東: 朝のうち\n- 西: 夜のうち\n", "東", "西") == (False, [])


def test_translations() -> None:
    notes = make_corpus({"a.en.md": f"- 東: {SENTENCE}\n", "a.ja.md": f"- 東: {SENTENCE}\n"})
    views = ComparisonContext(notes, collect_compared_entries(notes), "directory")
    assert find_pairs(views) == []
    assert find_rejection_reasons(views, *views.units) == ["by its name, one note is the other in another language"]


def test_real_notes_agree() -> None:
    """Entries that share a text, a long sentence or a term are a pair, or something speaks against it."""
    folder = get_collections() / "corpus" / "aws-notes" / "DOP"
    notes = _notes(folder)
    views = ComparisonContext(notes, collect_compared_entries(notes), "corpus")
    found = {(pair.first, pair.second) for pair in find_pairs(views)}
    named: dict[tuple[str, str], list[int]] = {}
    for index, unit in enumerate(views.units):
        text = unit.own if unit.body else f"{unit.own}:{unit.items}"
        for handle in {("term", unit.key), ("text", text), *(("sentence", one) for one in unit.sentences)}:
            if handle[1]:
                named.setdefault(handle, []).append(index)
    both = {pair for group in named.values() if len(group) <= 12 for pair in combinations(group, 2)}
    assert len(both) > 500
    silent = [(a, b) for a, b in both - found if not find_rejection_reasons(views, views.units[a], views.units[b])]
    assert silent == []


def _notes(folder: Path) -> Corpus:
    return Corpus(tuple(parse(file.name, file.read_text("utf-8")) for file in sorted(folder.rglob("*.md"))))
