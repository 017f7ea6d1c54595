"""Where entries stand to each other."""

import pytest

from techstock.duplicates.candidates import get_translation_keys, group_translations, make_scope_key
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry, collect_compared_entries
from techstock.model import Corpus
from tests.duplicates.support import make_views
from tests.support import make_corpus


def by_text(views: ComparisonContext) -> dict[str, ComparedEntry]:
    return {unit.text: unit for unit in views.units}


@pytest.mark.parametrize(
    ("scope", "groups"),
    [("file", [0, 1, 2, 3]), ("directory", ["", "x", "x", "x/y"]), ("corpus", ["", "", "", ""])],
)
def test_which_notes_are_compared(scope: str, groups: list[object]) -> None:
    paths = ["a.md", "x/a.md", "x/b.md", "x/y/a.md"]
    assert [make_scope_key(path, number, scope) for number, path in enumerate(paths)] == groups
    notes = make_corpus(dict.fromkeys(paths, "- 語: 意味\n"))
    views = ComparisonContext(notes, collect_compared_entries(notes), scope)
    assert [views.get_scope_key(unit) for unit in views.units] == groups


def test_which_notes_are_one_work() -> None:
    paths = ["a.en.md", "a.md", "a_b.md", "a-b.ja.md", "A_b_zh-CN.md", "a.b.md", "a.be.md", "c", "x/a.md"]
    notes = make_corpus(dict.fromkeys(paths, ""))
    assert get_translation_keys(notes) is get_translation_keys(notes)
    by_work: dict[str, list[str]] = {}
    for note, work in zip(notes.notes, get_translation_keys(notes), strict=True):
        by_work.setdefault(work, []).append(note.path)
    assert sorted(by_work.values()) == [
        ["A_b_zh-CN.md", "a-b.ja.md", "a_b.md"], ["a.b.md"], ["a.be.md"], ["a.en.md", "a.md"], ["c"], ["x/a.md"],
    ]  # fmt: skip
    assert get_translation_keys(Corpus(notes.notes)) == ["a-b", "a-b", "a.b", "a.be", "a", "a", "a-b", "c", "x/a"]


def test_works_in_several_notes() -> None:
    assert group_translations(["a", "b", "a", "c", "b", "a"]) == [[0, 2, 5], [1, 4]]
    assert group_translations(["a", "b"]) == []


def test_what_a_translation_repeats() -> None:
    notes = make_corpus({"a.md": "- 同じ\n- 違う\n", "a.en.md": "- 同じ\n- other\n", "b.md": "- 同じ\n- 同じ\n"})
    views = ComparisonContext(notes, collect_compared_entries(notes), "corpus")
    repeated = [
        (views.corpus.notes[u.note].path, u.text) for i, u in enumerate(views.units) if views.is_untranslated_copy(i)
    ]
    assert repeated == [("a.md", "同じ")]


@pytest.mark.parametrize("under", ["- 親{}:\n  - 種別: 値{}\n", "## 見出し{}\n\n- 種別: 値{}\n\n"])
@pytest.mark.parametrize(("count", "expected"), [(2, False), (3, True)])
def test_a_term_below_three_others_of_a_note_is_a_label(under: str, count: int, expected: bool) -> None:
    views = make_views("".join(under.format(number, number) for number in range(count)))
    assert {views.is_label(unit) for unit in views.units if unit.name == "種別"} == {expected}


def test_a_term_that_often_stands_under_one_other_is_none() -> None:
    views = make_views(*["- 親:\n  - 種別: 値\n"] * 5)
    assert not any(views.is_label(unit) for unit in views.units)


def test_what_is_a_label_below_is_none_at_the_top() -> None:
    views = make_views("".join(f"- 親{n}:\n  - 種別: 値{n}\n" for n in range(4)) + "\n## 節\n\n- 種別: 上\n")
    assert [views.is_label(unit) for unit in views.units if unit.name == "種別"] == [True] * 4 + [False]


def test_what_is_one_term() -> None:
    views = make_views(
        "- 東: 上\n\n## 節\n\n- 甲:\n  - 東: 甲の下\n- 乙:\n  - 東: 乙の下\n\n## 別\n\n- 甲:\n  - 東: また甲の下\n",
        "- 例:\n  - 東: 例の下\n\n## 節\n\n- 例:\n  - 東: また例の下\n- 東 (二): 括弧\n",
    )
    unit = by_text(views)

    def one(a: str, b: str) -> bool:
        return views.has_same_term(unit[f"東: {a}"], unit[f"東: {b}"])

    assert one("上", "甲の下")
    assert one("甲の下", "また甲の下")
    assert not one("甲の下", "乙の下")
    assert not one("例の下", "また例の下")
    assert not views.has_same_term(unit["東: 上"], unit["東 (二): 括弧"])


def test_a_parenthesis_behind_several_terms_names_their_class() -> None:
    texts = ["- EBS (ストレージ): 甲\n", "- ストレージ: 乙\n", "- EFS (ストレージ): 丙\n"]
    for several in (False, True):
        views = make_views(*texts[: 2 + several])
        ebs, storage, *rest = views.units
        assert views.is_same_term(ebs, storage) is not several
        assert views.has_same_term(storage, ebs) is not several
        assert not any(views.is_same_term(ebs, other) for other in rest)
    views = make_views(
        "- RTO (Recovery Time Objective): 甲\n- Recovery Time Objective: 乙\n- RO (Recovery Time Objective): 丙\n"
    )
    assert views.is_same_term(*views.units[:2])
    assert views.is_same_term(*views.units[1:])


def test_family() -> None:
    text = "- 甲:\n  - 一\n  - 二\n\n  段落\n\n  - 三\n- 乙:\n  - 四\n\n## 節\n\n- 五\n"
    views = make_views(text, text)
    first = {unit.text: unit for unit in views.units if unit.note == 0}
    other = {unit.text: unit for unit in views.units if unit.note == 1}

    def pairs(of: str) -> set[tuple[str, str]]:
        law = getattr(views, of)
        return {(a, b) for a in first for b in first if a < b and law(first[a], first[b])}

    assert pairs("is_sibling") == {("一", "二"), ("一", "三"), ("三", "二"), ("乙:", "甲:")}
    assert pairs("is_cousin") == {("一", "四"), ("二", "四"), ("三", "四")}
    assert pairs("is_nested") == {("一", "甲:"), ("二", "甲:"), ("三", "甲:"), ("乙:", "四")}
    for of in ("is_sibling", "is_cousin", "is_nested"):
        assert not any(getattr(views, of)(a, b) for a in first.values() for b in other.values())


def test_a_property_of_neighbours() -> None:
    views = make_views("".join(f"- 親{n}:\n  - 役割: {n}\n  - 値{n}: x\n" for n in range(3)))
    unit = by_text(views)
    assert views.is_shared_property(unit["役割: 0"], unit["役割: 1"])
    assert views.is_shared_property(unit["役割: 2"], unit["役割: 1"])
    assert not views.is_shared_property(unit["役割: 0"], unit["役割: 2"])
    assert not views.is_shared_property(unit["役割: 0"], unit["値1: x"])
