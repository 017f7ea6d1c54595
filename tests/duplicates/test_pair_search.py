"""Which two entries are a pair and by what sign: each law and each threshold by itself."""

import pytest
from msgspec.structs import replace

from techstock import duplicates
from techstock.duplicates import matching
from techstock.duplicates.entries import (
    MIN_SENTENCE_WEIGHT,
    ComparedEntry,
    get_sentence_match_keys,
    get_term_match_keys,
)
from techstock.duplicates.matching import DuplicatePair
from techstock.duplicates.normalize import compute_weight
from techstock.duplicates.pair_search import _candidates, find_pairs
from tests.duplicates.support import make_views

LONG = "新しい要求を受けず、いまの仕事を終えてから止まること。"
OTHER = "止まった仕事を、控えの台でもう一度はじめから動かすこと。"
THIRD = "向き先を新しい組に変えて、古い組はしばらく残しておくこと。"

FULL = "新しい要求を受けず、いまの仕事を終えてから止まり、あくる朝にはじめの台から順に動かしていくこと。"


def list_pairs(*texts: str) -> list[DuplicatePair]:
    return find_pairs(make_views(*texts))


def find_only_pair(*texts: str) -> DuplicatePair | None:
    """Return the only pair, if there is one."""
    found = list_pairs(*texts)
    assert len(found) <= 1
    return found[0] if found else None


def kind(*texts: str) -> str:
    found = find_only_pair(*texts)
    return found.kind if found else ""


def unit(text: str) -> ComparedEntry:
    return make_views(text).units[0]


def make_definition(count: int) -> str:
    """Make a definition of that weight."""
    text = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめも"[:count]
    assert compute_weight(text) == count
    return text


def test_one_text_says_enough() -> None:
    for count, expected in ((matching.MIN_TEXT_WEIGHT - 1, ""), (matching.MIN_TEXT_WEIGHT, duplicates.EXACT)):
        assert kind(f"- {make_definition(count)}\n", f"- {make_definition(count)}\n") == expected


def test_an_exact_pair() -> None:
    assert find_only_pair(f"- 待避: {LONG}\n", f"- 待避: {LONG}\n") == DuplicatePair(0, 1, "exact", 1.0)
    assert kind(f"- 待避: {LONG}\n", f"- 待避: {LONG}\n- 別: {OTHER}\n") == "exact"
    assert [(p.first, p.second) for p in list_pairs(*[f"- 待避: {LONG}\n"] * 3)] == [(0, 1), (0, 2), (1, 2)]


def test_a_text_without_words_of_its_own_is_its_items() -> None:
    whole = f"- 入れ替え:\n  - {LONG}\n  - {OTHER}\n"
    found = {(p.first, p.second): p for p in list_pairs(whole, whole)}
    assert found[0, 3] == DuplicatePair(0, 3, "exact", 1.0, whole=True)
    part = f"- 入れ替え:\n  - {LONG}\n"
    assert (0, 3) not in {(p.first, p.second) for p in list_pairs(whole, part) if p.kind == "exact"}


def test_what_is_nested_does_not_count_for_a_text_with_words_of_its_own() -> None:
    assert kind(f"- 待避: {LONG}\n  - {OTHER}\n", f"- 待避: {LONG}\n  - {THIRD}\n") == "exact"
    short = f"- 待避: 短い\n  - {LONG}\n"
    assert [(p.first, p.second, p.kind) for p in list_pairs(short, short)] == [(0, 2, "term"), (1, 3, "exact")]


def test_a_pair_that_is_found_hides_no_other() -> None:
    texts = (f"- 待避: {LONG}\n", f"- 待避: {LONG}\n", f"- 待避: {LONG}{OTHER}\n")
    found = {(p.first, p.second): p.kind for p in list_pairs(*texts)}
    assert found == {(0, 1): "exact", (0, 2): "sentence", (1, 2): "sentence"}


@pytest.mark.parametrize(
    "text",
    [
        f"- {LONG}\n  - {LONG}\n",
        f"- 東: {FULL}朝。\n- 西: {FULL}夜。\n",
        f"- {FULL}朝。\n  - {FULL}夜。\n",
        f"- 東: {LONG}\n  - 東: {THIRD}\n",
        "- alpha beta gamma delta epsilon zeta eta\n\n## 節\n\n- alpha beta gamma delta epsilon zeta eta\n",
    ],
)
def test_each_reason_against_a_pair_is_enough(text: str) -> None:
    """However much the two say."""
    assert compute_weight(unit(f"- {FULL}\n").own) >= matching.MIN_UNRELATED_WEIGHT
    assert kind(text) == ""


def test_english_must_be_longer() -> None:
    seven = "alpha beta gamma delta epsilon zeta eta"
    assert matching.is_short_english(unit(f"- x: {seven.rpartition(' ')[0]}\n  - 語\n"))
    assert not matching.is_short_english(unit(f"- {seven}:\n  - x\n"))
    assert matching.is_short_english(unit(f"- {seven}\n"))
    assert matching.is_short_english(unit(f"- {seven} ->\n"))
    assert not matching.is_short_english(unit(f"- {seven} theta\n"))
    assert not matching.is_short_english(unit(f"- {seven} 語\n"))
    assert not matching.is_short_english(unit(f"- {seven}:\n  - 語\n"))


def test_a_shared_sentence() -> None:
    found = find_only_pair(f"- 待避: {LONG}{OTHER}\n", f"- 待避: {LONG}{THIRD}\n")
    assert found is not None
    assert (found.first, found.second, found.kind, found.whole) == (0, 1, "sentence", False)
    assert found.shared == unit(f"- {LONG}\n").own
    assert found.score == pytest.approx(
        compute_weight(found.shared)
        / max(compute_weight(u.body) for u in make_views(f"- 待避: {LONG}{OTHER}\n", f"- 待避: {LONG}{THIRD}\n").units)
    )
    assert 0 < found.score < 1


def test_the_longest_shared_sentence_is_told() -> None:
    longest = max((LONG, OTHER), key=lambda text: compute_weight(unit(f"- {text}\n").own))
    found = find_only_pair(f"- 待避: {LONG}{OTHER}\n", f"- 待避: {OTHER}{LONG}{THIRD}\n")
    assert found is not None
    assert found.shared == unit(f"- {longest}\n").own


def test_the_sentence_that_says_most_is_told_wherever_it_stands() -> None:
    heavy, light = "ああした朝まで台を止めずに動かし続けておくことにした。", "ん、という音で始まる語は少ないとする。"
    assert compute_weight(unit(f"- {heavy}\n").own) > compute_weight(unit(f"- {light}\n").own) >= MIN_SENTENCE_WEIGHT
    for first, second in ((heavy, light), (light, heavy)):
        found = find_only_pair(f"- 待避: {first}{second}朝。\n", f"- 待避: {first}{second}夜。\n")
        assert found is not None
        assert found.shared == unit(f"- {heavy}\n").own


def test_a_shared_sentence_over_a_shared_block() -> None:
    found = list_pairs(f"- 待避: {LONG}朝。\n  - {OTHER}\n", f"- 待避: {LONG}夜。\n  - {OTHER}\n")
    assert [(p.first, p.second, p.kind, p.whole) for p in found] == [
        (0, 2, "sentence", True),
        (1, 3, "exact", False),
    ]


def test_a_term_twice_in_one_list() -> None:
    between = f"- 復旧: {FULL}\n"
    assert find_only_pair(f"- 待避: {LONG}\n{between}- 待避: {OTHER}\n") == DuplicatePair(0, 2, "repeated", 1.0)
    assert find_only_pair(f"- 待避: {LONG}\n- 待避: {OTHER}\n") == DuplicatePair(0, 1, "repeated", 1.0)
    assert kind("- 待避: 朝\n- 待避: 夜\n") == ""  # two values of a label
    lists = f"- 待避: {LONG}\n- 待避: {OTHER}\n\n## 二\n\n- 待避: {THIRD}\n- 待避: {FULL}\n"
    assert "repeated" not in {pair.kind for pair in list_pairs(lists)}  # a label, as it is in both lists
    assert kind(f"- 待避: {FULL}\n- 待避: {FULL[:30]}。\n") == "repeated"
    assert kind(f"1. 待避: {LONG}\n2. 復旧: {FULL}\n3. 待避: {OTHER}\n") == ""
    assert list_pairs(f"- 待避: {LONG}\n{between}- 待避: {OTHER}\n- 待避: {THIRD}\n") == []


def test_one_term_in_much_the_same_words() -> None:
    said = "台の電源を切り、あとで同じところから続けられるようにしておく"
    found = find_only_pair(f"- 待避: {said}手順\n", f"- 待避: {said}仕組み\n")
    assert found is not None
    assert (found.kind, found.shared) == ("term", "")
    a, b = make_views(f"- 待避: {said}手順\n", f"- 待避: {said}仕組み\n").units
    assert found.score == max(matching.compute_overlap(a, b))
    assert kind(f"- 待避: {LONG}\n", f"- 待避: {THIRD}\n") == "conflict"
    assert kind(f"- 待避: {LONG}\n", "- 待避:\n") == ""


def test_a_definition_that_stands_whole_in_a_longer_one() -> None:
    a, b = f"- 待避: {make_definition(12)}\n", f"- 待避: {make_definition(12)}、{LONG}{OTHER}\n"
    jaccard, contained = matching.compute_overlap(unit(a), unit(b))
    assert jaccard < matching.MIN_OVERLAP < matching.MIN_CONTAINMENT <= contained
    assert kind(a, b) == "term"


def test_overlap() -> None:
    a, b, c = (unit(f"- 待避: {text}\n") for text in ("あいうえ", "あいうか", "らりるれ"))
    assert matching.compute_overlap(a, a) == (1.0, 1.0)
    assert matching.compute_overlap(a, c) == (0.0, 0.0)
    jaccard, contained = matching.compute_overlap(a, b)
    assert 0 < jaccard < contained < 1
    assert matching.compute_overlap(b, a) == (jaccard, contained)
    short = replace(a, sentences=(a.body[:3],))
    assert matching.compute_overlap(a, short)[1] == 1.0
    assert matching.compute_overlap(a, short)[0] < 1.0
    nested = replace(a, sentences=(), items=(a.body,))
    assert matching.compute_overlap(a, nested) == (1.0, 1.0)


def test_what_a_definition_says() -> None:
    a = unit("- 待避: あいう\n  - えお\n")
    assert matching.compute_definition_weight(a) == compute_weight(a.body + "".join(a.items)) == 5
    assert matching.compute_definition_weight(unit("- 舟 - 水に浮く\n")) == 4


def test_who_tells_values() -> None:
    five, seven, both, none = (unit(f"- 待避: {text}\n") for text in ("5 分", "7 分", "5 分か 7 分", "数分"))
    assert matching.has_different_numbers(five, seven)
    assert not matching.has_different_numbers(five, five)
    assert not matching.has_different_numbers(five, both)
    assert not matching.has_different_numbers(both, five)
    assert not matching.has_different_numbers(five, none)
    long = unit(f"- 待避: {LONG}9 分\n")
    assert matching.compute_definition_weight(long) >= matching.MIN_ALPHABETIC_WEIGHT
    assert matching.has_different_numbers(five, long)
    assert not matching.has_different_numbers(long, replace(long, text=long.text.replace("9", "8")))


@pytest.mark.parametrize(
    ("items", "others", "expected"),
    [
        ((), (), False),
        ((), ("a",), False),
        (("a",), ("a",), True),
        (("a",), ("b",), False),
        (("a", "b", "c"), ("a", "b", "d"), True),
        (("a", "b", "c"), ("a", "d", "e"), False),
        (("a", "b", "c", "d", "e"), ("a", "b", "c", "x", "y"), True),
        (("a",), ("a", "b", "c", "d"), True),
    ],
)
def test_what_is_one_block(items: tuple[str, ...], others: tuple[str, ...], expected: bool) -> None:
    some = unit("- 待避: あいう\n")
    assert matching._is_block(replace(some, items=items), replace(some, items=others)) is expected
    assert matching._is_block(replace(some, items=others), replace(some, items=items)) is expected


def test_handles() -> None:
    some = unit(f"- 待避（退避）: {LONG}短い。\n")
    assert set(get_term_match_keys(some)) == {key for key in (some.key, some.short) if key}
    assert get_term_match_keys(replace(some, key="", short="")) == set()
    assert get_sentence_match_keys(some) == {unit(f"- {LONG}\n").own}
    least = make_definition(MIN_SENTENCE_WEIGHT)
    assert get_sentence_match_keys(replace(some, sentences=(least, least[:-1]))) == {least}


@pytest.mark.parametrize("many", [3, 4])
def test_many_copies_are_compared_with_their_neighbours(many: int) -> None:
    views = make_views(*[f"- 待避: {LONG}\n"] * 4)
    found = sorted(_candidates(views, lambda unit: [unit.own], many))
    every = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert found == ([(0, 1), (1, 2), (2, 3)] if many == 3 else every)
    assert list(_candidates(views, lambda _unit: [], many)) == []


def test_a_colon_inside_a_formula_ends_no_term() -> None:
    one = unit("- $f : V$ のとき、止まった仕事を再び始める\n")
    assert (one.name, one.key) == ("", "")
    assert unit("- $f$ : 止まった仕事を再び始める\n").name == "$f$"
