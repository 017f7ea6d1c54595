"""One term under several spellings: which is reported where, with which counts and which fix."""

import unicodedata
from itertools import permutations
from typing import Any

import pytest

from techstock import registry
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Corpus, Diagnostic
from techstock.parse import parse
from techstock.spelling.equivalence import is_long_vowel_optional
from techstock.spelling.variants import find_spelling_variants
from techstock.spelling.word_sequences import make_variant_key
from tests.support import apply_every_fix, get_collections, make_corpus, run_rule

OFTEN = "- 章: サーバーとサーバーとサーバー。サーバー。\n"
NAME = "- 章: DynamoDB と DynamoDB と DynamoDB。DynamoDB。\n"


def run_term_variant(files: dict[str, str], **options: Any) -> list[Diagnostic]:
    return run_rule("term-variant", files, **options)


def get_marked(files: dict[str, str], found: list[Diagnostic]) -> list[str]:
    return [d.problem.place.extract_from(files[d.problem.place.path]) for d in found]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("サーバ", "サーバー"),
        ("ユーザ", "ユーザー"),
        ("プロパティ", "プロパティー"),
        ("ストアドプロシージャ", "ストアードプロシージャー"),
        ("モニタリング", "モニターリング"),
        ("オーバーヘッド", "オーーバーヘッド"),
    ],
)
def test_long_vowels_that_may_be_missing(short: str, long: str) -> None:
    assert make_variant_key(short) == make_variant_key(long)
    assert is_long_vowel_optional(short, long)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("ビル", "ビール"),
        ("ホル", "ホール"),
        ("オナー", "オーナー"),
        ("カド", "カード"),
        ("ソト", "ソート"),
        ("コピ", "コピー"),
        ("プレ", "プレー"),
        ("シェア", "シェアー"),
        ("キペア", "キーペア"),
        ("マイナ", "マイナー"),
        ("クォータ", "クォーター"),
    ],
)
def test_long_vowels_that_make_another_word(short: str, long: str) -> None:
    assert make_variant_key(short) == make_variant_key(long)
    assert not is_long_vowel_optional(short, long)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("パス", "パーツ"),
        ("フォーム", "ホーム"),
        ("AWS AppSync", "AppSync"),
        ("RPO", "RTO"),
        ("API", "APIs"),
        ("ヴ", "バ"),
    ],
)
def test_words_that_have_no_key_in_common(one: str, other: str) -> None:
    assert make_variant_key(one) != make_variant_key(other)


def test_one_finding_for_each_spelling_and_note_at_its_first_use() -> None:
    files = {
        "01.md": "# サーバの本\n\n- サーバ: サーバとﾕｰｻﾞ。\n" + OFTEN * 2 + "- 人: ユーザー、ユーザー、ユーザー。\n",
        "02.md": "- サーバ: 二つ目。\n",
    }
    found = run_term_variant(files)
    assert [(d.problem.place.path, d.problem.place.start) for d in found] == [("01.md", 2), ("01.md", 20), ("02.md", 2)]
    assert get_marked(files, found) == ["サーバ", "ﾕｰｻﾞ", "サーバ"]
    data = found[0].problem.data
    assert data == {"spelling": "サーバ", "count": 4, "use": "サーバー", "use_count": 8, "here": 3}


@pytest.mark.parametrize(
    ("often", "seldom", "reported"), [(2, 1, 0), (3, 1, 1), (4, 2, 1), (5, 3, 0), (3, 3, 0), (9, 4, 1)]
)
def test_majority(often: int, seldom: int, reported: int) -> None:
    text = f"- 章: {'サーバー、' * often}\n- 節: {'サーバ、' * seldom}\n"
    assert len(run_term_variant({"01.md": text})) == reported


def test_a_second_rival_leaves_it_open() -> None:
    assert not run_term_variant({"01.md": f"- 章: {'サーバー、' * 5}{'サーバ、' * 3}ｻｰﾊﾞｰ\n"})


def test_message_and_related_name_both_spellings() -> None:
    problem = run_term_variant({"01.md": OFTEN, "02.md": "- 節: サーバの中。\n"})[0].problem
    assert problem.message == "`サーバ` is mostly written `サーバー`: 1 against 4"
    assert [(r.place.path, r.place.start, r.message) for r in problem.related] == [
        ("01.md", 5, "written `サーバー` here")
    ]


def test_related_is_in_the_same_note_where_it_can_be_and_else_the_first_in_reading_order() -> None:
    files = {"9.md": OFTEN, "10.md": OFTEN, "20.md": "- 節: サーバの中。\n", "30.md": "- 節: サーバとサーバー。\n"}
    found = {d.problem.place.path: d.problem.related[0].place.path for d in run_term_variant(files)}
    assert found == {"20.md": "9.md", "30.md": "30.md"}


def test_fix_is_safe_in_terms_only() -> None:
    in_term = run_term_variant({"01.md": NAME + "- **Dynamo DB** (Dynamo DB): 表。\n"})
    in_both = run_term_variant({"01.md": NAME + "- Dynamo DB: 表。Dynamo DB の表。\n"})
    in_text = run_term_variant({"01.md": NAME + "- 表: Dynamo DB の表。\n"})
    assert [d.problem.fix.safe for d in (*in_term, *in_both, *in_text) if d.problem.fix] == [True, False, False]


def test_fix_changes_every_use_and_nothing_else() -> None:
    files = {
        "01.md": NAME + "# Dynamo DB\r\n\r\n- 表: Dynamo DB と `Dynamo DB` と https://a.example/Dynamo DB\r\n",
        "02.md": OFTEN + "\ufeff> か\u3099 ｻｰﾊﾞの\tｻｰﾊﾞｰ、サーハ\u3099\u3000サーバレス\r\n",
    }
    after = apply_every_fix(files, run_term_variant(files))
    assert after["01.md"] == NAME + "# DynamoDB\r\n\r\n- 表: DynamoDB と `Dynamo DB` と https://a.example/Dynamo DB\r\n"
    assert after["02.md"] == OFTEN + "\ufeff> か\u3099 サーバーの\tサーバー、サーバー\u3000サーバレス\r\n"
    assert not run_term_variant(after)


def test_decomposed_kana_are_no_spelling_of_their_own() -> None:
    text = unicodedata.normalize("NFD", OFTEN)
    assert not run_term_variant({"01.md": OFTEN, "02.md": text})
    assert get_marked(
        {"01.md": text, "02.md": "- 節: サーバ。\n"}, run_term_variant({"01.md": text, "02.md": "- 節: サーバ。\n"})
    ) == ["サーバ"]


def test_decomposed_kana_are_found() -> None:
    files = {"01.md": OFTEN, "02.md": "- 節: サーハ\u3099の中。\n"}
    assert get_marked(files, run_term_variant(files)) == ["サーハ\u3099"]


def test_the_shortest_words_that_differ_are_marked() -> None:
    files = {
        "01.md": NAME
        + "- Amazon DynamoDB: Amazon DynamoDB、Amazon DynamoDB。\n- One-Zone-IA: 一つ。One-Zone-IA、One-Zone-IA。\n",
        "02.md": "- Amazon Dynamo DB: 表。\n- One Zone IA: 一つ。\n",
    }
    assert get_marked(files, run_term_variant(files)) == ["Dynamo DB", "One Zone IA"]


def test_a_word_is_not_judged_by_a_slip_that_resembles_both() -> None:
    files = {"01.md": f"- 章: {'Hub、' * 8}\n- 節: HUB と HUb。\n"}
    assert get_marked(files, run_term_variant(files)) == ["HUb"]


def test_what_is_too_long_is_no_term() -> None:
    long = "アイウエオ" * 16
    assert run_term_variant({"01.md": f"{long[1:]}、{long[1:]}、{long[1:]}、{long[1:]}ー"})
    assert not run_term_variant({"01.md": f"{long}、{long}、{long}、{long}ー"})


def test_the_longer_spelling_takes_the_place() -> None:
    files = {
        "01.md": OFTEN + "- 板: 画面サイズ、ウェブサーバー、ウェブサーバー、ウェブサーバー。\n",
        "02.md": "- 節: ウェブ サーバーとウェブ サーバ。\n",
    }
    found = run_term_variant(files)
    assert get_marked(files, found) == ["ウェブ サーバー", "ウェブ サーバ"]
    assert apply_every_fix(files, found)["02.md"] == "- 節: ウェブサーバーとウェブサーバー。\n"


def test_preferred_spelling_goes_before_the_majority() -> None:
    files = {"01.md": OFTEN, "02.md": "- 節: サーバの中。\n"}
    found = run_term_variant(files, prefer=("サーバ",))
    assert get_marked(files, found) == ["サーバー"]
    assert found[0].problem.message == "`サーバー` is not the preferred spelling, `サーバ`"
    assert found[0].problem.related[0].place.path == "02.md"


def test_preferred_spelling_that_no_note_holds() -> None:
    found = run_term_variant({"01.md": OFTEN}, prefer=("サーバ",))
    assert len(found) == 1
    assert found[0].problem.related == ()
    assert not run_term_variant({"01.md": apply_every_fix({"01.md": OFTEN}, found)["01.md"]}, prefer=("サーバ",))


def test_two_preferred_spellings_of_one_term_may_both_stand() -> None:
    assert not run_term_variant({"01.md": OFTEN, "02.md": "- 節: サーバの中。\n"}, prefer=("サーバ", "サーバー"))


def test_allowed_spelling_is_left_alone_and_others_are_not() -> None:
    files = {"01.md": OFTEN, "02.md": "- 節: サーバとｻｰﾊﾞｰ。\n"}
    assert get_marked(files, run_term_variant(files, allow=("サーバ",))) == ["ｻｰﾊﾞｰ"]


def test_words_in_small_letters_make_a_word_common() -> None:
    name = "- 節: DateTime、DateTime、DateTime、DateTime と Datetime。\n"
    assert len(run_term_variant({"01.md": name})) == 1
    assert not run_term_variant({"01.md": name, "02.md": "- 節: " + "datetime " * 6 + "\n"})


def test_hyphens_need_a_term() -> None:
    files = {"01.md": "# Blue-Green\n\nBlue-Green と Blue-Green、Blue Green。\n"}
    assert not run_term_variant(files)
    assert len(run_term_variant(files | {"02.md": "- Blue-Green: 二つの環境。\n"})) == 1


def test_middle_dot_between_frequent_words_is_a_list() -> None:
    files = {
        "01.md": "- 章: ユーザーグループ、ユーザーグループ、ユーザーグループ。\n",
        "02.md": "- 節: ユーザー・グループ\n",
    }
    assert len(run_term_variant(files)) == 1
    assert not run_term_variant(files | {"03.md": "- 節: " + "ユーザー、グループ、" * 4 + "\n"})


def test_the_order_of_notes_changes_nothing() -> None:
    texts = [OFTEN, "- 節: サーバ。サーバ。\n", NAME + "- 節: Dynamo DB、Dynamodb。\n", "- Dynamo DB: サーバーの表。\n"]
    notes = [parse(f"{number}.md", text) for number, text in enumerate(texts)]
    plan = RuleRun(registry.load_rule("term-variant"), WARNING, {})
    expected = diagnose(Corpus(tuple(notes)), [plan])
    assert len(expected) == 4
    for shuffled in permutations(notes):
        assert diagnose(Corpus(shuffled), [plan]) == expected


def test_what_is_said_of_one_note_does_not_depend_on_which_is_named() -> None:
    notes = make_corpus({"01.md": OFTEN, "02.md": "- 節: サーバの中。\n", "03.md": "- 節: サーバの外。\n"})
    plan = RuleRun(registry.load_rule("term-variant"), WARNING, {})
    alone = diagnose(notes, [plan], {"03.md"})
    assert alone == [d for d in diagnose(notes, [plan]) if d.problem.place.path == "03.md"]
    assert len(alone) == 1


def test_hostile_words_are_passed_over() -> None:
    words = ["アー" * 3000, "aB" * 3000, "A" + "a-B" * 2000, "ア・" * 2000, "アイウエ" + "ー" * 200]
    assert find_spelling_variants(make_corpus({"01.md": "\n\n".join(words * 4)})) == {}


def test_seed_has_the_one_variant() -> None:
    text = (get_collections() / "seed.md").read_text("utf-8")
    assert get_marked({"seed.md": text}, run_term_variant({"seed.md": text})) == ["ストアードプロシージャー"]
