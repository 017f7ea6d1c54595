"""What else two notes share: from three entries on one finding, wherever they are in the notes."""

import pytest

from techstock.duplicates.clusters import compare_all_entries
from techstock.duplicates.explanation import explain_pair
from techstock.engine.diagnostic_groups import list_all_parts
from techstock.model import Diagnostic
from tests.duplicates.support import report_duplicates
from tests.support import make_corpus

RULES = ("duplicate-definition", "duplicate-term", "file-copy")
DUTIES = {
    "水門番": "夜が明けるころに水門の板を持ち上げて、上の池から田へ水を流す役目の人。",
    "綱引き": "岸から太い綱を引いて、流れに逆らう荷舟を上の町まで運ぶ仕事をする人。",
    "灯台守": "沖を行く舟に岸のありかを知らせるため、日暮れから明け方まで火を絶やさない人。",
    "渡し守": "橋のない川で、客と馬を平たい舟に乗せて向こう岸まで渡すことを許された人。",
}


def write_note(said: str, count: int) -> str:
    """Return a note with so many of the duties, each in a section of its own, with entries of the note between them."""
    sections = []
    for number, (term, duty) in enumerate(list(DUTIES.items())[:count]):
        own = "".join(f"- {said}{number}{word}: {said}の{number}の{word}のこと\n" for word in ("朝", "昼", "夕", "夜"))
        sections.append(f"{own}\n段落。\n\n- {term}: {duty}\n\n段落。\n\n{own.replace('のこと', 'の続き')}\n")
    return "".join(f"## {number + 1}.\n\n{text}" for number, text in enumerate(sections))


def report(first: str, second: str) -> list[Diagnostic]:
    return report_duplicates({"9.md": first, "10.md": second}, RULES)


@pytest.mark.parametrize(("count", "expected"), [(2, 2), (3, 1), (4, 1)])
def test_three_separate_entries_of_two_notes_are_one_finding(count: int, expected: int) -> None:
    found = report(write_note("東", count), write_note("西", count))
    assert len(found) == expected
    assert len(list_all_parts(found)) == count


def test_the_finding_is_in_the_later_note() -> None:
    [one] = report(write_note("東", 3), write_note("西", 3))
    assert one.problem.message == "3 entries of this note are also in `9.md`"
    assert (one.rule, one.problem.place.path, one.problem.data["kind"]) == ("duplicate-definition", "10.md", "shared")
    clusters = one.problem.data["clusters"]
    assert len({cluster["fingerprint"] for cluster in clusters}) == 3
    assert all([place["path"] for place in cluster["places"]] == ["10.md", "9.md"] for cluster in clusters)


def test_entries_of_three_notes_are_told_by_pairs() -> None:
    notes = {f"{n}.md": write_note(said, 3) for n, said in enumerate("東西南")}
    [one] = report_duplicates(notes, RULES)
    assert all(len(cluster["places"]) == 3 for cluster in one.problem.data["clusters"])


def test_fingerprints_outlive_the_group() -> None:
    second = write_note("西", 3)
    before = {part.fingerprint for part in list_all_parts(report(write_note("東", 3), second))}
    gone = second.replace(f"- 水門番: {DUTIES['水門番']}\n", "")
    after = report(write_note("東", 3), gone)
    assert len(after) == 2
    assert {one.fingerprint for one in after} < before


@pytest.mark.parametrize(("rule", "count"), [("duplicate-definition", 4), ("duplicate-term", 3)])
def test_a_comment_takes_an_entry_out_by_its_own_rule(rule: str, count: int) -> None:
    second = write_note("西", 4).replace(DUTIES["渡し守"], f"{DUTIES['渡し守'][:-2]}者、と西の書に言う。")
    [one] = report(write_note("東", 4), second)
    assert {part.rule for part in one.parts} == {"duplicate-definition", "duplicate-term"}
    some = second.replace("- 渡し守", f"<!-- techstock: ignore {rule} -->\n- 渡し守")
    [left] = report(write_note("東", 4), some)
    assert len(left.parts) == count


def test_an_entry_is_explained() -> None:
    corpus = make_corpus({"9.md": write_note("東", 3), "10.md": write_note("西", 3)})
    decision = compare_all_entries(corpus)
    [a, b] = [index for index, unit in enumerate(decision.views.units) if unit.key == "灯台守"]
    said = explain_pair(decision, a, b)
    assert said.rule == "duplicate-definition"
    assert "one of 3 entries that are in both notes" in said.why
