"""Text and terms as they are compared."""

import pytest

from techstock.similarity.terms import keys
from techstock.similarity.words import grams, negations, plain, sentences, weight


def test_plain_text_has_no_width_case_space_or_punctuation() -> None:
    assert (
        plain("ＡＷＳ　Config: 「設定」を 記録-する。")
        == plain("aws config 設定を記録する")
        == "awsconfig設定を記録する"
    )
    assert plain("サーバー") != plain("サーバ")


def test_an_ideograph_says_as_much_as_two_letters() -> None:
    assert weight(plain("待避する")) == 4
    assert weight(plain("drain")) == 2.5
    assert weight("") == 0


def test_sentences() -> None:
    assert sentences(["一つ目。二つ目！三つ目"]) == [("一つ目", "二つ目", "三つ目")]
    assert sentences(["It drains. Then it stops (v1.2).\n", "一つ"]) == [("itdrains", "thenitstopsv12"), ("一つ",)]
    assert sentences(["。。", ""]) == [(), ()]
    assert sentences(["a\x1fb。\x1f"]) == [("ab",)]


def test_grams() -> None:
    assert grams("abcd") == {"abc", "bcd"}
    assert grams("ab") == {"ab"}
    assert grams("") == frozenset()


def test_negations_are_counted() -> None:
    assert negations("できないし、しません") == 2
    assert negations("It does not, and cannot") == 2
    assert negations("できる") == 0


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
    assert keys(one)[0] == keys(other)[0]
    assert keys(one)[2] == keys(other)[2]


def test_an_abbreviation_is_a_key_as_well() -> None:
    assert keys("Service Control Policy(SCP)") == ("servicecontrolpolicy", "scp", "")


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
    assert keys(one) != keys(other)
