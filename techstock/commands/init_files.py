"""The files that `techstock init` proposes, and the steps left to the user because a file exists already."""

import json
import os
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from techstock.commands.init_report import ProposedSetting
from techstock.commands.installation import InstallSource
from techstock.config.sources import OWN_FILE, SHARED_FILE, is_empty_file, read_project_source
from techstock.config.toml_writer import format_toml_key, format_toml_value
from techstock.engine.baseline import BaselineEntry, format_baseline
from techstock.project import Project
from techstock.project.github_remote import find_default_branch
from techstock.project.root import MAX_CONFIGURATION_SIZE
from techstock.storage.regular_file import locate_below, read_beginning, read_file_below
from techstock.text.bounded_parsing import parse_toml

BASELINE_FILE = "techstock-baseline.txt"
HOOKS_FILE, WORKFLOWS_FOLDER, WORKFLOW_FILE = ".pre-commit-config.yaml", ".github/workflows", "notes.yml"
_CONVENTIONS_COMMENT = "Conventions of these notes, found by `techstock init`"
_NO_CONVENTIONS_COMMENT = "`techstock init` found no convention that 95 % of 20 or more cases follow"
_MOSTLY_KEPT_COMMENT = "Nearly all notes follow these, too; delete the `#` to have the exceptions reported"
_PINNING_REMARK = " # zizmor: ignore[unpinned-uses] (a commit in its place is safer)"
_PLAIN_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}")


class ProposedFile(msgspec.Struct, frozen=True):
    """A file to write: its path below the root and its text. `old` is its previous text, `None` for a new file."""

    path: str
    text: str
    old: str | None = None


def format_configuration(
    settings: Iterable[ProposedSetting], prefix: tuple[str, ...] = (), *, addition: bool = False
) -> str:
    """Return settings as TOML; `prefix` is the table that contains them, `addition` tells that it has others."""
    settings = list(settings)
    kept = any(setting.key[0] != "baseline" for setting in settings)
    lines = [f"# {_CONVENTIONS_COMMENT if kept else _NO_CONVENTIONS_COMMENT}"] if kept or not addition else []
    lines += [f"[{format_toml_key(prefix)}]"] if prefix else []
    lines += [_format_setting(setting) for setting in settings if setting.active]
    if offered := [f"# {_format_setting(setting)}" for setting in settings if not setting.active]:
        lines += [f"# {_MOSTLY_KEPT_COMMENT}", *offered]
    return "".join(f"{line}\n" for line in lines)


def _format_setting(setting: ProposedSetting) -> str:
    why = f"  # {setting.why}" if setting.why else ""
    return f"{format_toml_key(setting.key)} = {format_toml_value(setting.value)}{why}"


_REMOTE_HOOKS = """\
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: techstock
        stages: [pre-commit]
      - id: techstock-corpus
        stages: [pre-push]
"""
_LOCAL_HOOKS = """\
  - repo: local
    hooks:
      - id: techstock
        name: techstock
        entry: {command} lint --tracked --
        language: system
        types: [markdown]
        require_serial: true
        stages: [pre-commit]
      - id: techstock-corpus
        name: techstock (all notes)
        entry: {command} lint --tracked
        language: system
        pass_filenames: false
        always_run: true
        stages: [pre-push]
"""


def format_hook_entry(source: InstallSource) -> str:
    """Return the hooks of pre-commit that run techstock from its source, or this very one if others cannot get it."""
    if source.repository:
        return _REMOTE_HOOKS.format(repository=source.repository, revision=source.revision)
    # What pre-commit splits as a shell does is a string of YAML; JSON is one, whatever is in it.
    words = json.dumps(shlex.join(source.command), ensure_ascii=False)[1:-1]
    entry = _LOCAL_HOOKS.format(command=words)
    return re.sub(r"(?m)^( *entry: )(.*)$", r'\1"\2"', entry) if words != " ".join(source.command) else entry


def format_hooks(source: InstallSource) -> str:
    """Return a pre-commit configuration that runs techstock: on the notes of a commit, and on all before a push."""
    return f"default_install_hook_types: [pre-commit, pre-push]\nrepos:\n{format_hook_entry(source)}"


def format_workflow(branch: str, action: str) -> str:
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
        uses: {action}{_PINNING_REMARK if "@v" in action else ""}
"""


_MAX_BYTES_READ = 1 << 20  # bytes of a file that is looked into
_TOOL_NAME = b"techstock"
_TOOL_TABLE = ("tool", "techstock")


class ManualStep(msgspec.Struct, frozen=True):
    """A step left to the user, and the reason; `text` is the text to add by hand.

    It must be added to `file`, if that is not empty: what is written has no effect otherwise.
    """

    why: str
    text: str = ""
    file: str = ""


class InitParts(msgspec.Struct, frozen=True):
    """The parts that are wanted, and the source that hook and workflow get techstock from."""

    source: InstallSource
    baseline: bool = True
    hook: bool = True
    workflow: bool = True


def propose_files(
    project: Project, settings: Sequence[ProposedSetting], problems: Sequence[BaselineEntry], parts: InitParts
) -> tuple[ProposedFile | ManualStep, ...]:
    """Return the files to write for a project with these settings and problems, and the steps left to the user."""
    return (
        *_propose_configuration(project.root, settings, problems if parts.baseline else ()),
        *_propose_repository_files(project, parts),
    )


def _propose_configuration(
    root: Path, settings: Sequence[ProposedSetting], problems: Sequence[BaselineEntry]
) -> Iterator[ProposedFile | ManualStep]:
    source, _ = read_project_source(root)
    known = [ProposedSetting(("baseline",), BASELINE_FILE, "known problems; `techstock baseline` rewrites it")]
    if source is not None and _has_key(source.table, ("baseline",)):
        yield ManualStep(f"{source.name} names a baseline already; `techstock baseline` rewrites it")
        problems = ()
    elif problems and os.path.lexists(root / BASELINE_FILE):
        yield ManualStep(f"`{BASELINE_FILE}` is there already and not changed: delete it, or name it as `baseline`")
        problems = ()
    elif problems:
        yield ProposedFile(BASELINE_FILE, "".join(format_baseline(problems)))
    settings = [*(known if problems else ()), *settings]
    if source is None or is_empty_file(source):
        yield _propose_settings_file(root, settings)
        return
    rest = [setting for setting in settings if not _has_key(source.table, setting.key)]
    more = "; to be added by hand:" if rest else " and says all of this"
    text = format_configuration(rest, addition=True) if rest else ""
    yield ManualStep(f"{source.name} configures techstock{more}", text, source.name if problems else "")


def _has_key(table: object, key: Sequence[str]) -> bool:
    for name in key:
        if not isinstance(table, dict) or name not in table:
            return False
        table = table[name]
    return True


def _propose_settings_file(root: Path, settings: Iterable[ProposedSetting]) -> ProposedFile:
    """Return the settings as a section of pyproject.toml if its text can stay unchanged, else as a separate file."""
    settings = list(settings)
    if (root / OWN_FILE).is_file():  # it sets nothing; its comments stay
        old = read_file_below(root, OWN_FILE, MAX_CONFIGURATION_SIZE).decode()
        gap = "" if not old or old.endswith("\n") else "\n"
        return ProposedFile(OWN_FILE, f"{old}{gap}{format_configuration(settings)}", old)
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


def _propose_repository_files(project: Project, parts: InitParts) -> Iterator[ProposedFile | ManualStep]:
    if not (parts.hook or parts.workflow):
        return
    if project.git is None:
        yield ManualStep("no hook and no workflow: this is not a git repository")
        return
    if project.base:
        yield ManualStep(f"no hook and no workflow: `{project.base}` is only a part of the repository around it")
        return
    if parts.hook:
        yield from _propose_hooks(project.root, parts.source)
    if parts.workflow:
        yield from _propose_workflow(project.root, find_default_branch(project.git), parts.source.action)


def _propose_hooks(root: Path, source: InstallSource) -> Iterator[ProposedFile | ManualStep]:
    file = root / HOOKS_FILE
    if not os.path.lexists(file):
        yield ProposedFile(HOOKS_FILE, format_hooks(source))
        if not source.repository:
            yield ManualStep(
                f"`{HOOKS_FILE}` runs the techstock of this machine, since that was installed from a folder or a "
                "file: on another machine its `entry` must be changed"
            )
    elif _has_techstock(root, file):
        yield ManualStep(f"`{HOOKS_FILE}` has techstock already")
    else:
        yield ManualStep(
            f"`{HOOKS_FILE}` is there already and not changed; to be added below its `repos:`, and "
            "`default_install_hook_types: [pre-commit, pre-push]` above it:",
            format_hook_entry(source),
        )


def _propose_workflow(root: Path, main: str, action: str) -> Iterator[ProposedFile | ManualStep]:
    folder = root / WORKFLOWS_FOLDER
    try:
        there = sorted(file for file in folder.iterdir() if file.suffix in (".yml", ".yaml") and file.is_file())
    except OSError:
        there = []
    having = next((file for file in there if _has_techstock(root, file)), None)
    if having is not None:
        yield ManualStep(f"`{WORKFLOWS_FOLDER}/{having.name}` has techstock already")
    elif not action:
        yield ManualStep(
            "no workflow: this techstock was not installed from GitHub or from a release, so GitHub could not get it"
        )
    elif os.path.lexists(folder / WORKFLOW_FILE):
        yield ManualStep(
            f"`{WORKFLOWS_FOLDER}/{WORKFLOW_FILE}` is there already and not changed; another file could hold:",
            format_workflow(main, action),
        )
    else:
        yield ProposedFile(f"{WORKFLOWS_FOLDER}/{WORKFLOW_FILE}", format_workflow(main, action))


def _has_techstock(root: Path, file: Path) -> bool:
    """Return whether a file of the project names techstock in its first MiB; false if it cannot be read."""
    try:
        path = locate_below(root, file.relative_to(root).as_posix())
        return _TOOL_NAME in read_beginning(path, _MAX_BYTES_READ)
    except OSError:
        return False
