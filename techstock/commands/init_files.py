"""The files that `techstock init` proposes, and the steps left to the user because a file exists already."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from techstock import __version__
from techstock.commands.init_report import ProposedSetting
from techstock.config.sources import OWN_FILE, SHARED_FILE, read_project_source
from techstock.config.toml_writer import format_toml_key, format_toml_value
from techstock.engine.baseline import BaselineEntry
from techstock.engine.baseline_file import format_baseline
from techstock.project import Project
from techstock.project.github_remote import find_default_branch
from techstock.project.root import MAX_CONFIGURATION_SIZE
from techstock.storage.regular_file import locate_below, read_beginning, read_file_below
from techstock.text.bounded_parsing import parse_toml

BASELINE_FILE = "techstock-baseline.txt"
HOOKS_FILE, WORKFLOWS_FOLDER, WORKFLOW_FILE = ".pre-commit-config.yaml", ".github/workflows", "notes.yml"
_REPOSITORY = "https://github.com/techstock/techstock"
_CONVENTIONS_COMMENT = "What these notes keep to, as `techstock init` learned it"
_NO_CONVENTIONS_COMMENT = (
    "`techstock init` found nothing that 95 % of 20 cases or more keep to; rules learn what they need of a note"
)
_PLAIN_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}")


class ProposedFile(msgspec.Struct, frozen=True):
    """A file to write: its path below the root and its text. `old` is its previous text, empty for a new file."""

    path: str
    text: str
    old: str = ""


def format_configuration(settings: Iterable[ProposedSetting], prefix: tuple[str, ...] = ()) -> str:
    """Return settings as TOML; `prefix` is the table that contains them."""
    settings = list(settings)
    kept = any(setting.key[0] != "baseline" for setting in settings)
    lines = [f"# {_CONVENTIONS_COMMENT if kept else _NO_CONVENTIONS_COMMENT}"]
    lines += [f"[{format_toml_key(prefix)}]"] if prefix else []
    for setting in settings:
        why = f"  # {setting.why}" if setting.why else ""
        lines.append(f"{format_toml_key(setting.key)} = {format_toml_value(setting.value)}{why}")
    return "".join(f"{line}\n" for line in lines)


HOOK_ENTRY = f"""\
  - repo: {_REPOSITORY}
    rev: v{__version__}
    hooks:
      - id: techstock
"""


def format_hooks() -> str:
    """Return a pre-commit configuration that runs techstock."""
    return f"# `pre-commit install` lets each commit wait for these\nrepos:\n{HOOK_ENTRY}"


def format_workflow(branch: str) -> str:
    """Return a GitHub workflow. It runs on pushes to `branch`, or to any branch if that name is not plain."""
    push = f"  push:\n    branches: [{branch}]\n" if _PLAIN_BRANCH.fullmatch(branch) else "  push:\n"
    return f"""\
name: notes

on:
{push}  pull_request:

permissions:
  contents: read

concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: true

jobs:
  lint:
    name: Lint the notes
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - name: Take the notes
        uses: actions/checkout@df4cb1c069e1874edd31b4311f1884172cec0e10 # v6.0.3
        with:
          fetch-depth: 2 # with what a pull request goes into, so that only its changes are reported
          persist-credentials: false
      - name: Lint
        uses: techstock/techstock@v{__version__} # zizmor: ignore[unpinned-uses] (a commit in its place is safer)
"""


_MAX_BYTES_READ = 1 << 20  # bytes of a file that is looked into
_TOOL_NAME = b"techstock"
_TOOL_TABLE = ("tool", "techstock")


class ManualStep(msgspec.Struct, frozen=True):
    """A step left to the user, and the reason; `text` is the text to add by hand."""

    why: str
    text: str = ""


class Proposal(msgspec.Struct, frozen=True):
    """Files to write, and steps left to the user."""

    drafts: tuple[ProposedFile, ...]
    left: tuple[ManualStep, ...]


def propose_files(project: Project, settings: Sequence[ProposedSetting], problems: Sequence[BaselineEntry]) -> Proposal:
    """Return the files to write for a project with these settings and problems."""
    every = [*_propose_configuration(project.root, settings, problems), *_propose_repository_files(project)]
    drafts = tuple(one for one in every if isinstance(one, ProposedFile))
    return Proposal(drafts, tuple(one for one in every if isinstance(one, ManualStep)))


def _propose_configuration(
    root: Path, settings: Sequence[ProposedSetting], problems: Sequence[BaselineEntry]
) -> Iterator[ProposedFile | ManualStep]:
    source, _ = read_project_source(root)
    if source is not None:
        known = [ProposedSetting(("baseline",), BASELINE_FILE, "`techstock baseline` writes it")] if problems else []
        rest = [setting for setting in (*known, *settings) if not _has_key(source.table, setting.key)]
        more = "; what it does not say yet:" if rest else " and says all of this"
        yield ManualStep(f"{source.name} configures techstock{more}", format_configuration(rest) if rest else "")
        return
    if problems and os.path.lexists(root / BASELINE_FILE):
        yield ManualStep(f"`{BASELINE_FILE}` is there already and not changed: delete it, or name it as `baseline`")
    elif problems:
        yield ProposedFile(BASELINE_FILE, "".join(format_baseline(problems)))
        settings = [
            ProposedSetting(("baseline",), BASELINE_FILE, "known problems; `techstock baseline` writes it anew"),
            *settings,
        ]
    yield _propose_settings_file(root, settings)


def _has_key(table: object, key: Sequence[str]) -> bool:
    for name in key:
        if not isinstance(table, dict) or name not in table:
            return False
        table = table[name]
    return True


def _propose_settings_file(root: Path, settings: Iterable[ProposedSetting]) -> ProposedFile:
    """Return the settings as a section of pyproject.toml if its text can stay unchanged, else as a separate file."""
    settings = list(settings)
    shared = root / SHARED_FILE
    if shared.is_file() and not shared.is_symlink():
        old = read_file_below(root, SHARED_FILE, MAX_CONFIGURATION_SIZE).decode()
        end = "\r\n" if "\r\n" in old else "\n"
        gap = "" if not old or old.endswith(("\n\n", "\n\r\n")) else end if old.endswith("\n") else 2 * end
        new = old + gap + format_configuration(settings, _TOOL_TABLE).replace("\n", end)
        if old and _is_exact_addition(new, format_configuration(settings), old):
            return ProposedFile(SHARED_FILE, new, old)
    return ProposedFile(OWN_FILE, format_configuration(settings))


def _is_exact_addition(new: str, section: str, old: str) -> bool:
    """Return whether the new text parses to the old configuration plus the section, and to nothing else."""
    before = parse_toml(old.removeprefix("\ufeff"))
    try:
        after = parse_toml(new.removeprefix("\ufeff"))
    except ValueError:  # `tool = {…}` cannot be added to
        return False
    return bool(after == before | {"tool": before.get("tool", {}) | {"techstock": parse_toml(section)}})


def _propose_repository_files(project: Project) -> Iterator[ProposedFile | ManualStep]:
    if project.git is None:
        yield ManualStep("no hook and no workflow: this is no git repository")
        return
    if project.base:
        yield ManualStep(f"no hook and no workflow: the repository begins above, and `{project.base}` is a part of it")
        return
    yield from _propose_hooks(project.root)
    yield from _propose_workflow(project.root, find_default_branch(project.git))


def _propose_hooks(root: Path) -> Iterator[ProposedFile | ManualStep]:
    file = root / HOOKS_FILE
    if not os.path.lexists(file):
        yield ProposedFile(HOOKS_FILE, format_hooks())
    elif _has_techstock(root, file):
        yield ManualStep(f"`{HOOKS_FILE}` has techstock already")
    else:
        yield ManualStep(
            f"`{HOOKS_FILE}` is there already and not changed; to be added below its `repos:`:", HOOK_ENTRY
        )


def _propose_workflow(root: Path, main: str) -> Iterator[ProposedFile | ManualStep]:
    folder = root / WORKFLOWS_FOLDER
    try:
        there = sorted(file for file in folder.iterdir() if file.suffix in (".yml", ".yaml") and file.is_file())
    except OSError:
        there = []
    having = next((file for file in there if _has_techstock(root, file)), None)
    if having is not None:
        yield ManualStep(f"`{WORKFLOWS_FOLDER}/{having.name}` has techstock already")
    elif os.path.lexists(folder / WORKFLOW_FILE):
        yield ManualStep(
            f"`{WORKFLOWS_FOLDER}/{WORKFLOW_FILE}` is there already and not changed; beside it could stand:",
            format_workflow(main),
        )
    else:
        yield ProposedFile(f"{WORKFLOWS_FOLDER}/{WORKFLOW_FILE}", format_workflow(main))


def _has_techstock(root: Path, file: Path) -> bool:
    """Return whether a file of the project names techstock in its first MiB; false if it cannot be read."""
    try:
        path = locate_below(root, file.relative_to(root).as_posix())
        return _TOOL_NAME in read_beginning(path, _MAX_BYTES_READ)
    except OSError:
        return False
