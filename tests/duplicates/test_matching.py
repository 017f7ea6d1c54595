"""Every reason for which two entries are no copies, as a person meets it."""

import pytest

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import collect_compared_entries
from techstock.duplicates.matching import REASONS, DuplicatePair, Rejection, judge_pair
from techstock.duplicates.pair_search import find_pairs
from techstock.model import Corpus
from tests.support import get_collections, make_corpus

SENTENCE = "新しい要求を受けずに終える状態。"
OVER = "持ち場を離れてよそへ移ること。"
LONG = "新しい要求を受けず、いまの仕事を終えてから止まり、あくる朝にはじめの台から順に動かしていくこと。"
AUTHOR = "---\nauthor: {}\n---\n\n"
OUTLINE = "".join(f"## 第{c}の話題\n\n{c}について述べる。\n\n" for c in "甲乙丙丁戊")


def viewed(files: dict[str, str]) -> ComparisonContext:
    notes = make_corpus(files)
    views = ComparisonContext(notes, collect_compared_entries(notes), "corpus")
    find_pairs(views)
    return views


def judged(files: dict[str, str] | str, first: str, second: str) -> DuplicatePair | Rejection:
    """Return the judgment on the first entry that begins with `first`, and the next one with `second`."""
    views = viewed({"a.md": files} if isinstance(files, str) else files)
    one = next(i for i, unit in enumerate(views.units) if unit.text.startswith(first))
    other = next(i for i, unit in enumerate(views.units) if i != one and unit.text.startswith(second))
    return judge_pair(views, min(one, other), max(one, other))


CASES: dict[str, tuple[dict[str, str] | str, str, str]] = {
    "translation": ({"a.en.md": f"- 東: {SENTENCE}\n", "a.ja.md": f"- 東: {SENTENCE}\n"}, "東", "東"),
    "nested": (f"- 東: 朝のうち\n  - 東: {SENTENCE}\n", "東: 朝", "東: 新"),
    "authors": ({f"{n}.md": AUTHOR.format(n) + f"- 東: {LONG}\n" for n in "abc"}, "東", "東"),
    "editions": ({"a.md": f"{OUTLINE}- 東: 朝のうちに出る\n", "b.md": f"{OUTLINE}- 東: 三回まわる舟\n"}, "東", "東"),
    "kind": (f"1. {LONG}\n2. 乙\n\n## x\n\n1. {LONG}\n2. 丙\n", "新しい", "新しい"),
    "nothing": ("- 東: 朝のうち\n- 西: 夜のうち\n", "東", "西"),
    "empty": ("- 東:\n\n## 1.\n\n- 東:\n", "東", "東"),
    "short": ("- It stops at once, then waits.\n\n## x\n\n- It stops at once, then waits.\n", "It", "It"),
    "property": (f"- 東:\n  - 役割: {LONG}\n- 西:\n  - 役割: {LONG}\n", "役割", "役割"),
    "light": ("## 1.\n\n- 六つの文字だ\n\n## 2.\n\n- 六つの文字だ\n", "六つ", "六つ"),
    "sentence-siblings": (f"- 東: {LONG}朝。\n- 西: {LONG}夜。\n", "東", "西"),
    "sentence-light": (
        f"## 1.\n\n- 東: {SENTENCE}の状態だ。朝。\n\n## 2.\n\n- 西: {SENTENCE}の状態だ。夜。\n", "東", "西"
    ),
    "label": ("- 例: 朝のうちに出る\n\n## x\n\n- 例: 夜のうちに出る\n", "例: 朝", "例: 夜"),
    "cousins": ("- 甲:\n  - 東: 朝のうちに出る\n- 甲:\n  - 東: 夜までに入る\n", "東", "東"),
    "parents": ("- 甲\n  - 東: 朝のうちに出る\n\n## 1.\n\n- 乙\n  - 東: 朝のうちに入る\n", "東", "東"),
    "related": (
        "- 港の専用倉: 朝のうちに舟を出して荷を運ぶところ\n\n## 1.\n\n- 専用倉: 夜までに鍵を返して戸を閉める小屋\n",
        "港の", "専用倉"
    ),
    "subjects": (
        "# 題\n\n## 朝の港\n\n- 東: 持ち場を離れてよそへ移り、舟を岸に着けておくこと\n\n"
        "## 夜の港\n\n- 東: 持ち場を離れてよそへ移り、灯台に火を入れて待つ\n", "東", "東"
    ),
    "little": ("## 1.\n\n- 東: 朝のうちに\n\n## 2.\n\n- 東: 朝のうちは\n", "東: 朝のうちに", "東: 朝のうちは"),
    "values": (
        "## 1.\n\n- 期間: 30 日ほどのあいだ残しておく\n\n## 2.\n\n- 期間: 90 日ほどのあいだ残しておく\n",
        "期間: 3",
        "期間: 9",
    ),
    "undefined": (f"## 1.\n\n- 東: {SENTENCE}\n\n## 2.\n\n- 東:\n", "東", "東"),
    "repeated-often": (f"- 東: {SENTENCE}\n- 西: 夜\n- 東: {OVER}\n- 北: 朝\n- 東: 夜のうち\n", "東", "東"),
    "repeated-apart": (f"- 東: {SENTENCE}\n- 西: 夜\nつまり:\n- 東: {OVER}\n", "東", "東"),
    "repeated-beside": ("- 東: 朝\n- 東: 夜のうち\n", "東", "東"),
    "projects": ({"a/README.md": f"{LONG}\n", "b/README.md": f"{LONG}\n"}, "新しい", "新しい"),
    "cram": ({"a.md": f"- 東: {LONG}\n", "cheat-sheet.md": f"- 東: {LONG}\n"}, "東", "東"),
    "paragraphs": (f"{LONG}\n\n---\n\n{LONG}\n", "新しい", "新しい"),
    "notes": (
        {"朝の東.md": "# 東\n\n持ち場を離れて舟に乗ること\n", "夜の東.md": "# 東\n\n持ち場を離れて舟を待つこと\n"},
        "東", "東"
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", CASES)
def test_reason(reason: str) -> None:
    files, first, second = CASES[reason]
    found = judged(files, first, second)
    assert isinstance(found, Rejection)
    assert found.reason == reason
    assert str(found)
    assert "{" not in str(found)


def test_every_reason_is_met() -> None:
    others = {"scope", "untranslated", "template", "often", "unlike", "near-light"}
    assert {reason for reason in REASONS if not reason.startswith("near-")} - others == set(CASES) - {"near-light"}


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        (f"- 東:\n  - {SENTENCE}\n- 西:\n  - {SENTENCE}\n", 30),
        (f"# 題\n\n## 朝の港\n\n- {SENTENCE}\n\n## 夜の港\n\n- {SENTENCE}\n", 60),
        (f"- 例: {SENTENCE}\n\n## 1.\n\n- 例: {SENTENCE}\n", 30),
        ("## 1.\n\n- 新しい状態。\n\n## 2.\n\n- 新しい状態。\n", 16),
        ("## 1.\n\n- 東: 新しい状態。\n\n## 2.\n\n- 東: 新しい状態。\n", 10),
    ],
)
def test_how_much_one_text_must_say(text: str, needed: float) -> None:
    start = "例" if "例" in text else "東: 新" if "東: " in text else "新しい"
    found = judged(text, start, start)
    assert isinstance(found, Rejection)
    assert (found.reason, found.needed) == ("light", needed)


def test_one_text_of_another_work_is_a_pair() -> None:
    assert isinstance(judged({"a.md": f"- 東: {LONG}\n", "b.md": f"- 東: {LONG}\n"}, "東", "東"), DuplicatePair)
    for authors in ("xxx", "xyx"):  # who writes alone, or with another, may merge
        same = {f"{n}.md": AUTHOR.format(author) + f"- 東: {LONG}\n" for n, author in enumerate(authors)}
        assert isinstance(judged(same, "東", "東"), DuplicatePair)


def test_what_is_found_is_what_is_judged() -> None:
    """A pair is found where it is judged to be one, but for those of which only neighbors are compared."""
    folder = get_collections() / "corpus" / "aws-notes" / "DOP"
    notes = Corpus(
        tuple(make_corpus({file.name: file.read_text("utf-8")}).notes[0] for file in sorted(folder.glob("*.md")))
    )
    views = ComparisonContext(notes, collect_compared_entries(notes), "corpus")
    found = find_pairs(views)
    assert len(found) > 5
    for pair in found:
        assert judge_pair(views, pair.first, pair.second) == pair


def test_an_entry_that_leads_in_begins_another_list() -> None:
    for lead, reason in (("つまり:", "repeated-apart"), ("つまり", "")):
        found = judged(f"- 東: {SENTENCE}\n- 西: 夜\n- {lead}\n- 東: {OVER}\n", "東", "東")
        assert (found.reason if isinstance(found, Rejection) else "") == reason
