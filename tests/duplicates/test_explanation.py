"""Which entries are shown beside one that is explained."""

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import collect_compared_entries
from techstock.duplicates.explanation import find_nearest_entries
from tests.support import make_corpus

TEXT = "新しい要求を受けず、いまの仕事を終えてから止まる"


def list_nearest(text: str, start: str, count: int = 5, joined: tuple[int, ...] = ()) -> list[str]:
    """Return the first three characters of the neighbours of the entry that begins so."""
    notes = make_corpus({"a.md": text})
    views = ComparisonContext(notes, collect_compared_entries(notes), "directory")
    unit = next(index for index, unit in enumerate(views.units) if unit.text.startswith(start))
    return [views.units[one.index].text[:3] for one in find_nearest_entries(views, unit, joined, count)]


def test_the_most_alike_come_first() -> None:
    text = f"- 一つ目{TEXT}\n- 二つ目{TEXT[:12]}別の続き\n- 三つ目{TEXT[:-1]}\n- 四つ目は似ていない\n"
    assert list_nearest(text, "一つ目") == ["三つ目", "二つ目"]
    assert list_nearest(text, "一つ目", count=1) == ["三つ目"]


def test_joined_units_come_before_all_others_in_any_number() -> None:
    text = f"- 一つ目{TEXT}\n- 二つ目{TEXT[:12]}別の続き\n- 三つ目{TEXT[:-1]}\n- 四つ目は似ていない\n"
    assert list_nearest(text, "一つ目", 1, joined=(1, 3)) == ["二つ目", "四つ目"]
    assert list_nearest(text, "一つ目", 3, joined=(3,)) == ["四つ目", "三つ目", "二つ目"]


def test_where_nothing_is_near_the_nearest_is_shown() -> None:
    assert list_nearest(f"- 一つ目{TEXT}\n- 五つ目は要求を断る\n- 六つ目は要求\n", "一つ目") == ["五つ目"]
    assert list_nearest("- 甲乙丙\n- 丁戊己\n", "甲乙丙") == []


def test_of_nested_entries_the_inner_one_is_named() -> None:
    assert list_nearest(f"- {TEXT}\n\n## x\n\n- 外側:\n  - 内側: {TEXT}\n", TEXT) == ["内側:"]
    block = f"- 内側:\n  - {TEXT}\n  - そのあと別の場所で始まる\n"
    assert list_nearest(f"{block}\n## x\n\n{block.replace('内側', '外側')}", "内側") == ["外側:"]


def test_what_is_nested_in_an_entry_is_no_neighbour() -> None:
    assert list_nearest(f"- 外側:\n  - 内側: {TEXT}\n", "外側") == []
    assert list_nearest(f"- 外側:\n  - 内側: {TEXT}\n", "内側") == []


def test_a_few_letters_stand_in_many_texts() -> None:
    text = f"- 一つ目: {TEXT}\n- 二つ目: {TEXT[:9]}、そのあと別のことをする\n- 三つ目: いまの仕事\n"
    assert list_nearest(text, "一つ目") == ["二つ目"]


def test_one_term_is_a_neighbour_however_little_is_said_of_it() -> None:
    text = "- 倉庫: 荷物を置く\n\n## x\n\n- 台所: 人が荷物を置く\n- 倉庫: 鍵があって広く、人が荷物を置くところ\n"
    assert list_nearest(text, "倉庫: 荷物") == ["倉庫:"]
