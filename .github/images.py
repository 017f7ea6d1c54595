"""What `images.yml` runs when every image has been asked for: keep one issue about those that readers do not see.

Everything comes from the environment: `STATUS` is the exit code of `techstock images`, 0 or 1, `REPORT` and `FOUND` are
its files in the formats `markdown` and `json`. `gh` speaks to GitHub. Exits with 1 where `gh` fails.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TITLE = "Images that readers do not see"
_ROOM = 65_000  # characters; GitHub takes 65,536 and refuses an issue with more


def main(environment: Mapping[str, str]) -> int:
    """The exit code of the step in this environment."""
    try:
        _tell(environment)
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"error: `gh issue {error.cmd[2]}` failed\n")
        return 1
    return 0


def _tell(environment: Mapping[str, str]) -> None:
    found = json.loads(Path(environment["FOUND"]).read_bytes())
    number = _open_issue()
    if environment["STATUS"] == "0" and not number:
        return
    if environment["STATUS"] == "0" and not any(map(_is_unsure, found)):
        _gh("close", number, "--comment", "All images load.")
        return
    body = Path(environment["REPORT"]).with_suffix(".issue.md")
    body.write_text(_body(Path(environment["REPORT"]).read_text("utf-8"), _page(environment)), "utf-8")
    if number:
        _gh("edit", number, "--body-file", str(body))
    else:
        _gh("create", "--title", TITLE, "--body-file", str(body))


def _is_unsure(problem: dict[str, Any]) -> bool:
    """Whether nobody knows if the image loads: it may be one that the issue is about."""
    return bool(problem["rule"] == "image-unverified" and problem["data"]["state"] == "unknown")


def _open_issue() -> str:
    """The number of the issue of an earlier run, empty if there is none; those of other authors are not touched."""
    listed = _gh("list", "--app", "github-actions", "--state", "open", "--limit", "1000", "--json", "number,title")
    numbers = [issue["number"] for issue in json.loads(listed) if issue["title"] == TITLE]
    return str(min(numbers)) if numbers else ""


def _body(report: str, page: str) -> str:
    """The report, cut after a line where it is too long for an issue."""
    opening = f"What `techstock images` found in [its last run]({page}); the next one brings this up to date.\n\n"
    lines = report.split("\n")
    room, count = _ROOM - len(opening), 0
    while count < len(lines) and (room := room - _length(lines[count]) - 1) >= 0:
        count += 1
    left = f"\n{len(lines) - count:,} more lines: see the page of the run.\n" if count < len(lines) else ""
    return opening + "\n".join([*lines[:count], left])


def _length(line: str) -> int:
    """Characters as JavaScript counts them, which is not less than as anybody else does."""
    return len(line.encode("utf-16-le", "surrogatepass")) // 2


def _page(environment: Mapping[str, str]) -> str:
    server, repository, run = (environment[f"GITHUB_{name}"] for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}"


def _gh(*words: str) -> str:
    done = subprocess.run(["gh", "issue", *words], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(os.environ))
