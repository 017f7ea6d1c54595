"""Two editions of one note: what they share is one finding."""

from collections.abc import Mapping

import pytest

from techstock import registry
from techstock.duplicates.clusters import compare_all_entries
from techstock.duplicates.explanation import explain_pair
from techstock.engine.diagnostic_groups import list_all_parts
from techstock.merge.candidates import find_merge_candidates
from techstock.model import Diagnostic
from tests.duplicates.support import report_duplicates
from tests.support import make_corpus

RULES = ("duplicate-definition", "duplicate-term", "file-copy", "near-duplicate", "term-conflict")
TITLES = ("水門の板", "川の流れ", "舟の帆柱", "岸の灯台", "港の桟橋", "夜の合図")


def write_edition(said: str, shared: int, changed: int = 0) -> str:
    """Return a note of one outline; of each part the entry is shared, changed, or told in other words."""
    parts = []
    for n, title in enumerate(TITLES):
        rows = "".join(f"| {said}の{n}の{i} | {title}に{said}だけのことが起こる。 |\n" for i in range(3))
        own = f"| 所 | こと |\n| --- | --- |\n{rows}"
        text = f"- **{title}の係**: {title}を毎朝ひとりで見回り、変わりがあれば{n}人に知らせる人のこと"
        if n >= shared:
            text = f"- **{said}の{n}の番**: {said}にしか見られない{title}"
        elif n < changed:
            text += f"。{said}には休む。"
        parts.append(f"## {title}\n\n{own}\n{text}\n\n")
    return "".join(parts)


def report(files: Mapping[str, str]) -> list[Diagnostic]:
    return report_duplicates(files, RULES)


@pytest.mark.parametrize("shared", [3, 6])
def test_two_editions_are_one_finding_at_the_later(shared: int) -> None:
    [one] = report({"9.md": write_edition("朝", shared), "10.md": write_edition("夜", shared, 1)})
    assert (one.rule, one.problem.place.path, one.problem.related[0].place.path) == (
        "duplicate-definition",
        "10.md",
        "9.md",
    )
    assert one.problem.message.startswith(f"{shared} entries of this note are also in `9.md`")
    assert one.problem.data["kind"] == "edition"
    clusters = one.problem.data["clusters"]
    assert len(clusters) == len({cluster["fingerprint"] for cluster in clusters}) == shared
    assert all([place["path"] for place in cluster["places"]] == ["10.md", "9.md"] for cluster in clusters)


def test_a_little_in_common_is_not_told() -> None:
    assert report({"a.md": write_edition("朝", 2), "b.md": write_edition("夜", 2)}) == []


def test_three_editions_share_each_thing_once() -> None:
    files = {f"{n}.md": write_edition(said, 6) for n, said in enumerate(("朝", "昼", "夜"))}
    [one] = report(files)
    assert [one.problem.place.path, *(other.place.path for other in one.problem.related)][:2] == ["2.md", "0.md"]
    assert all(len(cluster["places"]) == 3 for cluster in one.problem.data["clusters"])


def test_comments_take_parts_out() -> None:
    first, second = write_edition("朝", 6), write_edition("夜", 6)
    comment = "<!-- techstock: ignore duplicate-definition -->\n"
    some = second.replace("- **水門の板の係", f"{comment}- **水門の板の係")
    [one] = report({"a.md": first, "b.md": some})
    assert len(one.parts) == 5
    more = second.replace("- **", f"{comment}- **").replace(f"{comment}- **夜の合図", "- **夜の合図")
    [left] = report({"a.md": first, "b.md": more})
    assert (left.parts, left.problem.data["kind"]) == ((), "exact")
    assert left.fingerprint in {part.fingerprint for part in list_all_parts([one])}


def test_parts_are_explained_and_merged() -> None:
    corpus = make_corpus({"a.md": write_edition("朝", 4), "b.md": write_edition("夜", 4)})
    decision = compare_all_entries(corpus)
    same = [n for n, unit in enumerate(decision.views.units) if unit.name.startswith("水門の板")]
    told = explain_pair(decision, *same)
    assert told.rule == "duplicate-definition"
    assert told.why[-1] == "one of 4 entries that are in both editions of the note"
    [merge] = find_merge_candidates(corpus, corpus.notes[1], 0, registry.list_rule_names())
    assert [unit.note for unit in merge.copies] == [0, 1]


def test_what_is_not_told_is_explained() -> None:
    decision = compare_all_entries(make_corpus({"a.md": write_edition("朝", 2), "b.md": write_edition("夜", 2)}))
    same = [n for n, unit in enumerate(decision.views.units) if unit.name.startswith("水門の板")]
    told = explain_pair(decision, *same)
    assert told.rule == ""
    assert "editions of one text" in told.why[-1]
