"""What is nearly the same is one finding as other copies are, and is not said where something stronger is."""

import pytest
from msgspec.structs import replace

from techstock.duplicates import NEAR
from techstock.duplicates.clusters import (
    MAX_CLUSTER_NOTES,
    compare_all_entries,
    compare_candidate_entries,
    find_clusters,
)
from tests.duplicates.support import report_duplicates
from tests.support import make_corpus

RULES = ("duplicate-definition", "duplicate-term", "file-copy", "near-duplicate", "term-repeated", "unused-ignore")
FIRST = "夜の集計は表の上で動かし、終わったら結果を倉庫へ送り、台を止めてから朝を待つこと。"
SECOND = FIRST.replace("朝", "次の朝")
THIRD = FIRST.replace("倉庫", "遠い倉庫")
OTHERS = (
    "荷物は軽いものから順に棚へ上げ、重いものは床に置いたままにしておく。",
    "切符を買わずに乗った人は、降りる駅の窓口で二倍の料金を払う。",
    "雨の日は屋根のある通路を回り、晴れた日だけ庭を横切ってよい。",
    "古い帳面は十年のあいだ鍵のかかる部屋に置き、そのあとで焼く。",
    "客が席を立つまで皿を下げず、茶だけは何度でも注ぎ足しておく。",
)


def list_copies(files: dict[str, str]) -> list[tuple[str, list[str]]]:
    """Return the rule of each problem, and the notes that have a copy."""
    return [
        (one.rule, sorted({one.problem.place.path, *(other.place.path for other in one.problem.related)}))
        for one in report_duplicates(files, RULES)
    ]


def test_all_that_is_nearly_the_same_is_one_finding() -> None:
    files = {"a.md": f"- {FIRST}\n", "b.md": f"- {SECOND}\n", "c.md": f"- {THIRD}\n", "d.md": f"- {OTHERS[0]}\n"}
    [one] = report_duplicates(files, RULES)
    assert list_copies(files) == [("near-duplicate", ["a.md", "b.md", "c.md"])]
    assert one.problem.data["kind"] == "near"
    score = one.problem.data["score"]
    assert isinstance(score, float)
    assert 0.6 < score < 1
    assert score == round(score, 3)
    assert report_duplicates(files, ("near-duplicate",)) == [one]


def test_it_is_searched_for_only_when_it_is_asked_for_and_then_once() -> None:
    notes = make_corpus({"a.md": f"- {FIRST}\n", "b.md": f"- {SECOND}\n"})
    assert NEAR not in compare_candidate_entries(notes).findings
    assert find_clusters(notes, "duplicate-definition") == ()
    assert NEAR not in compare_all_entries(notes).findings
    once = find_clusters(notes, NEAR)
    assert len(once) == 1
    assert find_clusters(notes, NEAR) is once
    assert compare_all_entries(notes) is compare_all_entries(notes) is compare_candidate_entries(notes)
    fresh = replace(notes)
    assert compare_candidate_entries(fresh) is compare_candidate_entries(fresh)


@pytest.mark.parametrize(("count", "expected"), [(MAX_CLUSTER_NOTES, 1), (MAX_CLUSTER_NOTES + 1, 0)])
def test_what_stands_in_many_notes_is_a_template(count: int, expected: int) -> None:
    words = ["ある日", "その日", "この日", "晴れた日", "雨の日", "寒い日", "暑い日", "月曜", "ふつう"]
    files = {f"{number}.md": f"- {FIRST.replace('朝', f'{words[number]}の朝')}\n" for number in range(count)}
    assert [rule for rule, _ in list_copies(files)] == ["near-duplicate"] * expected


def test_a_copy_stands_for_all_that_are_copies_of_it() -> None:
    files = {"a.md": f"- {FIRST}\n", "b.md": f"- {FIRST}\n", "c.md": f"- {SECOND}\n"}
    assert list_copies(files) == [("duplicate-definition", ["a.md", "b.md"]), ("near-duplicate", ["a.md", "c.md"])]


def test_what_is_said_of_a_pair_is_not_said_again() -> None:
    """One term in much the same words is more than a text that is nearly the same."""
    files = {"a.md": f"- 夜の集計: {FIRST}\n", "b.md": f"- 夜の集計: {SECOND}\n"}
    assert list_copies(files) == [("duplicate-term", ["a.md", "b.md"])]


def test_inside_of_a_copied_block_nothing_is_reported() -> None:
    block = f"- 入れ替え:\n  - {{}}\n  - {OTHERS[0]}\n  - {OTHERS[1]}\n- {{}}\n"
    files = {"a.md": block.format(FIRST, OTHERS[2]), "b.md": block.format(SECOND, OTHERS[3])}
    [one] = report_duplicates(files, RULES)
    assert one.rule == "duplicate-term"
    assert SECOND in one.problem.place.extract_from(files["b.md"])


def test_inside_of_copied_files_nothing_is_reported() -> None:
    lines = "".join(f"- {line}\n" for line in (*OTHERS, *(line * 2 for line in OTHERS), *(line * 3 for line in OTHERS)))
    files = {"a.md": f"{lines}- {FIRST}\n", "b.md": f"{lines}- {SECOND}\n"}
    assert list_copies(files) == [("file-copy", ["a.md", "b.md"])]
    third = ("near-duplicate", ["a.md", "b.md", "c.md"])
    assert list_copies({**files, "c.md": f"- {THIRD}\n"}) == [("file-copy", ["a.md", "b.md"]), third]


def test_what_tells_two_things_apart_is_not_reported() -> None:
    assert list_copies({f"{n}.md": f"- {FIRST.replace('朝', f'{n} 分')}\n" for n in (30, 90)}) == []


def test_one_pair_can_be_ignored() -> None:
    comment = '<!-- techstock: ignore near-duplicate with="{}.md" -->\n'
    files = {"a.md": f"- {FIRST}\n", "b.md": f"{comment.format('a')}- {SECOND}\n"}
    assert list_copies(files) == []
    assert list_copies({**files, "b.md": f"{comment.format('c')}- {SECOND}\n"}) == [
        ("unused-ignore", ["b.md"]),
        ("near-duplicate", ["a.md", "b.md"]),
    ]


@pytest.mark.parametrize(
    ("texts", "reported"),
    [
        ((FIRST, FIRST + OTHERS[0]), "a.md"),  # the fuller one is kept
        ((FIRST * 2 + OTHERS[1], FIRST * 2 + OTHERS[1] + "終わり。"), "b.md"),  # a little more is no reason
        ((FIRST, FIRST + OTHERS[0] + OTHERS[1], FIRST + OTHERS[2]), "c.md"),
        ((FIRST, FIRST + "\n  - " + OTHERS[0] + "\n  - " + OTHERS[1]), "a.md"),  # what is nested counts
        ((FIRST, FIRST, FIRST), "c.md"),
    ],
)
def test_which_copy_is_kept(texts: tuple[str, ...], reported: str) -> None:
    files = {f"{name}.md": f"- {text}\n" for name, text in zip("abc", texts, strict=False)}
    [one] = report_duplicates(files, ("duplicate-definition",))
    assert one.problem.place.path == reported


def test_a_copy_is_its_own_text_and_not_what_is_nested_in_it() -> None:
    files = {"a.md": f"- {FIRST}\n  - {OTHERS[0]}\n", "b.md": f"- {FIRST}\n  - {OTHERS[1]}\n"}
    [one] = report_duplicates(files, RULES)
    assert one.problem.place.extract_from(files["b.md"]) == FIRST
    assert one.problem.related[0].place.extract_from(files["a.md"]) == FIRST
