"""What is kept of rules, by itself: a rule is run again where, and only where, nothing is kept of it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from techstock.cache import CachedNote, NoteStore
from techstock.cache.index import CorpusProblems
from techstock.cache.key import NO_STAMP
from techstock.cache.note_record import NoteRecord, NoteSummary, encode, hash_note
from techstock.cache.rule_results import RuleResults
from techstock.engine import RuleRun, diagnose
from techstock.load.project_files import DiskFiles
from techstock.model import ERROR, OFF, WARNING, Corpus, Note, Problem, Span
from techstock.model.web import WebStatus
from techstock.project import Project
from techstock.registry import BESIDE, FOLDER, NOTES, PAIRS, Rule
from techstock.storage.cache_directory import CacheDirectory
from tests.project.disk import posix_only
from tests.support import make_corpus, make_project

TEXTS = {"a.md": "# bad\n", "b.md": "# good\n", "c.md": "# bad\n"}


class Told:
    """Rules that call notes with `bad` in them wrong; `asked` are those that they were run on since last asked."""

    def __init__(self) -> None:
        self._asked: list[str] = []

    @property
    def asked(self) -> list[str]:
        asked, self._asked = self._asked, []
        return asked

    def own(self, name: str, **options: int) -> RuleRun:
        def check(note: Note, **_: int) -> Iterator[Problem]:
            self._asked.append(f"{name} {note.path}")
            if "bad" in note.text:
                yield Problem(Span(0, 1), name)

        return RuleRun(Rule(name, WARNING, "", check, False, {}, {}), WARNING, options)

    def whole(self, name: str, sight: str = NOTES) -> RuleRun:
        def check(corpus: Corpus) -> Iterator[Problem]:
            self._asked.append(name)
            for note in corpus.notes:
                if "bad" in note.text:
                    yield Problem(Span(0, 1, note.path), name)

        return RuleRun(Rule(name, WARNING, "", check, True, {}, {}, sight=sight), WARNING)


@pytest.fixture
def told() -> Told:
    return Told()


def keeping() -> NoteStore[NoteSummary]:
    """A store that keeps what it is told; nothing is saved."""
    return NoteStore(NoteSummary, CacheDirectory(os.devnull))


def make_entries(texts: Mapping[str, str] = TEXTS) -> dict[str, CachedNote[NoteSummary]]:
    return {path: CachedNote(path, NO_STAMP, hash_note(text.encode()), NoteSummary()) for path, text in texts.items()}


def take_entries(
    store: NoteStore[NoteSummary], plans: list[RuleRun], notes: Corpus, kept: dict[str, CachedNote[NoteSummary]]
) -> RuleResults:
    verdicts = RuleResults(store, plans)
    verdicts.set_corpus(notes, kept)
    return verdicts


def test_each_rule_is_run_once(told: Told) -> None:
    store, notes, kept = keeping(), make_corpus(TEXTS), make_entries()
    plans = [told.own("one"), told.own("other"), told.whole("all")]
    fresh = diagnose(notes, plans)
    every = told.asked
    assert (len(fresh), len(every)) == (6, 7)
    first = take_entries(store, plans, notes, kept)
    assert not first.learned
    assert diagnose(notes, plans, known=first) == fresh
    assert (told.asked, first.learned) == (every, True)
    assert diagnose(notes, plans, known=first) == fresh  # as in the next round of fixing
    assert told.asked == []
    notes = make_corpus(TEXTS)
    again = take_entries(store, plans, notes, kept)
    assert diagnose(notes, plans, known=again) == fresh
    assert diagnose(notes, plans, {"c.md"}, known=again) == [d for d in fresh if d.problem.place.path == "c.md"]
    assert (told.asked, again.learned) == ([], False)


def test_what_is_learned_of_some_notes_is_not_known_of_others(told: Told) -> None:
    store, notes, kept = keeping(), make_corpus(TEXTS), make_entries()
    plans = [told.own("one"), told.own("other")]
    diagnose(notes, plans[:1], {"a.md"}, known=take_entries(store, plans, notes, kept))
    diagnose(notes, plans[1:], {"b.md", "c.md"}, known=take_entries(store, plans, notes, kept))
    assert told.asked == ["one a.md", "other b.md", "other c.md"]
    found = diagnose(notes, plans, known=take_entries(store, plans, notes, kept))
    assert told.asked == ["one b.md", "one c.md", "other a.md"]
    assert found == diagnose(notes, plans)


def test_a_note_that_is_not_kept_is_asked_about_each_time(told: Told) -> None:
    """As text from stdin is; and what sees all notes is kept of none, then."""
    store, notes = keeping(), make_corpus(TEXTS)
    kept = make_entries({path: TEXTS[path] for path in ("a.md", "b.md")})
    plans = [told.own("one"), told.whole("all")]
    diagnose(notes, plans, known=take_entries(store, plans, notes, kept))
    assert told.asked == ["one a.md", "one b.md", "one c.md", "all"]
    assert (store.joint.inputs, store.joint.whole) == (b"", {})
    for scope in (None, {"a.md", "c.md"}):
        assert diagnose(notes, plans, scope, known=take_entries(store, plans, notes, kept)) == diagnose(
            notes, plans, scope
        )
        assert told.asked[:2] == ["one c.md", "all"]


def test_a_note_that_was_changed_since_is_another(told: Told) -> None:
    """As a fix changes it; its file is still what it was, and so is what is kept of that."""
    store, notes, kept = keeping(), make_corpus(TEXTS), make_entries()
    plans = [told.own("one"), told.whole("all")]
    verdicts = take_entries(store, plans, notes, kept)
    fresh = diagnose(notes, plans, known=verdicts)
    [other] = make_corpus({"a.md": "# good\n"}).notes
    changed = Corpus((other, *notes.notes[1:]))
    assert told.asked[-1] == "all"
    learned = len(store.joint.whole)
    for _ in range(2):
        found = diagnose(changed, plans, known=verdicts)
        assert [(d.rule, d.problem.place.path) for d in found] == [("all", "c.md"), ("one", "c.md")]
        assert told.asked == ["one a.md", "all"]
    assert len(store.joint.whole) == learned
    assert diagnose(notes, plans, known=take_entries(store, plans, notes, kept)) == fresh
    assert told.asked == []


def test_other_notes_are_others_for_what_sees_them_all(told: Told) -> None:
    store, plans = keeping(), [told.whole("all")]
    renamed = {"z.md" if path == "a.md" else path: text for path, text in TEXTS.items()}
    fewer = {path: TEXTS[path] for path in ("a.md", "b.md")}
    swapped = {**TEXTS, "a.md": TEXTS["b.md"], "b.md": TEXTS["a.md"]}
    for texts in (TEXTS, renamed, fewer, swapped):
        for _ in range(2):
            notes = make_corpus(texts)
            assert diagnose(notes, plans, known=take_entries(store, plans, notes, make_entries(texts))) == diagnose(
                notes, plans
            )
        assert len(told.asked) == 3  # once to learn, twice to compare
    wider = msgspec.structs.replace(make_corpus(swapped), duplicate_scope="corpus")
    diagnose(wider, plans, known=take_entries(store, plans, wider, make_entries(swapped)))
    assert told.asked == ["all"]


def test_what_sees_a_folder_is_asked_about_those_that_changed(told: Told) -> None:
    texts = {"a.md": "# bad\n", "x/b.md": "# bad\n", "y/c.md": "# good\n"}
    store, plans = keeping(), [told.whole("folder", FOLDER), told.whole("all")]
    notes = make_corpus(texts)
    assert len(diagnose(notes, plans, known=take_entries(store, plans, notes, make_entries(texts)))) == 4
    assert told.asked == ["folder", "folder", "folder", "all"]
    texts |= {"y/c.md": "# bad\n"}
    notes = make_corpus(texts)
    assert len(diagnose(notes, plans, known=take_entries(store, plans, notes, make_entries(texts)))) == 6
    assert told.asked == ["folder", "all"]
    partly = {path: entry for path, entry in make_entries(texts).items() if path != "y/c.md"}
    assert len(diagnose(notes, plans, known=take_entries(store, plans, notes, partly))) == 6
    assert told.asked == ["folder", "all"]


@pytest.mark.parametrize("sight", [NOTES, FOLDER, PAIRS])
@pytest.mark.parametrize("scope", ["directory", "corpus"])
def test_what_is_learned_of_several_notes_is_to_be_saved(told: Told, sight: str, scope: str) -> None:
    store, plans = keeping(), [told.whole("some", sight)]
    notes = msgspec.structs.replace(make_corpus(TEXTS), duplicate_scope=scope)
    first = take_entries(store, plans, notes, make_entries())
    before = first.learned
    fresh = diagnose(notes, plans, known=first)
    assert (before, first.learned) == (False, True)
    again = take_entries(store, plans, notes, make_entries())
    assert diagnose(notes, plans, known=again) == fresh
    assert not again.learned
    assert bool(store.joint.pairs) == (sight == PAIRS and scope == "directory")
    assert bool(store.joint.whole) != bool(store.joint.pairs)


def test_without_a_cache_nothing_is_kept(told: Told) -> None:
    store, plans, notes = NoteStore(NoteSummary), [told.whole("folder", FOLDER), told.whole("all")], make_corpus(TEXTS)
    for _ in range(2):
        diagnose(notes, plans, known=take_entries(store, plans, notes, make_entries()))
        assert told.asked == ["folder", "all"]
    assert store.joint == CorpusProblems()


def test_what_is_off_or_on_comments_is_never_kept(told: Told) -> None:
    store, notes, kept = keeping(), make_corpus(TEXTS), make_entries()
    last = told.own("last")
    plans = [
        msgspec.structs.replace(told.own("off"), severity=OFF),
        msgspec.structs.replace(last, rule=msgspec.structs.replace(last.rule, last=True)),
    ]
    verdicts = take_entries(store, plans, notes, kept)
    assert (verdicts.chosen, store.rules) == ([], [])
    for plan in plans:  # it has no number to be asked by
        assert verdicts.get_note_problems(plan, notes.notes) == ({}, list(notes.notes))
        verdicts.add_note_problems(plan, notes.notes[0], ())
    assert (verdicts.learned, kept["a.md"].ran) == (False, -1)


@pytest.mark.parametrize("kind", ["no files", "untold", "web"])
def test_what_sees_files_is_not_kept_unless_their_answers_are_known(told: Told, kind: str) -> None:
    """Nothing tells when the files of examples change, or what the web answers."""
    notes = make_corpus(TEXTS, None if kind == "no files" else ["a.png"])
    if kind == "web":
        notes = msgspec.structs.replace(notes, files=DiskFiles(Project(Path.cwd())), web=(("u", WebStatus("there")),))
    store, kept, plan = keeping(), make_entries(), told.whole("files", BESIDE)
    for _ in range(2):
        verdicts = take_entries(store, [plan], notes, kept)
        assert len(diagnose(notes, [plan], known=verdicts)) == 2
        assert told.asked == ["files"]
        verdicts.finish()
        assert (store.joint.whole, store.joint.beside, store.joint.answers) == ({}, {}, b"")


def test_what_sees_files_is_kept_while_their_answers_stay(told: Told, tmp_path: Path) -> None:
    """Each question that a rule asks counts, also in a run after the one that asked it."""
    root = make_project(tmp_path / "project", {"a.png": b"", "b/c.txt": ""})
    store = NoteStore(NoteSummary, CacheDirectory(str(tmp_path / "cache")))
    kept, asked = make_entries(), list[str]()

    def run_rules(*plans: RuleRun) -> list[str]:
        files = DiskFiles(Project(root.resolve()))
        notes = msgspec.structs.replace(make_corpus(TEXTS), files=files)
        verdicts = take_entries(store, list(plans), notes, kept)
        fresh = [plan for plan in plans if verdicts.get_corpus_problems(plan, notes) is None]
        for plan in fresh:
            asked.append(plan.rule.name)
            if plan.rule.name == "listing":
                files.get_disk_kind("b/c.txt")
            elif plan.rule.name == "images":
                files.inspect_contents(["a.png"])
            verdicts.add_corpus_problems(plan, notes, ())
        verdicts.finish()
        done, asked[:] = asked[:], []
        return done

    names, listing, images = (told.whole(name, BESIDE) for name in ("names", "listing", "images"))
    os.utime(root / "a.png", ns=(1, 1))
    assert run_rules(names) == ["names"]
    assert run_rules(names, listing) == ["listing"]
    assert run_rules(names, listing) == []
    (root / "b/c.txt").unlink()
    (root / "b/c.txt").mkdir()  # the listing of the project is another one, too
    assert run_rules(names, listing) == ["names", "listing"]
    (root / "d.txt").touch()
    assert run_rules(names, listing) == ["names", "listing"]
    assert run_rules(images) == ["images"]
    assert run_rules(images) == ["images"]  # its status is too young to be trusted
    store.since += 10**10
    assert run_rules(images, names) == ["images", "names"]
    assert run_rules(names) == []
    (root / "a.png").write_bytes(b"other")
    assert run_rules(names) == ["names"]


def test_options_make_another_rule_and_severities_do_not(told: Told) -> None:
    store, notes, kept = keeping(), make_corpus(TEXTS), make_entries()
    for options, asked in (({"most": 1}, 3), ({"most": 2}, 3), ({"most": 1}, 0), ({}, 3)):
        plan = told.own("one", **options)
        verdicts = take_entries(store, [plan], notes, kept)
        assert verdicts.chosen == [("one", options)]
        diagnose(notes, [plan], known=verdicts)
        assert (len(told.asked), verdicts.learned) == (asked, asked > 0)
    loud = msgspec.structs.replace(told.own("one"), severity=ERROR)
    assert {d.severity for d in diagnose(notes, [loud], known=take_entries(store, [loud], notes, kept))} == {ERROR}
    assert told.asked == []
    assert len(store.rules) == 3


def test_a_rule_that_failed_while_a_note_was_parsed_did_not_run(told: Told) -> None:
    store, plans = keeping(), [told.whole("all"), told.own("one"), told.own("other"), told.own("third")]
    verdicts = RuleResults(store, plans)
    problems = (Problem(Span(0, 1), "wrong"),)
    record = NoteRecord("a.md", b"", NoteSummary(), memoryview(b""), {2: msgspec.Raw(encode(problems))}, failed=(0,))
    ran, kept = verdicts.renumber_results(record)
    assert store.rans[ran] == (2, 3)
    assert {number: bytes(raw) for number, raw in kept.items()} == {3: encode(problems)}
    notes = make_corpus({"a.md": "# bad\n"})
    verdicts.set_corpus(notes, {"a.md": CachedNote("a.md", NO_STAMP, b"", NoteSummary(), ran, kept)})
    found = [verdicts.get_note_problems(plan, notes.notes) for plan in plans[1:]]
    assert found == [({}, list(notes.notes)), ({}, []), ({"a.md": problems}, [])]


def test_a_problem_that_would_be_another_when_it_is_read_is_not_kept(told: Told) -> None:
    store, notes, kept = keeping(), make_corpus(TEXTS), make_entries()
    plans = [told.own("one"), told.whole("all")]
    verdicts = take_entries(store, plans, notes, kept)
    odd = (Problem(Span(0, 1), "wrong", related=[]),)  # type: ignore[arg-type]
    verdicts.add_note_problems(plans[0], notes.notes[0], odd)
    verdicts.add_corpus_problems(plans[1], notes, odd)
    assert (verdicts.learned, kept["a.md"].ran, store.joint.whole) == (False, -1, {})


@posix_only
def test_a_path_that_is_not_utf_8(told: Told) -> None:
    texts = {os.fsdecode(b"\xff.md"): "# bad\n"}
    store, notes, plans = keeping(), make_corpus(texts), [told.whole("all")]
    diagnose(notes, plans, known=take_entries(store, plans, notes, make_entries(texts)))
    assert diagnose(notes, plans, known=take_entries(store, plans, notes, make_entries(texts))) == diagnose(
        notes, plans
    )
    assert told.asked == ["all", "all", "all"]  # it cannot be kept
