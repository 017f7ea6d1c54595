"""What is worked out of the entries that may be one of a pair is what is worked out of all entries."""

import random

import pytest
from msgspec.structs import replace

from techstock.duplicates.candidates import fold_lines
from techstock.duplicates.clusters import (
    DuplicateCluster,
    DuplicateResults,
    compare_all_entries,
    compare_candidate_entries,
)
from techstock.duplicates.entries import ComparedEntry
from techstock.model import Corpus
from techstock.parse import parse
from tests.support import make_corpus

SENTENCES = [
    "新しい要求を受けず、いまの仕事を終えてから止まる。", "止まった仕事を、同じところから再び始めることができる。",
    "the queue keeps every message for four days unless it is told otherwise.", "短い。",
]  # fmt: skip
TERMS = ["待避", "退避 (drain)", "Drain", "例", "用語", "復旧・再開", "", "休止 (drain)", "SD (shut down)", "shut down"]


def make_random_note(choose: random.Random) -> str:
    lines = ["# 題", ""]
    for _ in range(choose.randint(0, 9)):
        term, text = choose.choice(TERMS), "".join(choose.sample(SENTENCES, choose.randint(0, 2)))
        lines.append("  " * choose.choice([0, 0, 1, 2]) + "- " + (f"{term}: " if term else "") + text)
        lines += ["", f"## {choose.randint(1, 3)}.", ""] if choose.random() < 0.2 else []
    return "\n".join(lines) + "\n"


def identify_unit(unit: ComparedEntry) -> tuple[int, int]:
    return unit.note, unit.entry


def describe_finding(finding: DuplicateCluster) -> tuple[object, ...]:
    copies = [identify_unit(unit) for unit in (finding.kept, *finding.others)]
    return copies, finding.whole, finding.kind, finding.score, finding.sentence


def content(decision: DuplicateResults) -> tuple[object, ...]:
    findings = {rule: [describe_finding(finding) for finding in found] for rule, found in decision.findings.items()}
    units = decision.views.units
    pairs = [
        (identify_unit(units[pair.first]), identify_unit(units[pair.second]), pair.kind, pair.score)
        for pair in decision.found
    ]
    return findings, pairs, decision.copies


@pytest.mark.parametrize("scope", ["file", "directory", "corpus"])
@pytest.mark.parametrize("seed", range(25))
def test_the_same_findings(seed: int, scope: str) -> None:
    choose = random.Random(seed)  # noqa: S311 (no secret)
    names = ["a.md", "b.md", "b.en.md", "b.zh.md", "91-100.md", "101-110.md", "x/a.md", "x/b.md", "X/b_en.md"]
    notes = make_corpus({name: make_random_note(choose) for name in names})
    one, other = replace(notes, duplicate_scope=scope), Corpus(notes.notes, scope)
    assert content(compare_candidate_entries(one)) == content(compare_all_entries(other))


def test_what_is_not_translated_counts_once() -> None:
    """It stands in the earlier note of a work, be that within the scope or not."""
    sentence = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。そのあと別の場所で始まる。\n"
    twice = f"{sentence}\n## 別\n\n{sentence}"
    notes = make_corpus({"a.md": sentence, "a.zh.md": twice, "other.md": "- 別の語: 誰も書かない文。\n"})
    for scope in ("file", "directory", "corpus"):
        one, other = Corpus(notes.notes, scope), Corpus(notes.notes, scope)
        assert content(compare_candidate_entries(one)) == content(compare_all_entries(other))
        assert compare_candidate_entries(one).found == ()


def test_there_are_findings() -> None:
    """Else the property above would hold for a search that finds nothing; and there is something to leave out."""
    choose = random.Random(1)  # noqa: S311 (no secret)
    notes = make_corpus(
        {f"{number}.md": make_random_note(choose) for number in range(8)} | {"one.md": "- 別の語: 誰も書かない文。\n"}
    )
    some, every = compare_candidate_entries(Corpus(notes.notes)), compare_all_entries(notes)
    assert set(every.findings) >= {"definition", "conflict"}
    assert len(some.views.units) < len(every.views.units)


@pytest.mark.parametrize("rest", ["", "字", "\0", "\0\1"])
def test_lines_are_compared_without_blanks(rest: str) -> None:
    note = parse("a.md", f"---\ntitle: t\n---\nA \t b\x1f\x0bc{rest}\r\n<!-- no\nline -->\n  D\u3000e {rest}\n")
    assert fold_lines(note) == {f"abc{rest}", f"de{rest}"}


@pytest.mark.parametrize("end", ["乙", "b"])
def test_no_white_space_is_left_in_a_line(end: str) -> None:
    blanks = "".join(char for char in map(chr, range(0x110000)) if char.isspace() and char != "\n")
    assert fold_lines(parse("a.md", f"a{blanks}{end}\n")) == {f"a{end}"}


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        ("- [題](a.md)、[別](b.md)", False), ("12. <https://example.org/a>", False), ("[[別のノート]]", False),
        ("![図](a.png)", False), ("https://example.org/水", False), ("- [ ]", False), ("| [題](a.md) |", False),
        ("- [題](a.md)の話", True), ("舟 https://example.org/a", True), ("- 題", True), ("h", True), ("-1", True),
    ],
)  # fmt: skip
def test_lines_that_only_lead_somewhere_say_nothing(line: str, is_kept: bool) -> None:
    assert fold_lines(parse("a.md", f"{line}\n")) - {""} == ({line.replace(" ", "")} if is_kept else set())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a<!-- b -->c", {"ac"}), ("a<!-- b\n--><!-- c -->d", {"ad"}), ("a<!-- b", {"a<!--b"}), ("<!-->a-->b", {"b"}),
        ("a-->b<!--c-->", {"a-->b"}), ("<!--<!--a-->b-->", {"b-->"}), ("<!--" * 10_000, {"<!--" * 10_000}),
    ],
)  # fmt: skip
def test_comments_say_nothing(text: str, lines: set[str]) -> None:
    assert fold_lines(parse("a.md", text)) - {""} == lines
