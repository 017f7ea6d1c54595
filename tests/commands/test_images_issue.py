"""The script of `images.yml` opens, updates and closes one issue: with a `gh` that writes down what it is asked."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tests.cli.support import make_unmeasured_environment, run
from tests.project.disk import posix_only
from tests.support import ROOT, make_project

pytestmark = posix_only  # a program is a file with `#!`

SCRIPT = ROOT / ".github" / "images.py"
TITLE = "Images that readers do not see"
OURS = {"number": 7, "title": TITLE}
OTHERS = [{"number": 1, "title": f"Re: {TITLE}"}, {"number": 3, "title": "images"}]
LISTING = ["issue", "list", "--app", "github-actions", "--state", "open", "--limit", "1000", "--json", "number,title"]
GH = """#!{python}
import json, os, sys
folder = os.path.dirname(__file__)
words = sys.argv[1:]
body = open(words[words.index("--body-file") + 1], encoding="utf-8").read() if "--body-file" in words else ""
with open(folder + "/asked", "a", encoding="utf-8") as file:
    file.write(json.dumps([words, body, os.environ.get("GH_TOKEN")]) + "\\n")
if os.path.exists(folder + "/fails-" + words[1]):
    sys.exit(4)
if words[1] == "list":
    print(open(folder + "/issues", encoding="utf-8").read())
"""


class Telling:
    """A run of the script, and what it asked of `gh`: the words after `gh`, and the bodies it gave."""

    def __init__(self, folder: Path, issues: list[Any], found: list[Any], report: str, status: int, fails: str = ""):
        files = {"bin/gh": GH.format(python=sys.executable), "bin/issues": json.dumps(issues)}
        make_project(folder, files | {"images.md": report, "images.json": json.dumps(found), "bin/asked": ""})
        (folder / "bin" / "gh").chmod(0o755)
        if fails:
            (folder / "bin" / f"fails-{fails}").touch()
        given = {"STATUS": str(status), "REPORT": str(folder / "images.md"), "FOUND": str(folder / "images.json")}
        given |= {
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_RUN_ID": "5",
            "GH_TOKEN": "t",
        }
        path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self.done = subprocess.run(
            [sys.executable, "-P", str(SCRIPT)],
            env=make_unmeasured_environment(PATH=path, **given),
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        asked = [json.loads(line) for line in (folder / "bin" / "asked").read_text("utf-8").splitlines()]
        self.words = [words for words, _, _ in asked]
        self.body = "".join(body for _, body, _ in asked)
        assert self.words[0] == LISTING
        assert {token for _, _, token in asked} == {"t"}


def unsure(state: str) -> dict[str, Any]:
    return {"rule": "image-unverified", "data": {"state": state}}


def test_opens_one(tmp_path: Path) -> None:
    told = Telling(tmp_path, OTHERS, [{"rule": "image-broken"}], "| `a.png` |\n", 1)
    assert told.done.returncode == 0, told.done.stderr
    assert [words[1:4] for words in told.words[1:]] == [["create", "--title", TITLE]]
    assert told.body.startswith(
        "What `techstock images` found in [its last run](https://github.com/o/r/actions/runs/5); "
    )
    assert told.body.rstrip("\n").endswith("\n\n| `a.png` |")


def test_updates_the_one(tmp_path: Path) -> None:
    told = Telling(tmp_path, [{"number": 12, "title": TITLE}, OURS, *OTHERS], [{"rule": "image-broken"}], "new", 1)
    assert [words[1:3] for words in told.words[1:]] == [["edit", "7"]]
    assert "new" in told.body


def test_nothing_is_dead(tmp_path: Path) -> None:
    assert Telling(tmp_path / "none", OTHERS, [], "", 0).words == [LISTING]
    closed = Telling(tmp_path / "one", [OURS], [unsure("blocked")], "", 0)
    assert closed.words[1:] == [["issue", "close", "7", "--comment", "All images load."]]


def test_what_could_not_be_found_out_closes_nothing(tmp_path: Path) -> None:
    told = Telling(tmp_path, [OURS], [unsure("unknown")], "perhaps", 0)
    assert [words[1:3] for words in told.words[1:]] == [["edit", "7"]]


@pytest.mark.parametrize("fails", ["list", "edit"])
def test_failure_is_said(tmp_path: Path, fails: str) -> None:
    told = Telling(tmp_path, [OURS], [], "", 1, fails)
    assert (told.done.returncode, told.done.stderr) == (1, f"error: `gh issue {fails}` failed\n")


HOSTILE = (
    "@someone /close #1 fixes #2 </code><img src=x> [t](https://evil.test) ``` ~~~ $(touch made) ::error::x 👨‍👩‍👧"
)


def test_hostile_notes_are_code_in_the_issue(tmp_path: Path) -> None:
    names = [f"{HOSTILE.replace('/', '_')} {number}.png" for number in range(400)]
    text = "".join(f"![図](<{name}>)\n\n" for name in names)
    root = make_project(tmp_path / "notes", {f"{HOSTILE.replace('/', '_')}.md": text, "techstock.toml": ""})
    files = ("--output-format=markdown=report.md", "--output-format=json=found.json")
    assert run("images", "--offline", *files, cwd=root).returncode == 1
    report = (root / "report.md").read_text("utf-8") * 4
    told = Telling(tmp_path / "gh", [], json.loads((root / "found.json").read_bytes()), report, 1)
    assert told.words[1][:4] == ["issue", "create", "--title", TITLE]
    assert 50_000 < len(told.body.encode("utf-16-le")) // 2 <= 65_536
    assert re.search(r"\n\n[0-9,]+ more lines: see the page of the run\.\n$", told.body)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(told.body)
    assert html.count("<a ") == 1  # to the run
    outside = re.sub(r"<code>.*?</code>", "", html)
    assert not re.search(r"<img|@someone|fixes|evil|::error", outside)
    assert not (tmp_path / "gh" / "made").exists()
