"""Fixing until nothing is left to fix, with rules made for the occasion."""

import re
from collections.abc import Callable, Sequence

import pytest

from techstock.fix import fix_loop
from techstock.fix.fix_loop import MAX_ROUNDS, fix_corpus
from techstock.fix.render_check import RenderCheck
from techstock.model import WARNING, Corpus, Diagnostic, Edit, Fix, Problem, Span
from techstock.parse import parse
from tests.support import get_texts, make_corpus

Check = Callable[[Corpus], list[Diagnostic]]


def rewriting(name: str, pattern: str, new: str, safe: bool = True) -> Check:
    """A rule whose fix replaces each match of `pattern`, in every note."""

    def check(corpus: Corpus) -> list[Diagnostic]:
        return [
            make_fixable(name, [Edit(Span(*match.span(), note.path), match.expand(new))], safe)
            for note in corpus.notes
            for match in re.finditer(pattern, note.text)
        ]

    return check


def make_fixable(name: str, edits: Sequence[Edit], safe: bool = True) -> Diagnostic:
    place = edits[0].place
    return Diagnostic(name, WARNING, Problem(place, "wrong", fix=Fix("do it", tuple(edits), safe)), (name, str(place)))


def together(*checks: Check) -> Check:
    return lambda corpus: [diagnostic for check in checks for diagnostic in check(corpus)]


def test_one_fix_makes_way_for_another() -> None:
    check = together(rewriting("a", "x", "y"), rewriting("b", "y", "z"))
    outcome = fix_corpus(make_corpus({"a.md": "x\n", "b.md": "clean\n"}), check)
    assert get_texts(outcome.corpus) == {"a.md": "z\n", "b.md": "clean\n"}
    assert outcome.groups == ({"a.md": ("x\n", "z\n")},)
    assert [d.rule for d in outcome.fixed] == ["a", "b"]
    assert outcome.found == []


def test_the_notes_that_no_fix_changes_are_not_read_again() -> None:
    before = make_corpus({"a.md": "x\n", "b.md": "clean\n"})
    after = fix_corpus(before, rewriting("a", "x", "y")).corpus
    assert after.by_path["b.md"] is before.by_path["b.md"]
    assert after.duplicate_scope == before.duplicate_scope


def test_unsafe_fixes_wait_until_they_are_asked_for() -> None:
    check = rewriting("a", "x", "y", safe=False)
    kept = fix_corpus(make_corpus({"a.md": "x\n"}), check)
    assert (get_texts(kept.corpus), kept.groups, len(kept.found)) == ({"a.md": "x\n"}, (), 1)
    assert get_texts(fix_corpus(make_corpus({"a.md": "x\n"}), check, unsafe=True).corpus) == {"a.md": "y\n"}


def test_rules_that_undo_each_other_change_nothing_and_are_named() -> None:
    check = together(rewriting("a", "x", "y"), rewriting("b", "y", "x"), rewriting("c", "1", "2"))
    outcome = fix_corpus(make_corpus({"a.md": "x 1\n", "b.md": "1\n"}), check)
    assert get_texts(outcome.corpus) == {"a.md": "x 1\n", "b.md": "2\n"}
    [fight] = outcome.fights
    assert fight.paths == ("a.md",)
    assert set(fight.rules) >= {"a", "b"}
    assert [d.rule for d in outcome.fixed] == ["c"]
    assert sorted(d.rule for d in outcome.found) == ["a", "c"]


def test_a_rule_that_changes_nothing_fights_itself() -> None:
    outcome = fix_corpus(make_corpus({"a.md": "x\n"}), rewriting("a", "x", "x"))
    assert outcome.fights[0].rules == ("a",)
    assert outcome.groups == ()


def test_only_rules_that_fought_are_named() -> None:
    """Not one that changed the note before, nor one that changed another note at the same time."""
    before = rewriting("before", "w", "x")
    fighting = together(rewriting("a", "x", "y"), rewriting("b", "y", "x"))
    beside = together(*(rewriting(f"beside {n}", str(n), str(n + 1)) for n in range(1, 4)))
    outcome = fix_corpus(make_corpus({"a.md": "w\n", "b.md": "1\n"}), together(before, fighting, beside))
    assert get_texts(outcome.corpus) == {"a.md": "w\n", "b.md": "4\n"}
    assert [(fight.paths, fight.rules) for fight in outcome.fights] == [(("a.md",), ("a", "b"))]


def test_what_was_given_up_stays_so_when_more_is() -> None:
    short = together(rewriting("a", "x", "y"), rewriting("b", "y", "x"))
    long = together(*(rewriting(f"{n}", str(n), str(n % 5 + 1)) for n in range(1, 6)))
    outcome = fix_corpus(make_corpus({"a.md": "x\n", "b.md": "1\n"}), together(short, long))
    assert get_texts(outcome.corpus) == {"a.md": "x\n", "b.md": "1\n"}
    assert [fight.paths for fight in outcome.fights] == [("a.md",), ("b.md",)]


def test_a_note_may_become_what_another_was() -> None:
    check = together(rewriting("a", "x", "y"), rewriting("b", "z", "x"))
    outcome = fix_corpus(make_corpus({"a.md": "x\n", "b.md": "x\n", "c.md": "z\n"}), check)
    assert get_texts(outcome.corpus) == dict.fromkeys(("a.md", "b.md", "c.md"), "y\n")
    assert outcome.fights == ()


def test_a_note_that_goes_on_growing_is_given_up() -> None:
    rounds = []

    def check(corpus: Corpus) -> list[Diagnostic]:
        rounds.append(corpus)
        return rewriting("a", r"\A", "x")(corpus)

    outcome = fix_corpus(make_corpus({"a.md": "x\n"}), check)
    assert get_texts(outcome.corpus) == {"a.md": "x\n"}
    assert outcome.fights[0].rules == ("a",)
    assert len(rounds) == MAX_ROUNDS + 2


def test_what_a_fix_changes_in_two_notes_is_discarded_in_both() -> None:
    pair = [Edit(Span(0, 1, "a.md"), "b"), Edit(Span(0, 1, "b.md"), "b")]

    def check(corpus: Corpus) -> list[Diagnostic]:
        a = corpus.by_path["a.md"].text
        if a.startswith("a"):
            return [make_fixable("pair", pair)]
        return [make_fixable("back", [Edit(Span(0, 1, "a.md"), "a")])]

    outcome = fix_corpus(make_corpus({"a.md": "a\n", "b.md": "a\n"}), check)
    assert get_texts(outcome.corpus) == {"a.md": "a\n", "b.md": "a\n"}
    assert outcome.fights[0].paths == ("a.md", "b.md")


def test_notes_that_one_fix_changes_are_written_together() -> None:
    pair = [Edit(Span(0, 1, "a.md"), "b"), Edit(Span(0, 1, "c.md"), "b")]

    def check(corpus: Corpus) -> list[Diagnostic]:
        more = rewriting("x", "x", "y")(corpus)
        return [make_fixable("pair", pair), *more] if corpus.by_path["a.md"].text == "a\n" else more

    outcome = fix_corpus(make_corpus({"a.md": "a\n", "b.md": "x\n", "c.md": "a x\n"}), check)
    assert outcome.groups == (
        {"a.md": ("a\n", "b\n"), "c.md": ("a x\n", "b y\n")},
        {"b.md": ("x\n", "y\n")},
    )


def test_a_safe_fix_that_does_harm_is_refused_and_its_neighbours_are_not() -> None:
    harm, good = rewriting("harm", "1", "```"), rewriting("good", "x", "y")
    text = "x\n\nx\n\n1\n\nx\n\nx\n\nx\n"
    outcome = fix_corpus(make_corpus({"a.md": text}), together(harm, good))
    assert get_texts(outcome.corpus) == {"a.md": text.replace("x", "y")}
    assert [d.rule for d in outcome.refused] == ["harm"]
    assert [d.rule for d in outcome.found] == ["harm"]


def test_what_stood_in_the_way_of_a_refused_fix_has_its_turn() -> None:
    harm, good = rewriting("harm", "1", "```"), rewriting("good", "(?<=1)x", "y")
    outcome = fix_corpus(make_corpus({"a.md": "1x\n\na\n\nb\n"}), together(harm, good))
    assert get_texts(outcome.corpus) == {"a.md": "1y\n\na\n\nb\n"}


def test_what_takes_the_place_of_a_refused_fix_may_be_refused_too() -> None:
    outcome = fix_corpus(
        make_corpus({"a.md": "1x\n\na\n\nb\n"}), together(rewriting("one", "1", "```"), rewriting("other", "1x", "```"))
    )
    assert get_texts(outcome.corpus) == {"a.md": "1x\n\na\n\nb\n"}
    assert sorted(d.rule for d in outcome.refused) == ["one", "other"]


def test_an_unsafe_fix_is_not_held_against_the_check() -> None:
    outcome = fix_corpus(make_corpus({"a.md": "1\n\na\n\nb\n"}), rewriting("harm", "1", "```", safe=False), unsafe=True)
    assert get_texts(outcome.corpus) == {"a.md": "```\n\na\n\nb\n"}


def test_hostile_numbers_of_harmful_fixes_end(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    keeps = RenderCheck.has_same_rendering

    def counted(original: RenderCheck, edits: Sequence[Edit]) -> bool:
        tried.append(len(edits))
        return keeps(original, edits)

    monkeypatch.setattr(RenderCheck, "has_same_rendering", counted)
    text = "1\n\na\n\nb\n\n" * 300
    outcome = fix_corpus(make_corpus({"a.md": text}), rewriting("harm", "1", "```"))
    assert get_texts(outcome.corpus) == {"a.md": text}
    assert len(outcome.refused) == 300
    assert len(tried) == fix_loop._MAX_RENDERINGS


def test_harm_in_one_note_does_not_hide_that_in_another() -> None:
    harm, good = rewriting("harm", "1", "```"), rewriting("good", "x", "y")
    text = "1\n\na\n\nx\n"
    outcome = fix_corpus(make_corpus({"a.md": text, "b.md": text, "c.md": "x\n"}), together(harm, good))
    assert get_texts(outcome.corpus) == {"a.md": text.replace("x", "y"), "b.md": text.replace("x", "y"), "c.md": "y\n"}
    assert [d.problem.place.path for d in outcome.refused] == ["a.md", "b.md"]


def test_notes_out_of_scope_stay_and_the_fix_with_them() -> None:
    pair = [Edit(Span(0, 1, "a.md"), "b"), Edit(Span(0, 1, "b.md"), "b")]
    outcome = fix_corpus(
        make_corpus({"a.md": "a x\n", "b.md": "a\n"}),
        together(lambda _: [make_fixable("pair", pair)], rewriting("x", "x", "y")),
        scope={"a.md"},
    )
    assert get_texts(outcome.corpus) == {"a.md": "a y\n", "b.md": "a\n"}
    assert [d.rule for d in outcome.outside] == ["pair"]


def test_edits_of_files_that_are_no_notes_are_left_alone() -> None:
    outcome = fix_corpus(
        make_corpus({"a.md": "a\n"}), lambda _: [make_fixable("image", [Edit(Span(0, 1, "a.png"), "b")])]
    )
    assert outcome.groups == ()
    assert len(outcome.found) == 1


def test_the_configured_section_level_stays() -> None:
    before = Corpus((parse("a.md", "### 1.\n\nx\n", 3),))
    assert fix_corpus(before, rewriting("a", "x", "y")).corpus.by_path["a.md"].level == 3
