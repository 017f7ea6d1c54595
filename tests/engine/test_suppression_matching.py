"""A comment takes out exactly its problem, whatever the rule."""

from collections import Counter
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from techstock import registry
from techstock.analysis.suppressions import list_suppressions
from techstock.engine import RuleRun, diagnose
from techstock.engine.examples import Example, parse_examples
from techstock.engine.examples import build_corpus as example_corpus
from techstock.fix.ignore_comments import CommentTarget, make_comment_edits
from techstock.model import WARNING, Diagnostic, Edit, Note, Span, Suppression
from techstock.text.edits import apply_edits
from tests.support import TESTS, make_corpus

CASES = TESTS / "cases"
COVERED = ("ignore-invalid", "image-unused", "note-unreadable", "unused-ignore")  # what no comment can ignore


def bad_examples() -> Iterator[ParameterSet]:
    for name in registry.list_rule_names():
        cases = CASES / f"{name}.md"
        pages = [registry.load_rule(name).page, *([cases.read_text("utf-8")] if cases.exists() else [])]
        for number, example in enumerate(example for page in pages for example in parse_examples(page) if example.bad):
            if name not in COVERED:
                yield pytest.param(name, example, id=f"{name}-{number}")


def count_problems(found: list[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((one.problem.place.path, one.fingerprint) for one in found)


def check_rule(name: str, files: dict[str, str], example: Example) -> list[Diagnostic]:
    """Run the rule, and the one on comments that are not needed, over these notes."""
    plans = [
        RuleRun(registry.load_rule(name), WARNING, example.options),
        RuleRun(registry.load_rule("unused-ignore"), WARNING),
    ]
    return diagnose(example_corpus(example._replace(files=files)), plans)


@pytest.mark.parametrize(("name", "example"), list(bad_examples()))
def test_a_comment_takes_out_exactly_its_problem(name: str, example: Example) -> None:
    before = check_rule(name, example.files, example)
    notes = make_corpus(example.files).by_path
    silenced = 0
    for one in before:
        place = one.problem.place
        note = notes[place.path]
        whole = place.end - place.start >= len(note.text)
        edits = make_comment_edits(note, [CommentTarget(place.start, (name,), whole)], "理由")
        if not edits:
            continue
        silenced += 1
        files = {**example.files, place.path: apply_edits(note.text, edits)}
        [ignore] = list_suppressions(make_corpus(files).by_path[place.path])
        on_block = [
            other for other in before if other.problem.place.path == place.path and _holds(ignore, other, edits)
        ]
        assert one in on_block
        assert count_problems(check_rule(name, files, example)) == count_problems(
            [other for other in before if other not in on_block]
        )
    assert silenced or not any(_stands_in_a_block(notes[one.problem.place.path], one) for one in before)


def _stands_in_a_block(note: Note, one: Diagnostic) -> bool:
    """Link definitions are no blocks, and front matter takes no comment: there only a whole note can be ignored."""
    start = one.problem.place.start
    return any(b.place.start <= start <= b.place.end for b in note.blocks if b.kind not in ("front-matter", "list"))


def _holds(ignore: Suppression, one: Diagnostic, edits: list[Edit]) -> bool:
    """Whether the comment holds for a problem found before it was written; it moved what is below it."""
    place = one.problem.place
    by = sum(len(edit.text) for edit in edits if edit.place.start <= place.start)
    return ignore.applies_to(Span(place.start + by, place.end + by))
