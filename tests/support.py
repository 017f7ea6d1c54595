"""Parse notes, run rules, and make projects and git repositories in temporary folders."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import settings
from msgspec.structs import replace

from techstock import registry
from techstock.commands.rules import find_fix_safety
from techstock.engine import RuleRun, diagnose
from techstock.engine.examples import Example, ExampleFiles, diagnose_example, diagnose_rule
from techstock.load.project_files import DiskFiles
from techstock.model import OFF, WARNING, Corpus, Diagnostic, Edit, Entry, Note
from techstock.parse import parse
from techstock.project import Project

TESTS = Path(__file__).parent
ROOT = TESTS.parent
_AUTHOR = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")


def parse_note(text: str, path: str = "note.md") -> Note:
    """Parse one note."""
    return parse(path, text)


def parse_entry(text: str, index: int = 0) -> tuple[Note, Entry]:
    """Parse a note, and return it with one of its entries."""
    note = parse_note(text)
    return note, note.entries[index]


def make_corpus(files: Mapping[str, str], beside: Iterable[str] | None = None, scope: str = "directory") -> Corpus:
    """Parse notes into a corpus; `beside` are the files that exist (unknown if None), `scope` is `duplicate-scope`."""
    notes = tuple(parse(path, text) for path, text in sorted(files.items()))
    return Corpus(notes, duplicate_scope=scope, files=None if beside is None else ExampleFiles(files, beside))


def read_corpus(folder: Path) -> Corpus:
    """Parse every note below a folder, and look for linked files there."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".md")
    notes = tuple(parse(path.relative_to(folder).as_posix(), path.read_bytes().decode()) for path in paths)
    return Corpus(notes, files=DiskFiles(Project(folder.resolve())))


def get_texts(corpus: Corpus) -> dict[str, str]:
    """Return the text of each note by its path."""
    return {note.path: note.text for note in corpus.notes}


def get_collections() -> Path:
    """Return the folder that `TECHSTOCK_COLLECTIONS` names, and skip the test without it; it is read-only."""
    folder = os.environ.get("TECHSTOCK_COLLECTIONS", "")
    if not folder:
        pytest.skip("TECHSTOCK_COLLECTIONS names no folder of real notes")
    return Path(folder)


def scale_examples(percent: int) -> int:
    """Return this percentage of the profile's number of examples (`tests/conftest.py`), for costly properties."""
    assert settings.default
    return max(settings.default.max_examples * percent // 100, 1)


def count_calls(run: Callable[[], object]) -> int:
    """Return how many functions are called, and generators resumed, while something runs."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return calls


def plan_rules(names: Iterable[str] | None = None) -> list[RuleRun]:
    """Return a plan of each of these rules, or of all; those that are off by default run as warnings."""
    rules = map(registry.load_rule, registry.list_rule_names() if names is None else names)
    return [RuleRun(rule, WARNING if rule.level == OFF else rule.level) for rule in rules]


def run_every_rule(corpus: Corpus) -> list[Diagnostic]:
    """Run every rule, those that are off by default as warnings."""
    return diagnose(corpus, plan_rules())


def run_rule(
    name: str, files: Mapping[str, str], beside: Iterable[str] | None = None, **options: Any
) -> list[Diagnostic]:
    """Run one rule over these notes, as a warning; `beside` are the files that exist (unknown if None)."""
    return diagnose_rule(replace(registry.load_rule(name), level=WARNING), make_corpus(files, beside), options)


def run_example(name: str, example: Example) -> list[Diagnostic]:
    """Run one rule over an example, as a warning."""
    return diagnose_example(replace(registry.load_rule(name), level=WARNING), example)[0]


def list_fixable_rules() -> set[str]:
    """Return the rules that fix one of their own bad examples."""
    return {name for name in registry.list_rule_names() if find_fix_safety(registry.load_rule(name))}


def apply_every_fix(files: Mapping[str, str], found: list[Diagnostic]) -> dict[str, str]:
    """Apply all fixes, and return the notes; edits must not overlap."""
    edits: dict[str, list[Edit]] = {}
    for diagnostic in found:
        for edit in diagnostic.problem.fix.edits if diagnostic.problem.fix else ():
            edits.setdefault(edit.place.path, []).append(edit)
    result = dict(files)
    for path, changes in edits.items():
        text, end = result[path], len(result[path])
        for edit in sorted(changes, key=lambda edit: edit.place, reverse=True):
            assert edit.place.end <= end, f"edits overlap in {path}"
            text = text[: edit.place.start] + edit.text + text[edit.place.end :]
            end = edit.place.start
        result[path] = text
    return result


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write these files below a folder, which is made where it is missing, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def write_short_notes(folder: Path, *names: str) -> Path:
    """Write short notes with these paths below a folder, and return it."""
    return write_files(folder, dict.fromkeys(names, "- 待避: 新しい仕事を受けない。\n"))


def read_files(folder: Path, without: Iterable[str] = ()) -> dict[str, bytes]:
    """Return the content of every regular file below a folder by its path, but for folders with these names."""
    skipped = {*without}
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    named = ((path.relative_to(folder), path) for path in paths)
    return {name.as_posix(): path.read_bytes() for name, path in named if not skipped & {*name.parts}}


def list_names(folder: Path) -> list[str]:
    """Return the names in a folder, sorted; none where there is no folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def make_project(root: Path, files: Mapping[str, str | bytes], git: bool = False) -> Path:
    """Write a project; with `git`, as a repository with all of its files in the index."""
    write_files(root, files)
    if git:
        run_git(root, "init", "--quiet", "-b", "main")
        run_git(root, "add", "--all")
    return root


def make_repository(folder: Path, *notes: str, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Make a repository whose first commit holds `files` and short notes with these paths, and return it."""
    write_files(write_short_notes(folder, *notes), files or {})
    commit_all(folder, "first")
    return folder


def commit_all(folder: Path, message: str = "next", date: str = "") -> str:
    """Commit all changes, to a new repository where there is none, and return the commit; `date` is in ISO 8601."""
    if not (folder / ".git").exists():
        run_git(folder, "init", "--quiet", "-b", "main")
    run_git(folder, "add", "--all")
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
    run_git(folder, "commit", "--quiet", "--allow-empty", "-m", message, env=dates)
    return run_git(folder, "rev-parse", "HEAD").strip()


def run_git(folder: Path, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> str:
    """Run git in a folder, with an author and no configuration of this machine, and return its stdout."""
    program = shutil.which("git")
    assert program
    command = [program, "-C", str(folder), *_AUTHOR, "-c", "protocol.file.allow=always", *arguments]
    settled = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settled |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **(env or {})}
    done = subprocess.run(command, env=settled, input=stdin.encode(), check=True, capture_output=True)
    return done.stdout.decode("utf-8")
