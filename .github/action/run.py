"""What `action.yml` runs: lint the notes, annotate the change, write the summary of the step, SARIF, and a report.

Everything comes from the environment of the step; nothing of it is ever part of a command that a shell reads. Exits as
`techstock lint` does.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_OWN_EVENTS = ("push", "schedule", "workflow_dispatch", "repository_dispatch", "merge_group", "release", "create")
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


def main(environment: Mapping[str, str]) -> int:
    """The exit code of the step in this environment."""
    event = _event(environment)
    temporary = Path(environment["RUNNER_TEMP"]) / "techstock-run"
    temporary.mkdir(exist_ok=True)
    workspace = Path(environment["GITHUB_WORKSPACE"])
    sarif = Path(environment["RUNNER_TEMP"]) / "techstock.sarif"
    summary = temporary / "summary.md"
    since = _since(environment, event, workspace)
    whole = ["--exit-zero", "--quiet", f"--output-format=markdown={summary}", f"--output-format=sarif={sarif}"]
    before = _before(environment, since, workspace, temporary) if since else None
    code = _lint(environment, workspace, *whole, *([f"--compare={before}"] if before else ()))
    if code == 0:
        _append(environment.get("GITHUB_STEP_SUMMARY"), summary.read_text("utf-8"))
        trusted = not _is_foreign(environment, event)
        outputs = {"sarif-file": str(sarif), "upload": _word(trusted), "keep": _word(trusted)}
        outputs["report-file"] = _report(environment, workspace)
        _append(environment.get("GITHUB_OUTPUT"), "".join(f"{name}={value}\n" for name, value in outputs.items()))
    changed = [f"--since={since}"] if since else []
    return code or _lint(environment, workspace, "--output-format=github", *changed)


def _report(environment: Mapping[str, str], workspace: Path) -> str:
    """Write the page of all notes if it is asked for, and return its path; empty where there is none."""
    if environment.get("INPUT_REPORT", "") != "true":
        return ""
    page = Path(environment["RUNNER_TEMP"]) / "techstock-report.html"
    code = _techstock(environment, workspace, "report", "--quiet", f"--output={page}")
    return str(page) if code == 0 else ""


def _event(environment: Mapping[str, str]) -> dict[str, Any]:
    """What happened, as GitHub tells it; empty where that cannot be read."""
    try:
        event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_bytes())
    except (KeyError, OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _is_foreign(environment: Mapping[str, str], event: dict[str, Any]) -> bool:
    """Whether the notes may be those of a stranger: all but what people with rights here start, and their changes.

    A comment, or a workflow that runs after another one, may bring the notes of a fork without saying so.
    """
    name = environment.get("GITHUB_EVENT_NAME", "")
    if name in _OWN_EVENTS:
        return False
    head, base = (_text_at(event, "pull_request", end, "repo", "full_name") for end in ("head", "base"))
    return name != "pull_request" or not head or head != base


def _text_at(event: dict[str, Any], *keys: str) -> str:
    """The text at these keys of the event; empty where there is none."""
    found: Any = event
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def _since(environment: Mapping[str, str], event: dict[str, Any], workspace: Path) -> str:
    """The commit that a pull request is compared with; empty for other events, and where the checkout lacks it."""
    wanted = environment.get("INPUT_CHANGED_ONLY", "auto") == "auto"
    if not wanted or not environment.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        return ""
    # GitHub checks out the merge of the change; the first parent is what it goes into.
    base = _text_at(event, "pull_request", "base", "sha")
    for name in ("HEAD^2~0^{commit}", *([base] if re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", base) else ())):
        if name.startswith("HEAD"):
            found = _git(workspace, "rev-parse", "--verify", "--quiet", name) and _git(workspace, "rev-parse", "HEAD^1")
        else:
            found = _git(workspace, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found:
            return found
    sys.stdout.write(
        "::notice title=techstock::all problems are shown, for the checkout does not hold what the change goes into: "
        "give actions/checkout `fetch-depth: 2`\n"
    )
    return ""


def _before(environment: Mapping[str, str], since: str, workspace: Path, temporary: Path) -> Path | None:
    """A report on the notes as they were; none where that fails, for the change is what matters."""
    tree, report = temporary / "before", temporary / "before.json"
    if not tree.exists() and _git(workspace, "worktree", "add", "--detach", "--force", str(tree), since) is None:
        return None
    code = _lint(environment, tree, "--exit-zero", "--quiet", f"--output-format=json={report}")
    return report if code == 0 else None


def _lint(environment: Mapping[str, str], folder: Path, *options: str) -> int:
    fail_on = environment.get("INPUT_FAIL_ON", "")
    given = [f"--fail-on={fail_on}"] if fail_on else []
    if baseline := environment.get("INPUT_BASELINE", ""):  # that of the change, for the notes as they were, too
        given.append(f"--baseline={os.path.relpath(Path(environment['GITHUB_WORKSPACE']) / baseline, folder)}")
    return _techstock(environment, folder, "lint", *options, *given)


def _techstock(environment: Mapping[str, str], folder: Path, *words: str) -> int:
    """Run a command on the paths of the input, and return its exit code."""
    command = [sys.executable, "-P", "-m", "techstock", *words]
    cache = Path(environment["RUNNER_TEMP"]) / "techstock-cache"
    paths = [line.strip() for line in environment.get("INPUT_PATHS", "").split("\n")]
    sys.stdout.flush()
    done = subprocess.run(
        [*command, f"--cache-dir={cache}", "--", *filter(None, paths)],
        cwd=folder,
        env=_python(environment),
        check=False,
    )
    return done.returncode


def _python(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a Python that imports nothing from the notes: `-P` alone leaves what `PYTHONPATH` names."""
    notes = Path(environment["GITHUB_WORKSPACE"]).resolve()
    paths = [Path(path) for path in environment.get("PYTHONPATH", "").split(os.pathsep)]
    kept = [str(path) for path in paths if path.is_absolute() and not path.resolve().is_relative_to(notes)]
    others = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    return others | ({"PYTHONPATH": os.pathsep.join(kept)} if kept else {})


def _git(folder: Path, *words: str) -> str | None:
    """What git says, None where it fails."""
    quiet = os.environ | {"GIT_LFS_SKIP_SMUDGE": "1", "GIT_TERMINAL_PROMPT": "0"}  # nothing is fetched
    command = [*_GIT, "-C", str(folder), *words]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", env=quiet)
    return None if done.returncode else done.stdout.strip()


def _append(file: str | None, text: str) -> None:
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(text)


def _word(value: bool) -> str:
    return "true" if value else "false"


if __name__ == "__main__":
    sys.exit(main(os.environ))
