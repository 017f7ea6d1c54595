"""No Python that techstock, its action or its recipes start imports anything from the working directory."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from techstock.commands.init_files import format_hooks, format_workflow
from techstock.images.decoder import Decoder
from techstock.project.child_processes import make_python_environment, protect_imports
from tests.cli.support import make_environment, make_unmeasured_environment
from tests.commands.init_notes import RELEASE
from tests.images.pictures import PNG
from tests.project.disk import posix_only
from tests.support import ROOT, make_project, run_git, write_files
from tests.test_action import SCRIPT, pull_request

NAMES = (
    "venv", "logging", "ensurepip", "pip", "sitecustomize", "usercustomize", "techstock", "socket", "pickle", "struct",
    "multiprocessing", "json", "re", "subprocess", "msgspec", "markdown_it", "PIL", "tomllib", "signal", "tempfile",
    "pyromark", "runpy", "pathlib", "site", "encodings", "tests",
)  # fmt: skip
INVOCATION = re.compile(r"""\bpython[\d.]*(?:\.exe)?["']?((?:[ \t]+-[^\s`'"]+)*)[ \t]+(-[A-Za-z]*[mc])\b[ \t]*(\S*)""")
DOCUMENTED = (".yml", ".yaml", ".md", ".toml", ".txt", ".sh", ".cfg", ".json", "run")


def plant_modules(folder: Path) -> Path:
    """Write modules with these names, each of which leaves a file behind when it runs, and return their place."""
    left = folder.parent / "left"
    left.mkdir(exist_ok=True)
    write_files(folder, {f"{name}.py": f"open({str(left / name)!r}, 'w').close()\n" for name in NAMES})
    return left


def find_unsafe(text: str) -> list[str]:
    """Return the commands that start a module or code and import from the working directory.

    The project's own tests are meant to come from there.
    """
    return [
        found[0]
        for found in INVOCATION.finditer(text)
        if not re.search(r"(?:^|\s)-[A-Za-z]*[IP]", f"{found[1]} {found[2]}") and not found[3].startswith("tests.")
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("python3 -m venv x", 1), ('"$BIN/python" -m build', 1), ("python -c pass", 1), ("python3.11 -u -m pip", 1),
        ("python3 -I -m venv x", 0), ("python -Im venv", 0), ("python -P -c pass", 0), ("python -m tests.mutation", 0),
        ("python -X utf8 run.py", 0), ("python.exe -m pip", 1),
    ],
)  # fmt: skip
def test_unsafe_commands_are_found(text: str, count: int) -> None:
    assert len(find_unsafe(text)) == count


def test_no_recipe_imports_from_the_working_directory() -> None:
    names = [name for name in run_git(ROOT, "ls-files", "-z").split("\0") if name.endswith(DOCUMENTED)]
    assert {"action.yml", "docs/ci.md", "docs/first-day.md", "README.md", ".ci/run"} <= {*names}
    texts = {name: (ROOT / name).read_text("utf-8") for name in names if not name.startswith("tests/")}
    texts |= {"hooks": format_hooks(RELEASE), "workflow": format_workflow("main", RELEASE.action)}
    assert {name: found for name, text in texts.items() if (found := find_unsafe(text))} == {}


def read_step(name: str) -> str:
    """Return what the shell runs in a step of the action."""
    text = (ROOT / "action.yml").read_text("utf-8")
    found = re.search(rf"- name: {name}\n(?:(?!    - name).*\n)*?      run: (?:\|\n((?:        .*\n)+)|'(.*)'\n)", text)
    assert found
    return found[1] or found[2]


@posix_only
def test_the_action_installs_nothing_of_the_checkout(tmp_path: Path) -> None:
    """With the checkout as working directory, though the step has another: Python alone must be safe."""
    left = plant_modules(tmp_path / "notes")
    (tmp_path / "action").mkdir()
    environment = make_unmeasured_environment(RUNNER_TEMP=str(tmp_path), GITHUB_ACTION_PATH=str(tmp_path / "action"))
    environment |= {"PIP_NO_INDEX": "1", "PYTHONPATH": f":{tmp_path / 'notes'}"}
    done = subprocess.run(
        ["bash", "-ec", read_step("Install techstock")],
        cwd=tmp_path / "notes", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (tmp_path / "techstock-venv" / "bin" / "pip").exists(), done.stderr
    assert [*left.iterdir()] == []


@posix_only
@pytest.mark.parametrize("event", ["push", "pull_request"])
def test_the_action_runs_nothing_of_the_checkout(tmp_path: Path, event: str) -> None:
    notes = tmp_path / "notes"
    left = plant_modules(notes)
    make_project(notes, {"a.md": "- 待避:\n"}, git=True)
    program = tmp_path / "techstock-venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    write_files(tmp_path, {"event.json": str(pull_request()).replace("'", '"')})
    environment = make_unmeasured_environment(
        RUNNER_TEMP=str(tmp_path), GITHUB_ACTION_PATH=str(SCRIPT.parents[2]), GITHUB_WORKSPACE=str(notes),
        GITHUB_EVENT_NAME=event, GITHUB_EVENT_PATH=str(tmp_path / "event.json"),
    )  # fmt: skip
    environment["PYTHONPATH"] = os.pathsep.join(["", str(notes), ".", environment["PYTHONPATH"]])
    done = subprocess.run(
        ["bash", "-ec", read_step("Lint the notes")], cwd=notes, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert "definition-missing" in done.stdout, done.stderr
    assert (done.returncode, [*left.iterdir()]) == (1, [])


SPAWNING = """
import sys
from techstock.cli import main

if __name__ == "__main__":
    import techstock.load.corpus_loader as loader, techstock.load.worker_pool as pool
    loader._MIN_PARALLEL_SIZE, loader._MAX_PORTION_SIZE, pool._START_METHOD = 1, 200, "spawn"
    sys.exit(main())
"""


@pytest.mark.parametrize("flags", [[], ["-E"]], ids=["plain", "ignoring the environment"])
def test_spawned_workers_import_nothing_of_the_working_directory(tmp_path: Path, flags: list[str]) -> None:
    left = plant_modules(tmp_path / "notes")
    notes = {f"n{number}.md": f"## {number}.\n\n- 用語:\n- a: b{number}\n" for number in range(12)}
    make_project(tmp_path / "notes", {**notes, "techstock.toml": ""})
    write_files(tmp_path, {"bin/run.py": f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{SPAWNING}"})
    done = subprocess.run(
        [sys.executable, *flags, str(tmp_path / "bin" / "run.py"), "lint", "-v", "--no-cache", "--jobs=2"],
        cwd=tmp_path / "notes", env=make_environment(), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "12 parsed in " in done.stderr
    assert [*left.iterdir()] == []


def test_images_are_decoded_without_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = plant_modules(tmp_path / "notes")
    monkeypatch.chdir(tmp_path / "notes")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", ".", os.environ.get("PYTHONPATH", "")]))
    with Decoder() as decoder:
        assert decoder.try_decode(PNG, "png") == "ok"
    assert [*left.iterdir()] == []


def test_the_module_imports_nothing_of_the_working_directory(tmp_path: Path) -> None:
    left = plant_modules(tmp_path / "notes")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "techstock", "--version"],
        cwd=tmp_path / "notes", env=make_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, [*left.iterdir()]) == (0, []), done.stderr


def test_the_environment_of_children(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"A": "1", "PYTHONPATH": os.pathsep.join(["", ".", "lib", str(ROOT)])}
    assert make_python_environment(given) == {"A": "1", "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    assert make_python_environment({"PYTHONPATH": "."}) == {"PYTHONSAFEPATH": "1"}
    monkeypatch.setenv("PYTHONPATH", ".")
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    with protect_imports():
        assert ("PYTHONPATH" in os.environ, os.environ["PYTHONSAFEPATH"]) == (False, "1")
    assert (os.environ["PYTHONPATH"], "PYTHONSAFEPATH" in os.environ) == (".", False)
