"""What is said at the end of a run: the summary and the table of `--statistics`."""

import pytest

from techstock.formats import format_run_summary, format_statistics
from techstock.model import ERROR, INFO, Corpus, Diagnostic, Edit, Fix, Note, ReadFailure, RelatedSpan, Span
from techstock.parse import parse
from tests.formats.support import make_diagnostic

TEXT = "# 一\n\n## 1.\n\n- 停止: 止まる。\n- ![](a.png)\n\n## 2.\n\n- 再開: 動く。\n"
NOTE = parse("a.md", TEXT)
CORPUS = Corpus((NOTE, parse("b.md", "## 3.\n"), parse("c.md", "x\n")))


def make_problem(path: str, *, rule: str = "a-rule", severity: str = "warning", safe: bool | None = None) -> Diagnostic:
    fix = None if safe is None else Fix("do it", (Edit(Span(0, 1, path), ""),), safe)
    return make_diagnostic(Span(0, 1, path), rule=rule, severity=severity, fix=fix)


@pytest.mark.parametrize(
    ("notes", "sentence"),
    [
        (CORPUS.notes, "no problems in 3 notes: 3 sections, 3 entries, 1 image"),
        (CORPUS.notes[1:2], "no problems in 1 note: 1 section, 0 entries, 0 images"),
        ((parse("l.md", "- x\n" * 7621),), "no problems in 1 note: 0 sections, 7,621 entries, 0 images"),
        (
            (NOTE, Note("d.md", "", faults=(ReadFailure(Span(0, 0), "encoding", "is not UTF-8"),))),
            "no problems in 2 notes: 2 sections, 3 entries, 1 image; 1 note not checked in full",
        ),
        ((), "no problems in 0 notes: 0 sections, 0 entries, 0 images"),
    ],
)
def test_nothing_found(notes: tuple[Note, ...], sentence: str) -> None:
    assert format_run_summary([], Corpus(notes)) == sentence


def test_nothing_found_in_the_notes_reported_on() -> None:
    assert format_run_summary([], CORPUS, {"b.md"}) == "no problems in 1 note: 1 section, 0 entries, 0 images"


@pytest.mark.parametrize(
    ("diagnostics", "sentence"),
    [
        ([make_problem("a.md")], "1 problem (1 warning) in 1 of 3 notes"),
        (
            [
                make_problem("a.md", severity=ERROR, safe=True),
                make_problem("a.md"),
                make_problem("b.md"),
                make_problem("b.md", severity=INFO),
            ],
            "4 problems (1 error, 2 warnings, 1 info) in 2 of 3 notes, 1 fixable",
        ),
        (
            [make_problem("a.md", safe=True), make_problem("a.md", safe=False), make_problem("x.png", severity=ERROR)],
            "3 problems (1 error, 2 warnings) in 1 of 3 notes and 1 other file, 2 fixable (1 unsafe)",
        ),
        (
            [make_problem("x.png", severity=ERROR), make_problem("y.png", severity=ERROR)],
            "2 problems (2 errors) in 2 other files",
        ),
        ([make_problem("a.md")] * 1234, "1,234 problems (1,234 warnings) in 1 of 3 notes"),
    ],
)
def test_found(diagnostics: list[Diagnostic], sentence: str) -> None:
    assert format_run_summary(diagnostics, CORPUS) == sentence


def test_a_problem_outside_counts_for_the_note_reported_on_that_it_touches() -> None:
    both = make_diagnostic(Span(0, 1, "a.md"), related=(RelatedSpan(Span(0, 1, "b.md"), "the other"),))
    assert format_run_summary([both], CORPUS, {"b.md"}) == "1 problem (1 warning) in 1 of 1 note"
    assert format_run_summary([both], CORPUS, {"a.md", "b.md"}) == "1 problem (1 warning) in 1 of 2 notes"


def test_statistics() -> None:
    diagnostics = [
        *[make_problem("a.md", rule="section-empty")] * 2,
        *[make_problem("a.md", rule="marker-space", safe=True)] * 1200,
        make_problem("a.md", rule="entry-form"),
        make_problem("b.md", rule="definition-misplaced", safe=False),
        make_problem("b.md", rule="definition-misplaced"),
    ]
    assert "".join(format_statistics(diagnostics)) == (
        """\
1,200  marker-space          1,200 fixable
    2  definition-misplaced  1 fixable (1 unsafe)
    2  section-empty
    1  entry-form
"""
    )


def test_statistics_of_nothing() -> None:
    assert list(format_statistics([])) == []
