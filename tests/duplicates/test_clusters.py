"""Which pairs are reported, by which rule, and how copies become one finding."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock import registry
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Corpus
from techstock.parse import parse
from tests.duplicates.support import report_duplicates
from tests.support import get_collections

RULES = ("duplicate-definition", "duplicate-term", "file-copy", "term-conflict", "term-repeated")
LONG = "新しい要求を受けず、いまの仕事を終えてから止まること。"
OTHER = "止まった仕事を、控えの台でもう一度はじめから動かすこと。"
THIRD = "向き先を新しい組に変えて、古い組はしばらく残しておくこと。"


def list_finding_rules(files: dict[str, str], scope: str = "directory") -> list[str]:
    return [diagnostic.rule for diagnostic in report_duplicates(files, RULES, scope)]


def test_every_copy_is_in_one_finding() -> None:
    [one] = report_duplicates({f"{name}.md": f"- 待避: {LONG}\n" for name in "abc"}, RULES)
    assert one.rule == "duplicate-definition"
    assert one.problem.place.path == "c.md"
    assert [(other.place.path, other.message) for other in one.problem.related] == [
        ("a.md", "the first in reading order"),
        ("b.md", "also here"),
    ]
    assert one.problem.data == {"kind": "exact", "score": 1.0}


def test_reading_order_counts_numbers() -> None:
    [one] = report_duplicates({f"{name}.md": f"- 待避: {LONG}\n" for name in ("101-110", "91-100")}, RULES)
    assert one.problem.place.path == "101-110.md"


def test_the_fuller_copy_is_kept() -> None:
    [one] = report_duplicates({"a.md": f"- 待避: {LONG}\n", "b.md": f"- 待避: {LONG}{OTHER}{THIRD}\n"}, RULES)
    assert one.problem.place.path == "a.md"
    assert one.problem.data["kind"] == "sentence"


def test_a_copied_block_is_one_finding_over_all_its_lines() -> None:
    block = f"- 入れ替え:\n  - {LONG}\n  - {OTHER}\n"
    [one] = report_duplicates({"a.md": block, "b.md": f"# 題\n\n{block}"}, RULES)
    assert one.problem.place.extract_from(f"# 題\n\n{block}") == block.removeprefix("- ").rstrip("\n")
    assert one.problem.related[0].place.extract_from(block) == block.removeprefix("- ").rstrip("\n")


def test_what_is_nested_elsewhere_is_not_inside_a_copied_block() -> None:
    block = f"- 入れ替え:\n  - {LONG}\n  - {OTHER}\n"
    files = {"a.md": block, "b.md": block, "c.md": f"- 東\n  - {THIRD}\n", "d.md": f"- 西\n  - {THIRD}\n"}
    first, second = report_duplicates(files, RULES)
    assert "入れ替え" in first.problem.place.extract_from(files["b.md"])
    assert second.problem.place.extract_from(files["d.md"]) == THIRD


def test_things_that_have_nothing_to_do_with_each_other_are_counted_apart() -> None:
    one = {f"{number}.md": f"- 待避: {LONG}\n" for number in range(5)}
    other = {f"{number}.md": f"- 復旧: {OTHER}\n" for number in range(5, 10)}
    assert list_finding_rules({**one, **other}) == ["duplicate-definition"] * 2


def test_copies_of_one_thing_are_in_no_conflict_and_hide_none() -> None:
    files = {
        "a.md": f"- 待避: {LONG}\n- 復旧: 控えの台でもう一度はじめから動かすこと。\n",
        "b.md": f"- 待避: {LONG}{OTHER}\n",
        "c.md": f"- 待避: {OTHER}\n- 復旧: 向き先を新しい組に変えて、古い組は残しておく。\n",
    }
    assert list_finding_rules(files) == ["duplicate-definition", "term-conflict"]
    assert "復旧" in report_duplicates(files, RULES)[1].problem.message


def test_a_copy_with_a_small_change_is_still_one_block() -> None:
    first = f"- 入れ替え:\n  - {LONG}\n  - {OTHER}\n  - {THIRD}\n"
    [one] = report_duplicates({"a.md": first, "b.md": first.replace("控えの台で", "控えの機械で")}, RULES)
    assert one.rule == "duplicate-term"
    assert one.problem.place.end > one.problem.place.start + 60


@pytest.mark.parametrize(
    ("scope", "count"),
    [("file", 0), ("directory", 1), ("corpus", 1)],
)
def test_scope(scope: str, count: int) -> None:
    text = f"- 待避: {LONG}\n"
    assert len(report_duplicates({"x/a.md": text, "x/b.md": text, "y/c.md": text}, RULES, scope)) == count
    if scope == "corpus":
        assert (
            len(report_duplicates({"x/a.md": text, "x/b.md": text, "y/c.md": text}, RULES, scope)[0].problem.related)
            == 2
        )


def test_subfolders_are_other_folders() -> None:
    text = f"- 待避: {LONG}\n"
    assert list_finding_rules({"a.md": text, "x/b.md": text}) == []


def test_one_term_with_overlapping_definitions() -> None:
    files = {"a.md": f"- 待避: {LONG}\n", "b.md": "- 待避: いまの仕事を終えてから止まる状態のこと。\n"}
    assert list_finding_rules(files) == ["duplicate-term"]


def test_one_term_with_other_definitions_is_a_conflict() -> None:
    assert list_finding_rules({"a.md": f"- 待避: {LONG}\n", "b.md": "- 待避: 台風のとき船を港に移す。\n"}) == [
        "term-conflict"
    ]


def test_one_term_twice_in_a_list_is_repeated_and_nothing_else() -> None:
    assert list_finding_rules({"a.md": f"- 待避: {LONG}\n- 待避: いまの仕事を終えてから止まる状態。\n"}) == [
        "term-repeated"
    ]


def test_the_same_words_twice_in_a_list_are_a_duplicate_and_nothing_else() -> None:
    assert list_finding_rules({"a.md": f"- 待避: {LONG}\n- 待避: {LONG}\n"}) == ["duplicate-definition"]


def test_copied_files_replace_the_pairs_inside() -> None:
    text = f"- 待避: {LONG}\n- 復旧: {OTHER}\n- 切り替え: {THIRD}\n"
    text += "- 休止: 電源を切る前に中身を写すこと。\n- 終了: 台を手放すこと。\n"
    assert list_finding_rules({"a.md": text, "b.md": text + "- 予約: 一年のあいだ使うと決めて安く借りること。\n"}) == [
        "file-copy"
    ]


def test_translations_are_not_compared() -> None:
    text = f"- 待避: {LONG}\n"
    assert list_finding_rules({"a.md": text, "a.en.md": text, "a_ja.md": text}) == []


def test_what_a_translation_leaves_as_it_is_counts_once() -> None:
    text = f"- 待避: {LONG}\n\n## 二\n\n- 待避: {LONG}\n"
    [one] = report_duplicates({"a.md": text, "a.en.md": text, "b.md": f"- 待避: {LONG}\n"}, RULES)
    places = [one.problem.place, *(other.place for other in one.problem.related)]
    assert sorted(place.path for place in places) == ["a.en.md", "a.en.md", "b.md"]


def test_a_term_before_an_arrow_has_its_name_in_the_message() -> None:
    text = "- 待避 → 新しい要求を受けず、いまの仕事を終えてから止まること。\n\n段落\n\n"
    text += "- 待避 → いまの仕事を終えてから止まる状態。新しい要求は受けない。\n"
    [one] = report_duplicates({"a.md": text}, RULES)
    assert one.problem.message == "`待避` is defined twice, in much the same words"


def test_what_stands_in_many_notes_is_a_template() -> None:
    text = f"- 待避: {LONG}\n"
    assert list_finding_rules({f"{number}.md": text for number in range(8)}) == ["duplicate-definition"]
    assert list_finding_rules({f"{number}.md": text for number in range(9)}) == []


def test_one_term_in_many_notes_in_much_the_same_words_is_no_template() -> None:
    words = "甲乙丙丁戊己庚辛壬"
    notes = {f"{word}.md": f"- 待避: {LONG[:-1]}、と{word}の書に言う。\n" for word in words}
    assert list_finding_rules(notes) == ["duplicate-term"]


@pytest.mark.parametrize(
    "text",
    [
        "- 差分:\n  - 適用単位: 一つの台ごとに決める。\n- 増分:\n  - 適用単位: 一つの台ごとに決める。\n",
        "- ROUGE: 要約の指標。人が書いた文と比べて似ている度合いを計算する。\n"
        "- BLEU: 翻訳の指標。人が書いた文と比べて似ている度合いを計算する。\n",
        "- 例: 更新の前に古い台をよける。\n\n段落\n\n- 例: 更新の前に新しい台を足す。\n",
        "- [台の待避について](https://example.org/a)\n\n段落\n\n- [台の待避について](https://example.org/a)\n",
        "- 出典: 台の待避と復旧についての手引き、第二版\n\n段落\n\n- 出典: 台の待避と復旧についての手引き、第二版\n",
        "- 違い\n  - 一つ目の違いを書く。\n\n段落\n\n- 違い\n  - 別のところにある違いを書く。\n",
        "- Use the console to do it\n\ntext\n\n- Use the console to do it\n",
        "- ✅ Use the console to do it\n\ntext\n\n- ❌ Use the console to do it\n",
        "- Use the large console. It is blue.\n\ntext\n\n- Use the large console. It is red.\n",
        "- [ ] 止まった仕事を控えの台で動かす。\n\n段落\n\n- [x] 止まった仕事を控えの台で動かす。\n",
        "- 行列: O(V^2)\n\n段落\n\n- 行列: O(V^2)\n",
        "- 保存の期間: およそ 30 日ほど残る\n\n段落\n\n- 保存の期間: およそ 90 日ほど残る\n",
        f"- 表の口座:\n  - 役割: {LONG}{OTHER}\n- 裏の口座:\n  - 役割: {LONG}{OTHER}\n",
        "- 配置 (A): 三つの場所に分けて台を置くこと。\n\n段落\n\n- 配置 (B): 二つの場所に分けて台を置くこと。\n",
    ],
)
def test_what_only_looks_alike(text: str) -> None:
    assert list_finding_rules({"a.md": text}) == []


PIECES = st.sampled_from([LONG, OTHER, THIRD, "短い。", f"{LONG}{OTHER}", "台を手放す。"])
ENTRY = st.builds(
    lambda depth, term, text: f"{'  ' * depth}- {term}: {text}\n", st.integers(0, 2), st.sampled_from("甲乙丙"), PIECES
)
NOTES = st.dictionaries(
    st.sampled_from(["a.md", "b.md", "x/a.md", "x/10.md", "x/9.md"]),
    st.lists(ENTRY, max_size=6).map("".join),
    max_size=5,
)


@given(NOTES, st.sampled_from(["file", "directory", "corpus"]), st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_files_or_on_which_rules_run(
    files: dict[str, str], scope: str, rng: random.Random
) -> None:
    notes = [parse(path, text) for path, text in files.items()]
    plans = [RuleRun(registry.load_rule(rule), WARNING) for rule in RULES]
    everything = diagnose(Corpus(tuple(notes), duplicate_scope=scope), plans)
    rng.shuffle(notes)
    assert diagnose(Corpus(tuple(notes), duplicate_scope=scope), plans) == everything
    for plan in plans:
        alone = diagnose(Corpus(tuple(notes), duplicate_scope=scope), [plan])
        assert alone == [diagnostic for diagnostic in everything if diagnostic.rule == plan.rule.name]


@given(NOTES, st.sampled_from(["directory", "corpus"]))
def test_no_pair_has_two_rules(files: dict[str, str], scope: str) -> None:
    """Two of the several definitions that a conflict lists may stand in one list: that is said of them alone."""
    pairs: set[tuple[object, object]] = set()
    for diagnostic in report_duplicates(
        files, ("duplicate-definition", "duplicate-term", "term-repeated", "term-conflict"), scope
    ):
        places = [diagnostic.problem.place, *(other.place for other in diagnostic.problem.related)]
        starts = sorted((place.path, place.start) for place in places)
        both = {(one, other) for one in starts for other in starts if one < other}
        if diagnostic.rule == "term-conflict" and len(places) > 2:
            continue
        assert not both & pairs
        pairs |= both


def test_the_owners_note() -> None:
    text = (get_collections() / "seed.md").read_text("utf-8")
    [one] = report_duplicates(
        {"seed.md": text}, ("duplicate-definition", "duplicate-term", "file-copy", "term-repeated")
    )
    lines = parse("seed.md", text).lines
    assert one.rule == "duplicate-definition"
    assert lines.find_position(one.problem.place.start)[0] == 16
    assert [lines.find_position(other.place.start)[0] for other in one.problem.related] == [11]
