import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import collect_compared_entries
from techstock.duplicates.matching import Rejection
from techstock.duplicates.near_rules import judge_near
from techstock.duplicates.near_search import find_near_pairs, find_similar_texts
from techstock.duplicates.normalize import tokenize_text
from techstock.model import Corpus
from tests.support import make_corpus

pytestmark = pytest.mark.no_cover  # what these repeat a hundred times, others show once

# Few words, so that many texts are near. Some are compared by runs of three characters, some by words.
PIECES = (
    "荷物を", "荷物は", "倉庫へ", "倉庫に", "すぐに", "運び", "運ぶ", "預けて", "サーバー", "サーバ", "待つ",
    "台を止め", " the ", " queue ", " keeps ", " every message ", " for four days ", " S3 ", " EC2 ", "、", "・",
)  # fmt: skip


@st.composite
def families(draw: st.DrawFn) -> list[str]:
    """Texts and edited copies of them: pieces left out, added and replaced."""
    found: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        pieces = draw(st.lists(st.sampled_from(PIECES), min_size=6, max_size=24))
        found.append("".join(pieces))
        for _ in range(draw(st.integers(0, 3))):
            copy = list(pieces)
            for at in draw(st.lists(st.integers(0, len(copy) - 1), max_size=4)):
                copy[at] = draw(st.sampled_from(("", *PIECES)))
            found.append("".join(copy))
    return found


def written(folders: list[list[list[str]]]) -> dict[str, str]:
    """Notes in folders, one entry for each text."""
    return {
        f"{folder}/{number}.md": "".join(f"- {' '.join(text.split()) or 'x'}\n" for text in texts)
        for folder, notes in enumerate(folders)
        for number, texts in enumerate(notes)
    }


def views(files: dict[str, str], scope: str) -> ComparisonContext:
    found = make_corpus(files)
    return ComparisonContext(Corpus(found.notes, scope), collect_compared_entries(found), scope)


def brute_force(seen: ComparisonContext) -> list[tuple[int, int, float]]:
    found = []
    for first, second in combinations(range(len(seen.units)), 2):
        a, b = seen.units[first], seen.units[second]
        one, other = tokenize_text(a.text), tokenize_text(b.text)
        if min(a.weight, b.weight) < 20 or a.own == b.own or seen.get_scope_key(a) != seen.get_scope_key(b):
            continue
        common, union = len(one & other), len(one | other)
        if 10 * common >= (8 if a.note == b.note else 6) * union:
            found.append((first, second, common / union))
    return found


@given(
    st.lists(st.lists(families(), min_size=1, max_size=3), min_size=1, max_size=2),
    st.sampled_from(["file", "directory", "corpus"]),
)
def test_misses_nothing_and_adds_nothing(folders: list[list[list[str]]], scope: str) -> None:
    seen = views(written(folders), scope)
    assert sorted(find_near_pairs(seen)) == brute_force(seen)


def joined(texts: list[str]) -> set[tuple[int, int]]:
    return {(min(a, b), max(a, b)) for a, b, _, _ in find_similar_texts(texts)}


def list_expected_pairs(texts: list[str]) -> set[tuple[int, int]]:
    sets = [tokenize_text(text) for text in texts]
    near = (5 * len(a & b) >= 3 * len(a | b) > 0 for a, b in combinations(sets, 2))
    return {pair for pair, is_near in zip(combinations(range(len(texts)), 2), near, strict=True) if is_near}


# Between words parted by の nothing is common but the words: every set of tokens can be written.
SETS = st.sets(st.sampled_from("abcdefghijklmn"), min_size=1, max_size=12).map(lambda words: "の".join(sorted(words)))


@given(st.lists(SETS, max_size=40, unique=True))
def test_the_join_of_any_sets_is_brute_force(texts: list[str]) -> None:
    assert joined(texts) == list_expected_pairs(texts)


@pytest.mark.parametrize("size", range(2, 26))
def test_pairs_at_the_threshold_are_found(size: int) -> None:
    """The rarest tokens differ wherever they may: of `size` tokens as many are common as just make the pair near."""
    words = [f"w{number}" for number in range(size)]
    least = -(-3 * (size + 1) // 5) - 1  # of the words; の is common, too
    texts = ["の".join(words[:common] + [f"{name}{at}" for at in range(extra)]) for name, common, extra in (
        ("own", size, 0), ("first", least, 0), ("second", least - 1, 0), ("third", size - 1, 1), ("last", size - 2, 2),
    )]  # fmt: skip
    texts += [f"w{number}のxの{number}" for number in range(least, size) for _ in range(1)]
    texts += ["の".join(words[least:]) + "のyのz"]
    texts = list(dict.fromkeys(text for text in texts if text))
    assert joined(texts) == list_expected_pairs(texts)


@given(families(), st.randoms(use_true_random=False))
def test_order_makes_no_difference(texts: list[str], chance: random.Random) -> None:
    def found(seen: ComparisonContext) -> list[tuple[list[str], float]]:
        return sorted((sorted(seen.units[index].text for index in pair[:2]), pair[2]) for pair in find_near_pairs(seen))

    seen = views(written([[[text] for text in texts]]), "corpus")
    other = list(seen.units)
    chance.shuffle(other)
    assert found(seen) == found(ComparisonContext(seen.corpus, other, "corpus"))


def test_generated_texts_are_near_now_and_then() -> None:
    """Else the tests above would compare nothing with nothing."""
    texts = [
        "荷物を倉庫へすぐに運び、預けて待つ the queue keeps every message",
        "荷物を倉庫へ運び、預けて待つ the queue keeps every message",
    ]
    assert len(list(find_near_pairs(views(written([[[text] for text in texts]]), "corpus")))) == 1


def test_one_threshold_between_notes_and_another_within() -> None:
    one, other = (
        "台を止める前に荷物を倉庫へ預けて、朝まで静かに待つこと",
        "台を止める前に荷物を倉庫へ預けて、夜明けまで静かに待つこと",
    )
    assert 0.6 <= len(tokenize_text(one) & tokenize_text(other)) / len(tokenize_text(one) | tokenize_text(other)) < 0.8
    assert len(list(find_near_pairs(views({"a.md": f"- {one}\n", "b.md": f"- {other}\n"}, "corpus")))) == 1
    assert list(find_near_pairs(views({"a.md": f"- {one}\n\nx\n\n- {other}\n"}, "corpus"))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("荷物を倉庫へ運び、朝まで静かに待つことにす", 1), ("荷物を倉庫へ運び、朝まで静かに待つことに", 0)],
)
def test_what_says_little_is_not_compared(text: str, found: int) -> None:
    seen = views({"a.md": f"- {text}\n", "b.md": f"- {text}る日\n"}, "corpus")
    assert min(unit.weight for unit in seen.units) == 20 - (not found)
    assert len(list(find_near_pairs(seen))) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("荷物を運ぶ", {"荷物を", "物を運", "を運ぶ"}),
        ("荷・物、を 運", {"荷物を", "物を運"}),  # punctuation and spaces count for nothing
        ("台", {"台"}),
        ("keeps every message", {"keeps", "every", "message", "keeps every", "every message"}),
        ("Ｓ３に置くこと", {"s3", "に置く", "置くこ", "くこと"}),
        ("S3 へ S3", {"s3", "へ"}),  # two words with others between them are no pair
        ("ｻｰﾊﾞ", {"サーバ"}),
        ("", set()),
        ("。、・ー", {"ー"}),
    ],
)
def test_tokens(text: str, expected: set[str]) -> None:
    assert tokenize_text(text) == expected


def refused(judged: object) -> str:
    """Return the reason of a rejection; empty for a pair."""
    return judged.reason.removeprefix("near-") if isinstance(judged, Rejection) else ""


FRAME = "夜の集計は{}で動かし、終わったら結果を倉庫へ送り、台を止めてから朝を待つ"


@pytest.mark.parametrize(
    ("one", "other", "guard"),
    [
        (FRAME.format(" 30 分"), FRAME.format(" 90 分"), "numbers"),
        (FRAME.format(" Kafka "), FRAME.format(" Kinesis "), "names"),
        (FRAME.format("グローバルな表"), FRAME.format("ローカルな表"), "names"),
        (FRAME.format("表") + "ことができる", FRAME.format("表") + "ことができない", "negation"),
        (FRAME.format("表"), FRAME.format("小さな表"), ""),
        (FRAME.format(" 30 分"), FRAME.format("表"), ""),  # the one says more, and not something else
        (FRAME.format("サーバー"), FRAME.format("サーバとクラウド"), ""),
        (FRAME.format("サーバー"), FRAME.format("クラウド"), "names"),
        (FRAME.format("東の表"), FRAME.format("西の表"), "ideographs"),
        (FRAME.format("停止の前"), FRAME.format("再開の前"), "ideographs"),
        (FRAME.format("最初の表"), FRAME.format("最後の表"), "ideographs"),
        (FRAME.format("甲 -> 乙の表"), FRAME.format("甲 <- 乙の表"), "signs"),
    ],
)
def test_guards_on_words(one: str, other: str, guard: str) -> None:
    seen = views({"a.md": f"- {one}。\n", "b.md": f"- {other}。\n"}, "corpus")
    ((first, second, _),) = find_near_pairs(seen)
    assert refused(judge_near(seen, first, second)) == guard


LONG = "夜の集計は表の上で動かし、終わったら結果を倉庫へ送り、台を止めてから朝を待つこと。次の朝に結果を読み、棚へ戻す"


@pytest.mark.parametrize(
    ("files", "guard"),
    [
        ({"a.md": f"- {LONG}\n- {LONG}前\n"}, "siblings"),
        ({"a.md": f"- 甲:\n  - {LONG}\n- 乙:\n  - {LONG}前\n"}, "cousins"),
        ({"a.md": f"- {LONG}\n  - {LONG}前\n"}, "nested"),
        ({"a.en.md": f"- {LONG}\n", "a.ja.md": f"- {LONG}前\n"}, "translation"),
        ({"a.md": f"- 例: {LONG}\n", "b.md": f"- 例: {LONG}前\n"}, "terms"),
        ({"a.md": f"- 表 (小さい方): {LONG}\n", "b.md": f"- 表 (大きい方): {LONG}前\n"}, "terms"),
        ({"a.md": f"- 東 (storage): {LONG}\n", "b.md": f"- 西 (storage): {LONG}前\n"}, "terms"),
        ({"a.md": f"- 表: {LONG}\n", "b.md": f"- 表: {LONG}前\n"}, ""),
        ({"a.md": f"- 例: {LONG}\n", "b.md": f"- 表: {LONG}前\n"}, ""),
        ({"a.md": f"- 表 (小さい方): {LONG}\n", "b.md": f"- 表: {LONG}前\n"}, ""),
        ({"a.md": f"- 表 (小さい方): {LONG}\n", "b.md": f"- 表 (小さい方): {LONG}前\n"}, ""),
        ({"a.md": f"- {LONG}\n\n段落\n\n- {LONG}前\n"}, ""),
    ],
)
def test_guards_on_places_and_terms(files: dict[str, str], guard: str) -> None:
    seen = views(files, "corpus")
    ((first, second, _),) = find_near_pairs(seen)
    assert refused(judge_near(seen, first, second)) == guard


def test_two_texts_written_many_times_are_not_paired_one_by_one() -> None:
    """All copies hang together, and the number of pairs grows with the copies, not with their product."""
    said = "新しい要求を受けず、いまの仕事を終えてから止まること。台はそのあとで手放す。"
    for copies in (60, 120):
        lines = [f"- 項{number % 2}: {said}\n" for number in range(2 * copies)]
        pairs = list(find_near_pairs(views({"a.md": "".join(lines)}, "corpus")))
        assert len(pairs) == 2 * copies - 1
        joined = {pairs[0][0]}
        for _ in range(3):
            for first, second, _score in pairs:
                joined |= {first, second} if joined & {first, second} else set()
        assert len(joined) == 2 * copies
