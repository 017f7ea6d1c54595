"""Mistakes that tell two copies apart: numbers, names, letters and negations."""

import pytest

from techstock.duplicates.difference_rules import LETTER, NAME, NEGATION
from techstock.duplicates.difference_tokens import NUMBER, tokenize_sentences
from techstock.duplicates.differences import compare_sentences
from techstock.model import Span
from tests.duplicates.support import report_duplicates
from tests.support import parse_note

RULES = ("duplicate-definition", "duplicate-term", "file-copy", "term-repeated")
SAID = "使用率が 72 % を超えたら、サーバーを一つ足して、元に戻せる状態を保存すること。"
DEFINED = f"待避: {SAID}2021年3月4日に決めた。"
ENGLISH = "drain: A host that no longer accepts work, and stops 30 days after the Berlin Team has moved it."
PROSE = "".join(f"\n{n}番目の朝に、昔の人が山の上で書き残したことを順に述べていく。\n" for n in range(40))


def compare(one: str, other: str) -> list[tuple[str, str, str]]:
    """Return the differences of two copies, each as its kind and the texts of the first and the second."""
    notes = [parse_note(text) for text in (one, other)]
    sentences = [tokenize_sentences(note, Span(0, len(note.text), note.path)) for note in notes]
    return [(found.kind, found.here, found.there) for found in compare_sentences(*sentences)]


@pytest.mark.parametrize(
    ("one", "changed", "found"),
    [
        (DEFINED, {"72 %": "75 %"}, [(NUMBER, "75 %", "72 %")]),
        (DEFINED, {"72 %": "75％"}, [(NUMBER, "75％", "72 %")]),
        (DEFINED, {"72 %": "７２０ %"}, [(NUMBER, "７２０ %", "72 %")]),
        (DEFINED, {"3月": "5月"}, [(NUMBER, "2021年5月4日", "2021年3月4日")]),
        (DEFINED, {"2021年3月4日": "2022年5月6日"}, [(NUMBER, "2022年5月6日", "2021年3月4日")]),
        (DEFINED, {"一つ": "二つ"}, [(NUMBER, "二つ", "一つ")]),
        (DEFINED, {"サーバー": "ルーター"}, [(NAME, "ルーター", "サーバー")]),
        (DEFINED, {"戻せる": "戻せない"}, [(NEGATION, "戻せない", "戻せる")]),
        (DEFINED, {"保存する": "保存しない"}, [(NEGATION, "保存しない", "保存する")]),
        (DEFINED, {"保存する": "保存すする"}, [(LETTER, "すする", "する")]),
        (DEFINED, {"使用率": "使月率"}, [(LETTER, "使月率", "使用率")]),
        (DEFINED, {"**": "", "72 %": "**75** %"}, [(NUMBER, "75 %", "72 %")]),
        (ENGLISH, {"30 days": "60 days"}, [(NUMBER, "60 days", "30 days")]),
        (ENGLISH, {"Berlin": "Munich"}, [(NAME, "Munich", "Berlin")]),
        (ENGLISH, {"accepts": "acepts"}, [(LETTER, "acepts", "accepts")]),
        (ENGLISH, {"has moved": "has not moved"}, [(NEGATION, "has not", "has")]),
        (ENGLISH, {"no longer": "not longer"}, []),
        ("The host can accept work from the team.", {"can": "cannot"}, [(NEGATION, "host cannot", "host can")]),
        ("The hosts do accept work from the team.", {"do": "don't"}, [(NEGATION, "hosts don't", "hosts do")]),
        ("S3 は AES で暗号化したデータを保存する。", {"AES": "RSA"}, [(NAME, "RSA", "AES")]),
        ("通信を許可する規則を、上から順に読む。", {"許可": "禁止"}, [(NEGATION, "禁止", "許可")]),
        ("レプリカは同期で書き込まれ、値は 5 GB 以上になる。", {"同期": "非同期"}, [(NEGATION, "非同期", "同期")]),
        ("レプリカは同期で書き込まれ、値は 5 GB 以上になる。", {"以上": "以下"}, [(NEGATION, "以下", "以上")]),
        ("この規則を有効にすると、古い記録が消える。", {"有効": "無効"}, [(NEGATION, "無効", "有効")]),
        ("この規則は山田氏が、まだ若いころに書いた。", {"山田": "鈴木"}, [(NAME, "鈴木氏", "山田氏")]),
    ],
)  # fmt: skip
def test_mistakes(one: str, changed: dict[str, str], found: list[tuple[str, str, str]]) -> None:
    other = one
    for old, new in changed.items():
        other = other.replace(old, new)
    assert compare(other, one) == found
    assert compare(one, other) == [(kind, there, here) for kind, here, there in found]
    assert compare(one, one) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (DEFINED, DEFINED.replace("足して、", "足して、朝に 3 回、")),  # an addition: the fuller copy
        (DEFINED, f"{DEFINED}5 日のあいだ続ける。"),
        (DEFINED, DEFINED.replace("%", "％").replace("72", "７２")),
        (DEFINED, DEFINED.replace("72 %", "72パーセント")),
        (DEFINED, DEFINED.replace("サーバー", "サーバ")),
        (DEFINED, DEFINED.replace("サーバー", "クラウドサーバー")),
        (DEFINED, DEFINED.replace("すること", "するべきこと")),
        (DEFINED, DEFINED.replace("使用率が", "使用率は")),
        (DEFINED, DEFINED.replace("使用", "利用")),
        (DEFINED, DEFINED.replace("足して", "足し")),
        ("記録は 1 時間ごとに、別の台へ写される。", "記録は 60 分ごとに、別の台へ写される。"),
        ("記録は 1 GB ごとに、別の台へ写される。", "記録は 1024 MB ごとに、別の台へ写される。"),
        ("詳しい手順は図 3 にあり、朝に読むとよい。", "詳しい手順は図 4 にあり、朝に読むとよい。"),
        ("記録は `v1` に、毎朝かならず写される。", "記録は `v2` に、毎朝かならず写される。"),
        ("記録は [ここ](a1.md) に毎朝写される。", "記録は [ここ](a2.md) に毎朝写される。"),
        ("記録は ![](a1.png) に毎朝写される。", "記録は ![](a2.png) に毎朝写される。"),
        ("記録は https://a.example/1 に毎朝写される。", "記録は https://a.example/2 に毎朝写される。"),
        ("長さは $a^2$ であり、朝に測るとよい。", "長さは $a^3$ であり、朝に測るとよい。"),
        ("Standard は、30 日のあいだ残しておく。", "Glacier は、90 日のあいだ残しておく。"),  # two things
        ("The host keeps the record for the team.", "The host keeps the records for the team."),
        ("The host stores the record for the team.", "The host keeps the record for the team."),
        ("30 日", "90 日"),
        ("The wallet keeps the keys/mnemonic of the user.", "The wallet keeps the key/mnemonic of the user."),
        ("Kinesis Data Firehose: real-time, no shards, S3", "Kinesis Data Firehose: real-time, managed, S3"),
    ],
)
def test_other_words_and_additions_are_no_mistakes(one: str, other: str) -> None:
    assert compare(one, other) == compare(other, one) == []


def test_one_text_in_two_unicode_forms_does_not_differ() -> None:
    assert compare("ガイドは 3 回、朝に読まれるもの。", "カ\u3099イト\u3099は 3 回、朝に読まれるもの。") == []


def test_sentences_are_compared_wherever_they_are() -> None:
    one, other = "水は 100 度で沸く。氷は 0 度で溶ける。", "氷は 5 度で溶ける。水は 100 度で沸く。"
    assert compare(one, other) == [(NUMBER, "0 度", "5 度")]


def write(first: str, second: str) -> dict[str, str]:
    return {"a.md": f"## 一\n\n{first}\n", "b.md": f"## 二\n\n{second}\n"}


def test_the_message_and_the_data_tell_both() -> None:
    [one] = report_duplicates(write(f"- {DEFINED}", f"- {DEFINED.replace('72 %', '75 %')}"), RULES)
    assert (
        one.problem.message == "`待避` is defined twice, in much the same words, but one says `72 %`, the other `75 %`"
    )
    assert one.problem.help == (
        "find out which of them is right, then merge the two definitions, or link to one of them"
    )
    assert one.problem.data["differs"] == [
        {
            "kind": "number",
            "here": "75 %",
            "there": "72 %",
            "place": {"path": "b.md", "line": 3, "column": 12},
            "other": {"path": "a.md", "line": 3, "column": 12},
        }
    ]
    assert [(place.path, place.end - place.start) for place in one.problem.differs] == [("b.md", 4), ("a.md", 4)]


def test_a_letter_of_the_term() -> None:
    files = write(f"- Memento: {SAID}", f"- Menento: {SAID}")
    [one] = report_duplicates(files, RULES)
    assert one.problem.message.endswith("repeats one under `Memento`, but one says `Memento`, the other `Menento`")
    [one] = report_duplicates(write(f"- inbound: {SAID}", f"- outbound: {SAID}"), RULES)
    assert "differs" not in one.problem.data


def test_two_terms_are_two_things() -> None:
    files = write(f"- 待避: {SAID}朝に 3 回行う。", f"- 復旧: {SAID}朝に 5 回行う。")
    [one] = report_duplicates(files, RULES)
    assert "differs" not in one.problem.data


def test_near_texts_without_a_common_term_may_be_two_things() -> None:
    texts = [
        f"{name} のアドレスから、{other} のアドレスを問い合わせる仕組みであり、どの端末にもはじめから入っている。"
        for name, other in (("IP", "MAC"), ("MAC", "IP"))
    ]
    found = report_duplicates({f"{n}.md": f"- {text}\n" for n, text in enumerate(texts)}, ("near-duplicate",))
    assert ["differs" in one.problem.data for one in found] == [False]


def test_what_is_nested_is_compared() -> None:
    first = f"- 待避: {SAID}\n  - 期間\n    - 30 日"
    [one] = report_duplicates(write(first, first.replace("30", "90")), RULES)
    assert [(found["here"], found["there"]) for found in one.problem.data["differs"]] == [("90 日", "30 日")]


def test_each_copy_is_compared_with_the_one_to_keep() -> None:
    files = {f"{n}.md": f"- {DEFINED.replace('72', str(n))}\n" for n in (70, 71, 72)}
    [one] = report_duplicates(files, RULES)
    assert one.problem.message.endswith(
        "in much the same words, but one says `70 %`, the other `72 %` (1 more difference)"
    )
    assert [found["here"] for found in one.problem.data["differs"]] == ["72 %", "71 %"]


def test_groups_tell_how_many_differ() -> None:
    lines = [f"- {name}の{thing}: {name}の水門で{thing}を使うときに、{n} 人で板を動かすもののこと。"
             for n, (name, thing) in enumerate(zip("甲乙丙丁", ("舟", "櫂", "帆", "舵"), strict=True))]  # fmt: skip
    first = "\n".join(lines)
    second = first.replace("2 人", "7 人").replace("0 人", "8 人")
    prose = PROSE.replace("朝", "夜").replace("山の上", "海の底")
    [one] = report_duplicates(write(f"{first}\n{PROSE}", f"{second}\n{prose}"), RULES)
    assert one.problem.message == (
        "this passage of 4 entries repeats another; 2 of them differ: one says `0 人`, the other `8 人` "
        "(1 more difference)"
    )
    assert [found["here"] for found in one.problem.data["differs"]] == ["8 人", "7 人"]
    assert [len(cluster.get("differs", ())) for cluster in one.problem.data["clusters"]] == [1, 0, 1, 0]


def test_copied_notes() -> None:
    lines = f"- {DEFINED}\n1. 朝に板を上げて、夜に板を下げる。\n\n## 3. 終わり\n{PROSE}"
    changed = lines.replace("72 %", "75 %").replace("1. 朝", "4. 朝").replace("## 3.", "## 4.")
    [one] = report_duplicates({"a.md": lines, "b.md": changed}, RULES)
    assert one.rule == "file-copy"
    assert one.problem.message.startswith("94% of the text of this note is in `a.md` as well, but one says `72 %`")
    assert [found["here"] for found in one.problem.data["differs"]] == ["75 %"]


def test_a_term_twice_in_one_list() -> None:
    files = {"a.md": "- 待避: 上限は 30 秒とする。\n- 復旧: 続ける。\n- 待避: 上限は 60 秒とする。\n"}
    [one] = report_duplicates(files, ("term-repeated",))
    assert one.problem.message == "`待避` appears twice in this list, but one says `30 秒`, the other `60 秒`"
