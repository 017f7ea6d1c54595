"""Text and terms as they are compared."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.duplicates.normalize import (
    compute_weight,
    count_negations,
    extract_trigrams,
    make_readable,
    normalize_sentences,
    normalize_text,
    normalize_texts,
    weighs,
)
from techstock.duplicates.term_keys import differ_in_head, has_abbreviation, is_same_term, make_term_keys


def test_plain_text_has_no_width_case_space_or_punctuation() -> None:
    assert (
        normalize_text("ＡＷＳ　Config: 「設定」を 記録-する。")
        == normalize_text("aws config 設定を記録する")
        == "awsconfig設定を記録する"
    )
    assert normalize_text("サーバー") != normalize_text("サーバ")


def test_an_ideograph_says_as_much_as_two_letters() -> None:
    assert compute_weight(normalize_text("待避する")) == 4
    assert compute_weight(normalize_text("drain")) == 2.5
    assert compute_weight("") == 0


def test_sentences() -> None:
    assert normalize_sentences(["一つ目。二つ目！三つ目"]) == [("一つ目", "二つ目", "三つ目")]
    assert normalize_sentences(["It drains. Then it stops (v1.2).\n", "一つ"]) == [
        ("itdrains", "thenitstopsv1.2"),
        ("一つ",),
    ]
    assert normalize_sentences(["波が高い場合\n  港の外へ出る。"]) == [
        ("波が高い場合港の外へ出る",)
    ]  # a soft line break ends none
    assert normalize_sentences(["。。", ""]) == [(), ()]
    assert normalize_sentences(["a\x1fb。\x1f"]) == [("ab",)]


@given(st.lists(st.text("aZ9 .+#-<>=_!?'`/:\n", max_size=12), max_size=4))
def test_ascii_is_normalized_like_other_text(texts: list[str]) -> None:
    """The text behind them is not ASCII, so that none of them is taken for it."""
    assert [*normalize_texts(texts), "あ"] == normalize_texts([*texts, "あ"])
    assert normalize_texts(texts) == [normalize_text(text) for text in texts]


@given(st.lists(st.text("aZ9 .+-<>=→_!?'`/:\n字。！（）\u3000\x1e", max_size=12), max_size=4))
def test_sentences_are_normalized_together_as_alone(texts: list[str]) -> None:
    """A text that holds what parts the others makes each sentence be normalized alone."""
    alone = [normalize_sentences([text, "\x1f\x1f"])[0] for text in texts]
    assert normalize_sentences(texts) == alone
    assert normalize_sentences([text.replace("\x1e", " ") for text in texts]) == alone


def test_code_ends_with_its_text_whatever_it_holds() -> None:
    assert normalize_text("`a(\x1f)` b") == normalize_text("`a( )` b") == normalize_texts(["`a( )` b", "字`"])[0]
    assert normalize_texts(["x ` y", "z ` w"]) == ["xy", "zw"]


@given(st.text("a字ﾊé𠮷", max_size=9), st.sampled_from([0.5, 2, 2.5, 4, 4.5]))
def test_a_text_weighs_what_is_computed(text: str, least: float) -> None:
    assert weighs(text, least) == (compute_weight(text) >= least)


def test_grams() -> None:
    assert extract_trigrams("abcd") == {"abc", "bcd"}
    assert extract_trigrams("ab") == {"ab"}
    assert extract_trigrams("") == frozenset()


def test_negations_are_counted() -> None:
    assert count_negations("できないし、しません") == 2
    assert count_negations("It does not, and cannot") == 2
    assert count_negations("できる") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ECS", "ＥＣＳ"),
        ("ECS", "ecs"),
        ("Security Hub", "SecurityHub"),
        ("AWS Config", "Config"),
        ("Amazon EFS", "EFS"),
        ("SCP(Service Control Policy)", "SCP"),
        ("待避（Drain）", "待避"),
        ("**待避**", "待避"),
        ("目標復旧時間 (RTO)", "目標復旧時間"),
    ],
)
def test_one_term(one: str, other: str) -> None:
    assert make_term_keys(one)[0] == make_term_keys(other)[0]
    assert make_term_keys(one)[2] == make_term_keys(other)[2]


def test_an_abbreviation_is_a_key_as_well() -> None:
    assert make_term_keys("Service Control Policy(SCP)") == ("servicecontrolpolicy", "scp", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RTO", "RPO"),
        ("配置 (A)", "配置 (B)"),
        ("予約 (スタンダード)", "予約 (コンバーティブル)"),
        ("`-w`", "`-W`"),
        ("ストアドプロシージャ", "ストアードプロシージャー"),
        ("サーバ", "サーバー"),
    ],
)
def test_two_terms(one: str, other: str) -> None:
    assert make_term_keys(one) != make_term_keys(other)


class Term(NamedTuple):
    key: str
    short: str
    other: str
    expands: bool


def term(name: str) -> Term:
    return Term(*make_term_keys(name), has_abbreviation(name))


@pytest.mark.parametrize(
    ("one", "other", "same", "apart"),
    [
        ("EBS (Elastic Block Store)", "Elastic Block Store (EBS)", True, False),
        ("EBS", "Amazon Elastic Block Store（EBS）", True, False),
        ("EBS (Elastic Block Store)", "EBS (ストレージ)", True, False),
        ("Database Migration Service (DMS)", "Databse Migration Service (DMS)", True, False),
        ("待避 (drain)", "drain (待避)", True, False),
        ("待避 (drain)", "drain", True, False),
        ("EBS (ストレージ)", "ＥＢＳ（ストレージ）", True, False),
        ("EBS (ストレージ)", "EFS (ストレージ)", False, True),
        ("Windows (既定の置き場所)", "Linux (既定の置き場所)", False, True),
        ("ALB（ロードバランサー）", "NLB (ロードバランサー)", False, True),
        ("`ls` (一覧)", "`dir` (一覧)", False, True),
        ("東口 (gate)", "西口 (gate)", False, True),
        ("東口 (JR)", "西口 (JR)", False, True),
        ("Windows (default)", "Linux (default)", False, True),
        ("配置 (必須)", "台数 (必須)", False, True),
        ("配置 (A)", "配置 (B)", False, False),
        ("EBS (ストレージ)", "ストレージ (EBS)", True, False),
        ("EBS", "EFS", False, False),
    ],
)
def test_what_a_parenthesis_makes_of_two_terms(one: str, other: str, same: bool, apart: bool) -> None:
    for a, b in ((term(one), term(other)), (term(other), term(one))):
        assert is_same_term(a, b) is same
        assert differ_in_head(a, b) is apart
    nothing = Term("", "", "", False)
    assert not is_same_term(nothing, nothing)
    assert not differ_in_head(nothing, nothing)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(送り手 -> 受け手)", "(送り手 <- 受け手)"),
        ("甲 → 乙", "甲 ← 乙"),
        ("±5", "5"),
        ("-1 を返す", "1 を返す"),
        ("1.5 倍", "15 倍"),
        ("a <= b", "a >= b"),
        ("`hash(a, b)` を送る", "`hash(a)`, b を送る"),
        ("`-w` を付ける", "`-W` を付ける"),
        ("C++ で書く", "C# で書く"),
        ("https://a.example/x を見る", "https://a.example/y を見る"),
    ],
)
def test_signs_carry_meaning(one: str, other: str) -> None:
    assert normalize_text(one) != normalize_text(other)
    assert normalize_text(one) == normalize_texts([one, ""])[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [("甲 -> 乙", "甲→乙"), ("`null` か 0", "null か 0"), ("→ 停止", "停止"), ("a => b", "a ⇒ b"), ("≤ 5", "<= 5")],
)
def test_spellings_of_one_sign(one: str, other: str) -> None:
    assert normalize_text(one) == normalize_text(other)


def test_the_letters_of_an_address_say_nothing() -> None:
    assert (
        compute_weight(normalize_text("見る https://example.org/a/very/long/path?with=query"))
        == compute_weight("見る") + 1
    )


def test_plain_code_is_readable() -> None:
    assert make_readable(normalize_text("`hash(a, b)` を")) == "hash(a,b)を"


ARROWS = {
    "a --> b": "a→b", "a ==> b": "a→b", "a <== b": "a<b", "a <- b": "a←b", "a <-> b": "a↔b", "a <=> b": "a↔b",
    "a <= b": "a≤b", "a >= b": "a≥b", "a >==> b": "a≥→b", "a <=-> b": "a≤→b", "a -->=> b": "a→→b", "a - b": "ab",
    "a --- b": "ab", "a === b": "ab", "a <--- b": "a←b", "a <--b": "a←b",
}  # fmt: skip


@pytest.mark.parametrize("text", ARROWS)
def test_arrows_of_marks(text: str) -> None:
    assert normalize_text(text) == ARROWS[text]


@pytest.mark.parametrize("mark", ["-", "=", "<-", ">=", "-<"])
def test_a_long_rule_of_marks_is_read_once(mark: str) -> None:
    """To look for the end of an arrow at each mark would take minutes."""
    assert normalize_text(f"語{mark * 500_000}。")[0] == "語"
