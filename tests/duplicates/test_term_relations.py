"""Terms that are one though not all of their names, parents or words agree, and those that only look so."""

import pytest

from techstock.duplicates import TERM
from techstock.duplicates.matching import DuplicatePair
from techstock.duplicates.term_keys import make_related_keys, make_term_keys
from tests.duplicates.support import make_views, report_duplicates
from tests.duplicates.test_matching import judged

DUTY = "港に着いた荷を一晩だけ置き、朝のうちに受け取る者へ渡すための建物。"
DUTY_AGAIN = "港に着いた荷を一晩だけ置いて、あくる日に受け取る者へ渡すための建物。"
SHELTER = "風の強い日に小さな舟をまとめて入れ、綱でつないでおく場所のこと。"
SHELTER_AGAIN = "沖の波が高いあいだ、小さな舟をまとめてつなぐところ。綱は番人が持っている。"
MIXED = "港に着いた荷を一晩だけ置き、朝のうちに渡すところ。鍵は番人が夜のあいだ持っている。"


def pair_kind(files: dict[str, str], first: str, second: str) -> str:
    found = judged(files, first, second)
    return found.kind if isinstance(found, DuplicatePair) else found.reason


def two(one: str, other: str) -> dict[str, str]:
    return {"a.md": one, "b.md": other}


@pytest.mark.parametrize(
    ("above", "other_above", "definition", "expected"),
    [
        ("港の倉庫番", "港の倉庫番の役", MIXED, TERM),  # parents are alike
        ("船着き場", "荷の受け渡し", DUTY_AGAIN, TERM),  # parents differ, definitions agree
        ("船着き場", "荷の受け渡し", SHELTER, "parents"),
        ("例", "例外", MIXED, "parents"),  # a label is no parent
    ],
)
def test_a_nested_term_below_other_words(above: str, other_above: str, definition: str, expected: str) -> None:
    files = two(f"- {above}:\n  - 仮の倉: {DUTY}\n", f"- {other_above}:\n  - 仮の倉: {definition}\n")
    assert pair_kind(files, "仮の倉", "仮の倉") == expected


def test_neighbors_of_one_list_keep_their_properties_apart() -> None:
    text = f"- 港の倉庫番:\n  - 仮の倉: {DUTY}\n- 港の倉庫番の役:\n  - 仮の倉: {DUTY_AGAIN}\n"
    assert pair_kind({"a.md": text}, "仮の倉", "仮の倉") == "cousins"


def test_two_sections_keep_the_properties_of_alike_parents_apart() -> None:
    sections = (f"## {name}\n\n- {name}は港の倉庫番を呼ぶ:\n  - 仮の倉: {text}\n\n" for name, text in
                (("朝の舟", DUTY), ("夜の舟", DUTY_AGAIN)))  # fmt: skip
    assert pair_kind({"a.md": f"# 舟\n\n{''.join(sections)}"}, "仮の倉", "仮の倉") == "parents"


@pytest.mark.parametrize(
    ("name", "other", "definition", "expected"),
    [
        ("港の仮倉庫", "仮倉庫", DUTY_AGAIN, TERM),
        ("HTS仮倉庫", "仮倉庫", DUTY_AGAIN, TERM),
        ("仮倉庫機能", "仮倉庫", DUTY_AGAIN, TERM),
        ("仮倉庫(夜間)", "仮倉庫", DUTY_AGAIN, TERM),
        ("港の仮倉庫", "仮倉庫", SHELTER, "related"),
        ("港の仮倉庫", "山の仮倉庫", DUTY_AGAIN, "nothing"),  # neither contains the other
    ],
)
def test_one_name_contains_the_other(name: str, other: str, definition: str, expected: str) -> None:
    assert pair_kind(two(f"- {name}: {DUTY}\n", f"- {other}: {definition}\n"), name, other) == expected


def test_a_shared_sentence_weighs_more_under_related_names() -> None:
    shared = "荷は一晩だけ置いておくものとされている。"
    files = two(f"- 港の仮倉庫: {shared}番人が二人いる。\n", f"- 仮倉庫: {shared}鍵は朝に返す。\n")
    assert pair_kind(files, "港の仮倉庫", "仮倉庫") == "sentence"
    files = two(f"- 港の仮倉庫: {shared}番人が二人いる。\n", f"- 避難所: {shared}鍵は朝に返す。\n")
    assert pair_kind(files, "港の仮倉庫", "避難所") == "sentence-light"


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("- 避難所: {}\n", "- 避難所: {}\n", TERM),
        ("## 12.\n\n- 避難所: {}\n", "## 31.\n\n- 避難所: {}\n", TERM),  # numbers tell nothing apart
        ("## 夏の港\n\n- 避難所: {}\n", "## 冬の港\n\n- 避難所: {}\n", "conflict"),  # titles do
        ("- 港:\n  - 避難所: {}\n", "- 港:\n  - 避難所: {}\n", TERM),
    ],
)
def test_a_weak_overlap_is_enough_where_only_the_term_places_a_definition(text: str, other: str, expected: str) -> None:
    assert pair_kind(two(text.format(SHELTER), other.format(SHELTER_AGAIN)), "避難所", "避難所") == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SHELTER, DUTY),
        ("a place where small boats are kept in a storm", "a keeper of small lamps who walks in the harbour at dusk"),
        ("小さな舟の場所", "小さな舟を置く場所"),
    ],
)
def test_what_shares_little_or_says_little_is_no_duplicate(one: str, other: str) -> None:
    assert pair_kind(two(f"- 避難所: {one}\n", f"- 避難所: {other}\n"), "避難所", "避難所") != TERM


def test_most_of_what_is_nested_is_in_both() -> None:
    one = f"- 避難所:\n  - {SHELTER}\n  - {DUTY}\n"
    other = f"- 避難所:\n  - {SHELTER[:-6]}場所だ。\n  - {DUTY[:-4]}小屋。\n"
    found = judged(two(one, other), "避難所", "避難所")
    assert isinstance(found, DuplicatePair)
    assert (found.kind, found.whole) == (TERM, True)


@pytest.mark.parametrize(
    ("key", "related"),
    [
        ("港の専用倉", ["専用倉"]),
        ("htsの専用倉", ["専用倉"]),
        ("hts専用倉", ["専用倉"]),
        ("専用倉サービス", ["専用倉"]),
        ("専用倉(夜)", ["専用倉"]),
        ("港の倉", []),  # what is left is too short for a name
        ("harbortransferservice", []),
        ("専用倉", []),
    ],
)
def test_related_keys(key: str, related: list[str]) -> None:
    assert sorted(make_related_keys(key)) == sorted(set(related))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("(HTS)Harbor Transfer Service", ("harbortransferservice", "hts", "")),
        ("（HTS） Harbor Transfer Service", ("harbortransferservice", "hts", "")),
        ("(任意) Harbor", ("harbor", "任意", "")),
        ("(HTS)", ("(hts)", "", "")),
        ("(夜間)避難所", ("(夜間)避難所", "", "夜間")),
    ],
)
def test_a_parenthesis_in_front(name: str, keys: tuple[str, str, str]) -> None:
    assert make_term_keys(name) == keys


def test_a_term_with_a_long_parenthesis_is_one() -> None:
    long = "HTS（Harbor Transfer Service of the Northern and Southern Coast Line）"
    views = make_views(f"- {long}: {DUTY}\n- 名のない{'長い' * 40}: {DUTY}\n")
    assert [unit.key for unit in views.units] == ["hts", ""]


def test_what_one_term_says_in_its_parenthesis_the_other_says_in_its_definition() -> None:
    files = two(
        "- HTS: Harbor Transfer Serviceのこと。荷を受ける。\n",
        "- HTS(Harbor Transfer Service): 船荷の扱いを一手に引き受ける窓口。\n",
    )
    assert pair_kind(files, "HTS", "HTS(") == TERM


def test_the_message_says_how_much_is_the_same() -> None:
    weak, strong = (
        two(f"- 避難所: {SHELTER}\n", f"- 避難所: {SHELTER_AGAIN}\n"),
        two(f"- 仮の倉: {DUTY}\n", f"- 仮の倉: {DUTY_AGAIN}\n"),
    )
    messages = [report_duplicates(files, ["duplicate-term"])[0].problem.message for files in (weak, strong)]
    assert messages == [
        "`避難所` is defined twice, partly in the same words",
        "`仮の倉` is defined twice, in much the same words",
    ]
