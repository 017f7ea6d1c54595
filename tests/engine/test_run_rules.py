"""From problems to diagnostics."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from techstock import registry
from techstock.engine import RuleError, RuleRun, diagnose
from techstock.load.corpus_loader import LoadOptions, load_corpus
from techstock.model import ERROR, OFF, WARNING, Corpus, Edit, Fix, Note, Problem, ReadFailure, RelatedSpan, Span
from techstock.registry import Rule
from tests.support import make_corpus, run_rule

GAP = "## 1.\n\n- 用語: 説明\n\n## 3.\n\n- 用語: 説明\n"


def make_rule(name: str, *problems: Problem, whole: bool = False) -> Rule:
    """Make a rule that yields these problems for every note, or once."""
    return Rule(name, WARNING, "", lambda _: iter(problems), whole, {}, {})


@pytest.mark.parametrize("safe", [True, False])
def test_every_place_gets_the_path_of_its_note(safe: bool) -> None:
    other = RelatedSpan(Span(1, 2), "here")
    fix = Fix("mend it", (Edit(Span(0, 1), "x"),), safe)
    differs = (Span(0, 1), Span(2, 3, "b.md"))
    problem = Problem(Span(0, 1), "wrong", related=(other,), fix=fix, differs=differs)
    [found] = diagnose(make_corpus({"a.md": "abc"}), [RuleRun(make_rule("r", problem), ERROR)])
    assert found.severity == ERROR
    assert found.problem.place == Span(0, 1, "a.md")
    assert found.problem.related == (RelatedSpan(Span(1, 2, "a.md"), "here"),)
    assert found.problem.fix == Fix("mend it", (Edit(Span(0, 1, "a.md"), "x"),), safe)
    assert found.problem.differs == (Span(0, 1, "a.md"), Span(2, 3, "b.md"))


def test_gather_orders_notes_and_hands_settings_on(tmp_path: Path) -> None:
    texts: dict[str, str | ReadFailure] = {"b.md": "# 二\n", "a.md": ReadFailure(Span(0, 0), "size", "too large")}
    done: list[tuple[int, int]] = []
    (tmp_path / "c.md").write_text("# 三\n", "utf-8")
    wish = LoadOptions(os.fsencode(tmp_path), 1000, 3, "file", texts)
    found = load_corpus(["c.md", *texts], wish, progress=lambda *counts: done.append(counts)).corpus
    assert [(note.path, note.level, len(note.headings), len(note.faults)) for note in found.notes] == [
        ("a.md", 3, 0, 1), ("b.md", 3, 1, 0), ("c.md", 3, 1, 0),
    ]  # fmt: skip
    assert (found.duplicate_scope, done) == ("file", [(1, 1)])
    assert load_corpus((), LoadOptions(b"", 1)).corpus.duplicate_scope == "corpus"


def test_what_is_worked_out_of_a_corpus_belongs_to_it_alone() -> None:
    one, same = make_corpus({"a.md": "# 一\n"}), make_corpus({"a.md": "# 一\n"})
    one.memo["fact"] = 1
    assert one.memo == {"fact": 1}
    assert one == same
    assert hash(one) == hash(same)
    assert replace(one, duplicate_scope="file").memo == {}


def test_order_is_path_place_rule_message() -> None:
    late, early = Problem(Span(2, 3), "b"), Problem(Span(0, 1), "a")
    notes = make_corpus({"b.md": "abc", "a.md": "abc"})
    found = diagnose(notes, [RuleRun(make_rule("z", late, early), WARNING), RuleRun(make_rule("y", early), WARNING)])
    keys = [(d.problem.place.path, d.problem.place.start, d.rule) for d in found]
    assert keys == [(path, *rest) for path in ("a.md", "b.md") for rest in ((0, "y"), (0, "z"), (2, "z"))]


def test_scope_keeps_what_touches_it() -> None:
    related = Problem(Span(0, 1, "a.md"), "x", related=(RelatedSpan(Span(0, 1, "b.md"), "there"),))
    alone = Problem(Span(0, 1, "c.md"), "x")
    notes = make_corpus({"a.md": "a", "b.md": "b", "c.md": "c"})
    plans = [RuleRun(make_rule("r", related, alone, whole=True), WARNING)]
    assert [d.problem.place.path for d in diagnose(notes, plans, {"b.md"})] == ["a.md"]
    assert diagnose(notes, plans, {"d.md"}) == []
    everything = diagnose(notes, plans)
    assert [d for d in everything if d.problem.place.path == "c.md"] == diagnose(notes, plans, {"c.md"})


def test_levels_and_unwanted_paths() -> None:
    notes = make_corpus({"a.md": "a", "b.md": "b"})
    loud = make_rule("r", Problem(Span(0, 1), "x"))
    assert diagnose(notes, [RuleRun(loud, OFF)]) == []
    found = diagnose(notes, [RuleRun(loud, WARNING, {}, lambda path: path == "a.md")])
    assert [d.problem.place.path for d in found] == ["b.md"]


def test_comments_are_asked_before_scope_and_after_per_file() -> None:
    loud = make_rule("section-empty", Problem(Span(40, 41), "x"))
    text = "<!-- techstock: ignore section-empty -->\n段落\n"
    notes = make_corpus({"a.md": text, "b.md": text, "c.md": "x" * 50})
    unused = RuleRun(registry.load_rule("unused-ignore"), WARNING)

    def said(plan: RuleRun, scope: set[str] | None = None) -> list[tuple[str, str]]:
        return [(d.problem.place.path, d.rule) for d in diagnose(notes, [unused, plan], scope)]

    assert said(RuleRun(loud, WARNING)) == [("c.md", "section-empty")]
    silent = replace(loud, check=lambda _: iter(()))
    assert said(RuleRun(silent, WARNING)) == [("a.md", "unused-ignore"), ("b.md", "unused-ignore")]
    assert said(RuleRun(silent, WARNING), {"b.md"}) == [("b.md", "unused-ignore")]
    assert said(RuleRun(silent, WARNING, {}, lambda path: path == "a.md")) == [("b.md", "unused-ignore")]
    assert said(RuleRun(silent, OFF)) == []  # it did not run, nor could it have
    assert said(RuleRun(replace(silent, needs="answers"), WARNING)) == []
    assert said(RuleRun(replace(silent, needs="notes"), WARNING)) != []


def test_a_rule_that_fails_is_named() -> None:
    def check(note: Note) -> object:
        raise ValueError(note.path)

    broken = replace(make_rule("broken"), check=check)
    with pytest.raises(RuleError, match=r"rule broken failed on a\.md") as raised:
        diagnose(make_corpus({"a.md": ""}), [RuleRun(broken, WARNING)])
    assert (raised.value.rule, raised.value.path) == ("broken", "a.md")
    with pytest.raises(RuleError, match="rule broken failed on the corpus"):
        diagnose(Corpus(()), [RuleRun(replace(broken, whole=True, check=lambda _: 1 / 0), WARNING)])


def test_a_rule_is_run_with_its_options_on_what_it_may_see() -> None:
    seen: list[object] = []

    def check(subject: object, *, most: int = 1) -> object:
        seen.append((subject, most))
        return iter(())

    notes = replace(make_corpus({"a.md": "", "b.md": "", "x/a.md": ""}), web=(("x", object()),))
    asks = replace(make_rule("r"), check=check)
    diagnose(notes, [RuleRun(asks, WARNING, {"most": 2})], {"b.md"})
    assert seen == [(notes.notes[1], 2)]
    wide = replace(notes, duplicate_scope="corpus")
    one, other = ((part, 1) for part in notes.parts)
    for sight, sees, widely in (
        (registry.BESIDE, [(notes, 1)], [(wide, 1)]),
        (registry.NOTES, [(notes.alone, 1)], [(wide.alone, 1)]),
        (registry.FOLDER, [one, other], [(part, 1) for part in wide.parts]),
        (registry.PAIRS, [one, other], [(wide, 1)]),
    ):
        for subject, expected in ((notes, sees), (wide, widely)):
            seen.clear()
            diagnose(subject, [RuleRun(replace(asks, whole=True, sight=sight), WARNING)])
            assert seen == expected, sight


def test_fingerprint_survives_moved_lines_spacing_and_paths() -> None:
    [before] = run_rule("section-number-gap", {"01-10.md": GAP})
    [moved] = run_rule("section-number-gap", {"x/01-10.md": "前書き\r\n\r\n" + GAP.replace("## 3.", "##   3.")})
    [other] = run_rule("section-number-gap", {"01-10.md": GAP.replace("3", "4")})
    assert before.fingerprint == moved.fingerprint
    assert before.fingerprint != other.fingerprint
    assert len(before.fingerprint) == 20


def test_fingerprint_of_empty_and_foreign_places() -> None:
    notes = make_corpus({"a.md": "一行目\n二行目\n"})
    marks = {
        d.fingerprint
        for place in (Span(0, 0, "a.md"), Span(4, 4, "a.md"), Span(0, 0, "image.png"))
        for d in diagnose(notes, [RuleRun(make_rule("r", Problem(place, "x"), whole=True), WARNING)])
    }
    assert len(marks) == 3


def test_catalog_refuses_what_is_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyError):
        registry.load_rule("no-such-rule")
    monkeypatch.setattr("techstock.rules.section_number_gap.check", run_rule)
    registry.load_rule.cache_clear()
    with pytest.raises(TypeError, match="must be a Note, a Corpus or NoteSuppressions"):
        registry.load_rule("section-number-gap")
    registry.load_rule.cache_clear()
