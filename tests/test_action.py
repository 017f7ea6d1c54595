"""The script of the action, in the environments of a push, of pull requests, of a fork and of a schedule."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import make_unmeasured_environment, run
from tests.support import commit_all, run_git, write_files

SCRIPT = Path(__file__).parent.parent / ".github" / "action" / "run.py"
OLD = "## 1.\n\n- 待避:\n"
NEW = "## 1.\n\n- 復旧: 再び始めること。\n\n## 1.\n\n- ##[error]停止: 終えること。\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A checkout as GitHub makes it: the merge of a change that adds a slip to notes that held one."""
    folder = tmp_path / "notes"
    write_files(folder, {"old.md": OLD, "sub dir/::error::.md": "- 語: 義\n"})
    commit_all(folder)
    run_git(folder, "switch", "-q", "-c", "change")
    write_files(folder, {"sub dir/::error::.md": NEW})
    commit_all(folder)
    run_git(folder, "switch", "-q", "main")
    run_git(folder, "merge", "-q", "--no-ff", "--no-edit", "change")
    return folder


class Step:
    """A run of the script, and the files that GitHub gives it."""

    def __init__(self, notes: Path, event: str, payload: dict[str, Any] | str, **more: str) -> None:
        scratch = notes.parent / "temp"
        scratch.mkdir(exist_ok=True)
        files = {name: scratch / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH")}
        for file in files.values():
            file.write_text("", "utf-8")
        text = payload if isinstance(payload, str) else json.dumps(payload)
        files["GITHUB_EVENT_PATH"].write_text(text, "utf-8")
        around = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_WORKSPACE": str(notes)}
        around |= {"RUNNER_TEMP": str(scratch)} | {name: str(file) for name, file in files.items()}
        self.done = subprocess.run(
            [sys.executable, str(SCRIPT)],
            env=make_unmeasured_environment(**around, **more),
            check=False,
            capture_output=True,
            text=True,
        )
        self.outputs = dict(
            line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text("utf-8").split("\n") if line
        )
        self.summary = files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        self.sarif: Any = json.loads(Path(self.outputs["sarif-file"]).read_text("utf-8")) if self.outputs else None

    @property
    def annotated(self) -> list[str]:
        """The files and lines of annotations."""
        lines = [line.split("::")[1] for line in self.done.stdout.split("\n") if line.startswith("::")]
        return [",".join(line.split(" ", 1)[1].split(",")[:2]) for line in lines]


def pull_request(head: str = "owner/notes") -> dict[str, Any]:
    return {"pull_request": {"head": {"repo": {"full_name": head}}, "base": {"repo": {"full_name": "owner/notes"}}}}


BOTH = ["file=sub dir/%3A%3Aerror%3A%3A.md,line=5", "file=old.md,line=3"]


@pytest.mark.parametrize("event", ["push", "schedule"])
def test_everything_is_shown_where_nothing_is_proposed(notes: Path, event: str) -> None:
    step = Step(notes, event, {})
    assert step.done.returncode == 1
    assert step.annotated == BOTH
    assert (step.outputs["upload"], step.outputs["keep"]) == ("true", "true")
    assert len(step.sarif["runs"][0]["results"]) == 2
    assert "| `definition-missing` | warning | 1 |  |\n" in step.summary


def test_a_pull_request_shows_what_it_touches(notes: Path) -> None:
    step = Step(notes, "pull_request", pull_request())
    assert step.done.returncode == 1
    assert step.annotated == BOTH[:1]
    assert len(step.sarif["runs"][0]["results"]) == 2
    assert "| `section-number-repeated` | error | 1 |  | +1 |\n" in step.summary
    assert "| `definition-missing` | warning | 1 |  | 0 |\n" in step.summary
    assert run_git(notes, "status", "--porcelain") == ""
    assert Step(notes, "pull_request", pull_request(), INPUT_CHANGED_ONLY="never").annotated == BOTH
    assert Step(notes, "pull_request", pull_request(), INPUT_PATHS="old.md\n").done.returncode == 0


def test_a_fork_sends_and_keeps_nothing(notes: Path) -> None:
    for payload in (pull_request("stranger/notes"), {"pull_request": {"head": {"repo": None}}}, {}):
        step = Step(notes, "pull_request", payload)
        assert step.annotated == BOTH[:1]
        assert (step.outputs["upload"], step.outputs["keep"]) == ("false", "false")


@pytest.mark.parametrize(
    "event",
    ["pull_request_target", "workflow_run", "issue_comment", "issues", "pull_request_review", "discussion", "fork", ""],
)
def test_events_that_strangers_start_keep_nothing(notes: Path, event: str) -> None:
    step = Step(notes, event, pull_request())
    assert (step.outputs["upload"], step.outputs["keep"]) == ("false", "false")


HOSTILE_EVENTS = {
    "null": '{"pull_request": null}',
    "list": '{"pull_request": [{"head": 1}]}',
    "base": '{"pull_request": {"base": "x", "head": {"repo": "y"}}}',
    "deep": '{"pull_request": ' + "[" * 200_000 + "]" * 200_000 + "}",
    "open": "[" * 200_000,
    "nul": '{"pull_request": {"base": {"sha": "\\u0000"}}}',
    "surrogate": '{"pull_request": {"base": {"sha": "\\ud800"}}}',
    "number": '{"pull_request": {"base": {"sha": 1e999}}}',
    "option": '{"pull_request": {"base": {"sha": "--all"}}}',
    "array": "[]",
    "text": '"pull_request"',
    "bytes": "\ufffe{}",
}


@pytest.mark.parametrize("payload", HOSTILE_EVENTS.values(), ids=HOSTILE_EVENTS)
def test_no_event_stops_the_step(notes: Path, payload: str) -> None:
    run_git(notes, "checkout", "-q", "HEAD^2")  # no merge: the payload is asked
    step = Step(notes, "pull_request", payload)
    assert "Traceback" not in step.done.stderr
    assert (step.done.returncode, step.outputs["keep"]) == (1, "false")
    assert step.annotated[1:] == BOTH


def test_a_checkout_without_history_shows_everything_and_says_so(notes: Path, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    run_git(tmp_path, "clone", "-q", "--depth", "1", notes.as_uri(), str(shallow))
    step = Step(shallow, "pull_request", pull_request())
    assert "fetch-depth: 2" in step.done.stdout
    assert step.annotated[1:] == BOTH
    run_git(tmp_path, "clone", "-q", "--depth", "2", notes.as_uri(), str(tmp_path / "deeper"))
    assert Step(tmp_path / "deeper", "pull_request", pull_request()).annotated == BOTH[:1]


def test_hostile_values_stay_values(notes: Path) -> None:
    payload = pull_request()
    payload["pull_request"]["base"]["sha"] = "--output=/dev/stdout"
    run_git(notes, "checkout", "-q", "HEAD^2")  # no merge: the payload is asked
    step = Step(notes, "pull_request", payload, INPUT_PATHS="--root=/\n$(touch made)\n")
    assert step.done.returncode == 2
    assert not (notes / "made").exists()
    assert step.done.stdout.count("::") <= 2
    assert Step(notes, "push", {}, INPUT_FAIL_ON="error; touch made").done.returncode == 2
    assert not os.path.lexists("made")


def test_known_problems_are_not_shown(notes: Path) -> None:
    run("baseline", "--baseline", "known.txt", "old.md", cwd=notes)
    step = Step(notes, "push", {}, INPUT_BASELINE="known.txt")
    assert step.annotated == BOTH[:1]
    step = Step(notes, "pull_request", pull_request(), INPUT_BASELINE="known.txt", INPUT_PATHS="old.md")
    assert step.done.returncode == 0
    assert "definition-missing" not in step.summary


def test_a_report_is_written_when_it_is_asked_for(notes: Path) -> None:
    assert Step(notes, "push", {}).outputs["report-file"] == ""
    step = Step(notes, "push", {}, INPUT_REPORT="true", INPUT_FAIL_ON="error")
    page = Path(step.outputs["report-file"])
    assert page.parent == notes.parent / "temp"
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert Step(notes, "push", {}, INPUT_REPORT="$(touch made)").outputs["report-file"] == ""
