"""Summary of a run in one sentence."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from techstock.formats._report import group_by_rule
from techstock.model import ERROR, INFO, WARNING, Corpus, Diagnostic, Note
from techstock.text.phrases import format_count

_SEVERITY_WORDS = ((ERROR, "error", "errors"), (WARNING, "warning", "warnings"), (INFO, "info", "info"))


def format_run_summary(
    diagnostics: Sequence[Diagnostic],
    corpus: Corpus,
    scope: Collection[str] | None = None,
    *,
    has_baseline: bool = False,
    unfinished: int = 0,
) -> str:
    """Return the number of problems and of notes with problems; if there are none, what was checked.

    `scope` contains the paths that were reported on; `None` if these are all notes. With a baseline, only new problems
    are reported. `unfinished` rules are mentioned.
    """
    checked = corpus.select_notes(scope)
    missing = f"; {format_count(unfinished, 'rule')} could not finish" if unfinished else ""
    if diagnostics:
        return f"{_summarize_problems(diagnostics, checked)}{missing}"
    others = " of the other rules" if unfinished else ""
    notes = format_count(len(checked), "note")
    new = "new " if has_baseline else ""
    return f"no {new}problems{others} in {notes}: {_summarize_contents(checked)}{_summarize_unread(checked)}{missing}"


def format_fixable_count(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the number of fixable problems, and of unsafe fixes; empty if there are none."""
    fixes = [fix for diagnostic in diagnostics if (fix := diagnostic.problem.fix)]
    unsafe = sum(not fix.safe for fix in fixes)
    return f"{len(fixes):,} fixable" + (f" ({unsafe:,} unsafe)" if unsafe else "") if fixes else ""


def _summarize_problems(diagnostics: Sequence[Diagnostic], checked: Sequence[Note]) -> str:
    counts = ((sum(d.severity == severity for d in diagnostics), one, many) for severity, one, many in _SEVERITY_WORDS)
    kinds = ", ".join(format_count(count, one, many) for count, one, many in counts if count)
    notes, others = _count_affected_files(diagnostics, {note.path for note in checked})
    where = f" in {notes:,} of {format_count(len(checked), 'note')}" if notes else ""
    beside = f"{' and' if notes else ' in'} {format_count(others, 'other file')}" if others else ""
    fixes = format_fixable_count(diagnostics)
    return f"{format_count(len(diagnostics), 'problem')} ({kinds}){where}{beside}{', ' if fixes else ''}{fixes}"


def _count_affected_files(diagnostics: Iterable[Diagnostic], paths: Collection[str]) -> tuple[int, int]:
    """Return how many of `paths` have a problem, and how many other files.

    A problem counts for its own file; one outside `paths` counts for those of its related places that are inside.
    """
    inside, outside = set[str](), set[str]()
    for diagnostic in diagnostics:
        path = diagnostic.problem.place.path
        related = {other.place.path for other in diagnostic.problem.related if other.place.path in paths}
        if path in paths:
            inside.add(path)
        elif related:
            inside |= related
        else:
            outside.add(path)
    return len(inside), len(outside)


def _summarize_contents(notes: Sequence[Note]) -> str:
    sections, entries, images = (sum(note.counts[kind] for note in notes) for kind in range(3))
    counts = format_count(sections, "section"), format_count(entries, "entry", "entries"), format_count(images, "image")
    return ", ".join(counts)


def _summarize_unread(notes: Iterable[Note]) -> str:
    """Return the number of notes that could not be read in full, which is always mentioned; empty if there are none."""
    count = sum(bool(note.faults) for note in notes)
    return f"; {format_count(count, 'note')} not checked in full" if count else ""


def format_statistics(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield one row for each rule: count, name, number of fixable problems; the most frequent first, then by name."""
    groups = sorted(group_by_rule(diagnostics).items(), key=lambda group: (-len(group[1]), group[0]))
    rows = [(f"{len(found):,}", rule, format_fixable_count(found)) for rule, found in groups]
    counts, names = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    for count, rule, fixes in rows:
        yield f"{count:>{counts}}  {rule:<{names}}  {fixes}".rstrip() + "\n"
