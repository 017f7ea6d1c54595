"""Definitions in prose: headings that are terms, and paragraphs that stand in two notes."""

from collections.abc import Mapping

import pytest

from techstock.duplicates.entries import build_compared_entries
from techstock.duplicates.entry_kinds import DEFINITION, FRAME
from techstock.duplicates.prose import HEADED, PARAGRAPH, get_compared_entry, get_position
from techstock.model import Diagnostic
from tests.duplicates.support import report_duplicates
from tests.support import parse_note

RULES = ("duplicate-definition", "duplicate-term", "term-repeated", "near-duplicate", "file-copy")
DRAIN = "新しい要求を受けない状態のこと。受けた仕事は、終わるまで続ける。"
SENTENCE = "桟橋は舟を着けるところで、潮が引いているあいだは荷を下ろせないから、朝のうちに時刻を確かめておく。"
ENGLISH = (
    "The harbor master writes down every boat that enters before noon, so that the evening watch can tell which of "
    "them has not yet left the pier."
)


def report(files: Mapping[str, str]) -> list[Diagnostic]:
    return report_duplicates(files, RULES, scope="corpus")


def write_glossary(title: str, terms: Mapping[str, str], level: int = 3) -> str:
    return f"# {title}\n\n" + "".join(f"{'#' * level} {term}\n\n{text}\n\n" for term, text in terms.items())


OTHERS = {"櫂": "舟を漕ぐ板のこと。両手で持つ。", "錨": "舟を止める重りのこと。底に沈む。"}
MORE = {"帆柱": "風を受ける布を張る柱のこと。", "灯台": "岸を知らせる明かりのこと。夜に光る。"}


def list_terms(text: str, path: str = "a.md") -> list[str]:
    note = parse_note(text, path)
    return [get_compared_entry(note, unit.entry).name for unit in build_compared_entries(note) if unit.form == HEADED]


def test_headings_that_are_terms_are_learned_from_the_note() -> None:
    assert list_terms(write_glossary("港", {"待避": DRAIN, **OTHERS})) == ["待避", "櫂", "錨"]
    assert list_terms("# 待避\n\n新しい要求を受けない状態のこと。\n") == ["待避"]
    assert list_terms(write_glossary("港", {"**待避**とは": DRAIN, "What is a [pier](b.md)?": "x", **OTHERS})) == [
        "待避",
        "pier",
        "櫂",
        "錨",
    ]


@pytest.mark.parametrize(
    "titles",
    [
        ("概要", "手順", "まとめ", "例"),  # parts of any text
        ("1. 待避", "2. 復旧", "3. 桟橋"),  # numbered
        ("舟はいつ着くのか。", "なぜ待つのか?", "朝に何をする?"),  # sentences
        ("待避", "待避", "待避"),  # one frame
        ("参考文献", "References", "Links"),  # sources
        ("2024-01-01", "2024-01-02", "2024-01-03"),  # a journal
    ],
)
def test_other_headings_are_no_terms(titles: tuple[str, ...]) -> None:
    assert list_terms("# 港\n\n" + "".join(f"## {title}\n\n{DRAIN}\n\n" for title in titles)) == []


def test_headings_above_lists_and_code_are_no_terms() -> None:
    text = "".join(f"## {term}\n\n- {said}\n\n" for term, said in {**OTHERS, **MORE}.items())
    assert list_terms(text) == []
    assert list_terms(text.replace("- ", "```\n").replace("。\n", "。\n```\n")) == []


def test_a_definition_spans_its_heading_and_paragraphs() -> None:
    text = write_glossary("港", {"待避": f"{DRAIN}\n\nそのあと止まる。", **OTHERS})
    [one] = report({"a.md": text, "b/b.md": write_glossary("舟", {"待避": f"{DRAIN}\n\nそのあと止まる。", **MORE})})
    assert one.rule == "duplicate-definition"
    assert one.problem.message == "this definition of `待避` repeats another"
    [other] = one.problem.related
    assert other.place.extract_from(text) == f"### 待避\n\n{DRAIN}\n\nそのあと止まる。"


def test_a_term_in_a_heading_and_in_a_list() -> None:
    listed = (
        "# 舟\n\n## 言葉\n\n- 待避: 受けた仕事は終わるまで続けるが、新しい要求は受けない状態。\n- 帆柱: 布を張る柱。\n"
    )
    [one] = report({"a.md": write_glossary("港", {"待避": DRAIN, **OTHERS}), "b/b.md": listed})
    assert (one.rule, one.problem.place.path) == ("duplicate-term", "b/b.md")


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("受けた仕事が終わるまでは続けるが、新しい要求を受けない状態のこと。", "duplicate-term"),
        ("新しい要求を受けない状態のこと。受けた仕事も、終わるまで続ける。", "near-duplicate"),
    ],
)
def test_two_headings_with_other_words(said: str, rule: str) -> None:
    name = "待避" if rule == "duplicate-term" else "退避の形"
    files = {
        "a.md": write_glossary("港", {"待避": DRAIN, **OTHERS}),
        "b.md": write_glossary("舟", {name: said, **MORE}, 2),
    }
    assert [one.rule for one in report(files)] == [rule]


def test_a_heading_twice_in_one_section() -> None:
    text = write_glossary("港", {"待避": DRAIN, **OTHERS}) + "### 待避\n\n台風のあいだ、舟を港の奥に移しておく。\n"
    [one] = report({"a.md": text})
    assert (one.rule, one.problem.message) == ("term-repeated", "`待避` appears twice in this section")


def test_sections_of_one_form_say_the_same_of_two_things() -> None:
    parts = "".join(
        f"## {name}の港\n\n### 入り口\n\n舟は岸の灯台を見て{name}から入る。\n\n"
        f"### 出口\n\n舟は岸の灯台を見て{name}から出る。\n\n"
        for name in ("東", "西")
    )
    assert report({"a.md": f"{parts}## ほか\n\n### 桟橋\n\n板を並べたもの。\n"}) == []


@pytest.mark.parametrize("text", [SENTENCE, ENGLISH])
def test_a_paragraph_in_two_notes(text: str) -> None:
    other = f"朝の仕事をまとめておく。\n\n{text}\n"
    [one] = report({"a.md": f"# 題\n\n## 朝。\n\n{text}\n\n別の話。\n", "b/b.md": other})
    assert (one.rule, one.problem.message) == ("duplicate-definition", "this paragraph repeats another")
    assert one.problem.place.extract_from(other) == text
    longer = f"{text} とはいえ、雨の日には誰も来ない。\n"
    assert [one.problem.data["kind"] for one in report({"a.md": longer, "b.md": other})] == ["sentence"]


def test_paragraphs_that_follow_each_other_are_one_finding() -> None:
    three = [f"{start}、{SENTENCE}" for start in ("はじめに岸で", "つづいて舟で", "おわりに港で")]
    first, second = "\n\n".join(three), "\n\n- 潮の高さを毎朝みる人のこと\n\n".join(three)
    [one] = report(
        {
            "a.md": f"朝の話。\n\n{first}\n\n{'朝の別の話。' * 60}\n",
            "b.md": f"夜の話。\n\n{second}\n\n{'別の話。' * 60}\n",
        }
    )
    assert one.problem.message == "this passage of 3 entries repeats another"


@pytest.mark.parametrize(
    "text",
    [
        "おわり。また明日。",  # says too little
        f"> {SENTENCE}",
        f"「{SENTENCE}」(港の本、三章)",
        f"```\n{SENTENCE}\n```",
        f"{SENTENCE[:-1]}のはなぜか?",
        f"{SENTENCE[:-1]}ように、以下の表を埋めてください。",
        f"以下の手順に従って、{SENTENCE}",
        f"{SENTENCE[:-1]}ものは次の通り:",
        "Copyright 2020 The Harbor Authors. All rights reserved: no boat may be copied without consent.",
        "In this lab you will build a small harbor with three piers, and then look at boats which enter it.",
        "[はじめの朝の話](a.md) | [つづきの夜の話](b.md) | [すべての話の目次](c.md) | [ほかの港の人たちの話](d.md)",
        "日付: 朝のうち\n場所: 港の東の桟橋のそば\n人数: 三人で見回る\n天気: 晴れのち曇り、夜には雨",
        "Harbor, A. et al. A study of boats and piers in harbors without a light. Journal of Piers, pp. 12-40",
    ],
)
def test_what_is_no_paragraph_of_substance(text: str) -> None:
    files = {"a.md": f"# 題\n\n## 朝。\n\n{text}\n", "b.md": f"# 別\n\n## 夜。\n\n{text}\n\n別の話をここに書く。\n"}
    assert report(files) == []


@pytest.mark.parametrize(
    "words",
    [
        "COPYRIGHT by the harbor master", "© the harbor master", "(C) 1999 the harbor master", "All Rights Reserved",
        "under Creative Commons", "with cc-by", "with CC BY", "with ccby", "with CC0", "with cc 0", "with CC-0",
        "licensed under a rule", "Licence to anybody", "Permission is hereby granted", "WITHOUT WARRANTY of any kind",
        "the Apache License", "the MIT license", "as RFC 2119 has it", "as rfc8174 has it", "as RFC-2119 has it",
        "著作権のこと", "無断転載はできない", "無断複製はできない", "転載を禁じる", "何かのライセンスの下に置く",
        "何かのライセンスのもとに置く", "版权所有", "请勿转载", "저작권 안내",
    ],
)  # fmt: skip
def test_the_rights_to_a_text_are_no_definition(words: str) -> None:
    note = parse_note(f"{ENGLISH[:-1]} ({words})\n\n---\n\n{ENGLISH}\n")
    assert [unit.kind for unit in build_compared_entries(note)] == [FRAME, DEFINITION]


def test_sources_journals_projects_and_one_note() -> None:
    for head in ("## 参考文献", "## 2024-01-02"):
        assert report({f"{n}.md": f"# {n}\n\n{head}\n\n{SENTENCE}\n" + "別の話。\n" * n for n in range(2)}) == []
    assert (
        report({f"{n}/README.md": f"# {n}\n\nx\n\n---\n\n{SENTENCE}\n\n{'別の話。' * 40 * n}\n" for n in range(2)})
        == []
    )
    assert report({"a.md": f"{SENTENCE}\n\n---\n\n{SENTENCE}\n"}) == []


@pytest.mark.parametrize(("count", "reported"), [(8, 1), (9, 0)])
def test_one_paragraph_in_many_notes_is_a_template(count: int, reported: int) -> None:
    files = {f"{n}.md": f"朝の{n}番目の話。\n\n{SENTENCE}\n\n{f'別の{n}。' * 60}\n" for n in range(count)}
    assert len(report(files)) == reported


def test_positions_follow_the_note() -> None:
    note = parse_note(f"{SENTENCE}\n\n- 甲\n- 乙\n\n{SENTENCE}\n\n- 丙\n")
    units = build_compared_entries(note)
    assert [unit.form for unit in units] == [PARAGRAPH, "", "", PARAGRAPH, ""]
    assert [get_position(note, unit.entry) for unit in units] == [0, 1, 2, 3, 4]
    assert [get_position(parse_note("- 甲\n- 乙\n"), index) for index in (0, 1)] == [0, 1]
