"""The action on a pull request of somebody who means harm: the files of the step get nothing but what is ours."""

import re
from pathlib import Path

from tests.hostile.support import WORDS, make_hostile_repository
from tests.hostile.test_output import safe
from tests.project.disk import bytes_names
from tests.support import commit_all, run_git, write_files
from tests.test_action import Step, pull_request

pytestmark = bytes_names


def test_a_hostile_pull_request(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    write_files(notes, {"a.md": "- 語: 義\n"})
    commit_all(notes)
    run_git(notes, "switch", "-q", "-c", "change")
    make_hostile_repository(notes)
    (notes / "techstock.sarif").symlink_to("a.md")
    commit_all(notes, "more")
    run_git(notes, "switch", "-q", "main")
    run_git(notes, "merge", "-q", "--no-ff", "--no-edit", "change")
    payload = pull_request("stranger/notes")
    payload["pull_request"]["title"] = WORDS[0]
    step = Step(notes, "pull_request", payload)
    assert step.done.returncode == 1, step.done.stderr
    safe(step.done.stdout)
    safe(step.done.stderr)
    assert step.outputs == {
        "sarif-file": str(tmp_path / "temp" / "techstock.sarif"),
        "upload": "false",
        "keep": "false",
        "report-file": "",
    }
    assert 1_000 < len(step.summary.encode()) < 1_048_576
    outside = re.sub(r"(`+).+?\1", "", step.summary)
    assert not re.search(r"everyone|evil|onerror|touch|##\w*\[|[\x00-\x09\x0b-\x1f]", outside)
    assert run_git(notes, "status", "--porcelain") == ""
