"""Clusters of copies as a person decides on them."""

from techstock.report.cluster_reviews import (
    GAINS,
    READY,
    REFUSED,
    WHOLE_NOTE,
    ClusterReview,
    CopyPlace,
    CopyText,
    group_by_note_pairs,
    review_clusters,
)
from tests.support import make_corpus, run_every_rule

DRAIN = "- 待避: 水門のそばで新しい舟を受けず、流れを見ながら空くのを待つ状態のこと。"
MORE = "\n{}のことを、昔の人が書き残した順に述べていく。\n" * 12


def review(files: dict[str, str]) -> list[ClusterReview]:
    corpus = make_corpus({path: f"# {path}\n\n{text}{MORE.replace('{}', path)}" for path, text in files.items()})
    return review_clusters(corpus, [one for one in run_every_rule(corpus) if one.rule.startswith(("dup", "file"))])


def test_equal_copies_are_shown_once_with_their_places() -> None:
    [found] = review({"a.md": f"{DRAIN}\n", "b.md": f"## 夜\n\n{DRAIN}\n"})
    [text] = found.texts
    assert text.source == (DRAIN,)
    assert text.places == (CopyPlace("a.md", 3, "a.md"), CopyPlace("b.md", 5, "夜"))
    assert (found.kind, found.copies, found.paths, found.term) == (READY, 2, ("a.md", "b.md"), "待避")
    assert found.outcome is not None
    assert found.outcome.kept == ()
    [(place, kind, becomes)] = found.outcome.others
    assert (place.path, kind) == ("b.md", "pointer")
    assert becomes.startswith("- 待避: → [")


def test_a_copy_that_says_more_is_gained() -> None:
    [found] = review({"a.md": f"{DRAIN}\n", "b.md": f"{DRAIN}\n  - 朝の六時に始まり、夜の九時に終わる。\n"})
    whole = found.outcome
    assert whole is not None
    assert found.kind in (READY, GAINS)
    assert sorted(len(text.source) for text in found.texts) == [1, 2]
    said = [*whole.kept, *(line for text in found.texts if text.kept for line in text.source)]
    assert any("朝の六時" in line for line in said)


def test_what_cannot_be_merged_says_why() -> None:
    formula = "- 式: 水の深さを測るときに使う式 $a^2$ で、朝と夜に一度ずつ計算しておくもののこと。\n"
    [found] = review({"a.md": formula, "b.md": formula})
    assert found.kind == REFUSED
    assert "formula" in found.reason
    assert found.outcome is None


def test_a_note_that_is_a_copy_is_one_review() -> None:
    text = "".join(f"- 語{n}: 水門のそばで{n}番目に使うもので、流れを見ながら動かす。\n" for n in range(12))
    corpus = make_corpus({"a.md": f"# 水\n\n{text}", "b.md": f"# 水\n\n{text}"})
    found = review_clusters(corpus, [one for one in run_every_rule(corpus) if one.rule == "file-copy"])
    assert [(one.kind, one.paths) for one in found] == [(WHOLE_NOTE, ("b.md", "a.md"))]


def make_review(*paths: str) -> ClusterReview:
    places = tuple(CopyPlace(path, 1, "") for path in paths)
    return ClusterReview("f", "duplicate-term", READY, "t", (CopyText(("x",), places, True),))


def test_pairs_with_most_clusters_come_first_and_each_cluster_once() -> None:
    reviews = [make_review("c", "d"), make_review("a", "b"), make_review("b", "a"), make_review("a", "b", "c")]
    pairs = group_by_note_pairs([*reviews, make_review("e", "e")])
    assert [(pair.paths, len(pair.reviews)) for pair in pairs] == [
        (("a", "b"), 3),
        (("c", "d"), 1),
        (("e", "e"), 1),
    ]
