"""A rule that fails or runs out of time is named, and the others are reported; nothing of it is kept."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from techstock import registry
from techstock.engine import CorpusTimeoutError, RuleFailures, RuleRun, diagnose
from techstock.engine.timeouts import TimeLimitExceededError
from techstock.model import WARNING, Corpus, Note, Problem, Span
from tests.cli.support import run
from tests.support import make_corpus, make_project

NOTES = {
    "a.md": "-\u3000停止: 台の電源を切ること。\n\n"
    "<!-- techstock: ignore note-title, duplicate-definition -->\n- 再開: 続ける。\n",
    "x/b.md": "## 1.\n\n- 停止: 台の電源を切ること。\n",
    "techstock.toml": 'select = ["marker-space", "duplicate-definition", "section-empty", "unused-ignore"]\n',
}


def fail(*_: object, **__: object) -> Any:
    raise ZeroDivisionError


def take_for_ever(*_: object, **__: object) -> Any:
    raise TimeLimitExceededError


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_project(tmp_path / "notes", NOTES)


def break_rule(monkeypatch: pytest.MonkeyPatch, name: str, check: Any) -> None:
    rule = replace(registry.load_rule(name), check=check)
    real = registry.load_rule
    monkeypatch.setattr(registry, "load_rule", lambda wanted: rule if wanted == name else real(wanted))


@pytest.mark.parametrize(
    ("name", "check", "said"),
    [
        (
            "duplicate-definition",
            take_for_ever,
            "rule duplicate-definition is not reported: 2 notes together took more",
        ),
        ("duplicate-definition", fail, "rule duplicate-definition failed on the corpus (ZeroDivisionError)"),
        ("section-empty", fail, "rule section-empty failed on a.md and 1 other note (ZeroDivisionError)"),
        ("unused-ignore", fail, "rule unused-ignore failed on a.md (ZeroDivisionError)"),
    ],
)
def test_the_others_are_reported(root: Path, name: str, check: Any, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run("lint", "--no-cache", "--output-format", "concise", cwd=root).stdout
    break_rule(monkeypatch, name, check)
    done = run("lint", "--no-cache", "--output-format", "concise", cwd=root)
    assert done.returncode == 2
    assert said in done.stderr
    assert "marker-space" in done.stdout
    # A comment that ignores the rule is not called unused: it has not been tried.
    assert {*done.stdout.splitlines()} <= {*plain.splitlines()}
    assert "duplicate-definition" not in done.stdout or name != "duplicate-definition"


def test_a_rule_on_notes_that_fails_on_one_is_reported_for_the_others() -> None:
    def check(note: Note) -> Any:
        if note.path == "b.md":
            raise ValueError
        return registry.load_rule("marker-space").check(note)

    rule = replace(registry.load_rule("marker-space"), check=check)
    failures = RuleFailures(30)
    corpus = make_corpus(dict.fromkeys(("a.md", "b.md", "c.md"), "-\u3000停止: する。\n"))
    found = diagnose(corpus, [RuleRun(rule, WARNING)], failures=failures)
    assert [one.problem.place.path for one in found] == ["a.md", "c.md"]
    assert list(failures.iter_messages()) == ["techstock has a defect: rule marker-space failed on b.md (ValueError)"]


def test_no_summary_says_that_all_is_well(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_rule(monkeypatch, "section-empty", fail)
    done = run("lint", "--no-cache", "--select", "section-empty", cwd=root)
    failure, summary = done.stderr.splitlines()
    assert failure.startswith("error: techstock has a defect: rule section-empty failed on a.md")
    assert summary.startswith("no problems of the other rules in 2 notes: ")
    assert summary.endswith("; 1 rule could not finish")
    done = run("lint", "--no-cache", "--output-format", "markdown", cwd=root)
    assert "; 1 rule could not finish.\n" in done.stdout


@pytest.mark.parametrize("check", [fail, take_for_ever])
def test_nothing_of_it_is_kept(root: Path, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run("lint", "--no-cache", "--output-format", "json", cwd=root).stdout
    with monkeypatch.context() as broken:
        break_rule(broken, "duplicate-definition", check)
        assert run("lint", cwd=root).returncode == 2
        assert run("lint", cwd=root).returncode == 2  # nor is it taken for one that found nothing
    done = run("lint", "--output-format", "json", cwd=root)
    assert (done.returncode, done.stdout) == (1, whole)


def test_a_folder_that_was_done_is_not_kept_either() -> None:
    """A rule that runs folder by folder may run out of time in the last."""
    kept: list[object] = []

    class Kept:
        def get_corpus_problems(self, _plan: RuleRun, _corpus: Corpus) -> None:
            return None

        def add_corpus_problems(self, *given: object) -> None:
            kept.append(given)

    def check(part: Corpus) -> Any:
        if part.notes[0].path.startswith("z"):
            raise TimeLimitExceededError
        return iter(())

    rule = next(rule for rule in map(registry.load_rule, registry.list_rule_names()) if rule.whole and rule.sight)
    plan = RuleRun(replace(rule, check=check, sight="folder", whole=True), WARNING)
    corpus = make_corpus({"a/a.md": "", "z/a.md": ""})
    failures = RuleFailures(30)
    cache: Any = Kept()
    assert diagnose(corpus, [plan], known=cache, failures=failures) == []
    assert kept == []
    assert isinstance(failures.errors[rule.name], CorpusTimeoutError)
    diagnose(make_corpus({"a/a.md": "", "b/a.md": ""}), [plan], known=cache, failures=failures)
    assert len(kept) == 2


@pytest.mark.parametrize("option", [["--fix"], ["--add-ignores", "--reason", "x"], ["--fix-only"]])
def test_no_note_is_changed_without_all_rules(root: Path, option: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    break_rule(monkeypatch, "duplicate-definition", fail)
    done = run("lint", "--no-cache", *option, cwd=root)
    assert done.returncode == 2
    assert "no note is changed" in done.stderr
    assert (root / "a.md").read_text("utf-8") == NOTES["a.md"]


def test_a_baseline_calls_nothing_gone_that_was_not_looked_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("baseline", "--baseline", "known.txt", cwd=root).returncode == 0
    break_rule(monkeypatch, "marker-space", fail)
    done = run("lint", "--no-cache", "--baseline", "known.txt", cwd=root)
    assert done.returncode == 2
    assert "no longer there" not in done.stderr


def test_where_it_failed_is_shown_on_request(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_rule(monkeypatch, "duplicate-definition", fail)
    assert "Traceback" not in run("lint", cwd=root).stderr
    assert "in fail\\n    raise ZeroDivisionError" in run("lint", "-v", cwd=root).stderr.replace("\n", "\\n")


def test_a_note_at_which_the_parser_fails_is_not_checked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from techstock.cache import note_record

    real = note_record.parse_and_check

    def parse(path: str, *given: Any) -> Any:
        return fail() if path == "x/b.md" else real(path, *given)

    monkeypatch.setattr("techstock.load.parse_job.parse_and_check", parse)
    done = run("lint", "--no-cache", "--select", "marker-space", "--select", "note-unreadable", cwd=root)
    assert done.returncode == 1
    assert "marker-space" in done.stdout
    assert "techstock has a defect and cannot read this note (ZeroDivisionError)" in done.stdout


def test_a_place_that_ends_before_it_begins_is_a_failed_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    break_rule(monkeypatch, "section-empty", lambda *_, **__: [Problem(Span(3, 0), "no place")])
    plans = [RuleRun(registry.load_rule(name), WARNING) for name in ("section-empty", "marker-space")]
    failures = RuleFailures(30)
    assert {one.rule for one in diagnose(make_corpus({"a.md": NOTES["a.md"]}), plans, failures=failures)} == {
        "marker-space"
    }
    assert set(failures.errors) == {"section-empty"}
