"""The files that `techstock init` proposes, and the steps left to the user because a file exists already."""

import os
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from techstock.cli.drafts import BASELINE, HOOK, HOOKS, WORKFLOW, WORKFLOWS, Draft, configuration, hooks, workflow
from techstock.cli.learned import Setting
from techstock.config.sources import OWN_FILE, SHARED_FILE, project_source
from techstock.engine.baseline import Entry
from techstock.engine.baseline_text import written
from techstock.project import Project
from techstock.project.home import branch

_LONGEST = 1 << 20  # bytes of a file that is looked into
_NAME = b"techstock"
_TABLE = ("tool", "techstock")


class Left(msgspec.Struct, frozen=True):
    """A step left to the user, and the reason; `text` is the text to add by hand."""

    why: str
    text: str = ""


class Proposal(msgspec.Struct, frozen=True):
    """Files to write, and steps left to the user."""

    drafts: tuple[Draft, ...]
    left: tuple[Left, ...]


def proposal(project: Project, settings: Sequence[Setting], problems: Sequence[Entry]) -> Proposal:
    """Return the files to write for a project with these settings and problems."""
    every = [*_configuration(project.root, settings, problems), *_repository(project)]
    drafts = tuple(one for one in every if isinstance(one, Draft))
    return Proposal(drafts, tuple(one for one in every if isinstance(one, Left)))


def _configuration(root: Path, settings: Sequence[Setting], problems: Sequence[Entry]) -> Iterator[Draft | Left]:
    source, _ = project_source(root)
    if source is not None:
        known = [Setting(("baseline",), BASELINE, "`techstock baseline` writes it")] if problems else []
        rest = [setting for setting in (*known, *settings) if not _has(source.table, setting.key)]
        more = "; what it does not say yet:" if rest else " and says all of this"
        yield Left(f"{source.name} configures techstock{more}", configuration(rest) if rest else "")
        return
    if problems and os.path.lexists(root / BASELINE):
        yield Left(f"`{BASELINE}` is there already and not changed: delete it, or name it as `baseline`")
    elif problems:
        yield Draft(BASELINE, "".join(written(problems)))
        settings = [Setting(("baseline",), BASELINE, "known problems; `techstock baseline` writes it anew"), *settings]
    yield _own(root, settings)


def _has(table: object, key: Sequence[str]) -> bool:
    for name in key:
        if not isinstance(table, dict) or name not in table:
            return False
        table = table[name]
    return True


def _own(root: Path, settings: Iterable[Setting]) -> Draft:
    """Return the settings as a section of pyproject.toml if its text can stay unchanged, else as a separate file."""
    settings = list(settings)
    shared = root / SHARED_FILE
    if shared.is_file() and not shared.is_symlink():
        old = shared.read_bytes().decode()
        end = "\r\n" if "\r\n" in old else "\n"
        gap = "" if not old or old.endswith(("\n\n", "\n\r\n")) else end if old.endswith("\n") else 2 * end
        new = old + gap + configuration(settings, _TABLE).replace("\n", end)
        if old and _says(new, configuration(settings), old):
            return Draft(SHARED_FILE, new, old)
    return Draft(OWN_FILE, configuration(settings))


def _says(new: str, section: str, old: str) -> bool:
    """Return whether the new text parses to the old configuration plus the section, and to nothing else."""
    before = tomllib.loads(old.removeprefix("\ufeff"))
    try:
        after = tomllib.loads(new.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:  # `tool = {…}` cannot be added to
        return False
    return bool(after == before | {"tool": before.get("tool", {}) | {"techstock": tomllib.loads(section)}})


def _repository(project: Project) -> Iterator[Draft | Left]:
    if project.git is None:
        yield Left("no hook and no workflow: this is no git repository")
        return
    if project.base:
        yield Left(f"no hook and no workflow: the repository begins above, and `{project.base}` is a part of it")
        return
    yield from _hooks(project.root)
    yield from _workflow(project.root, branch(project.git))


def _hooks(root: Path) -> Iterator[Draft | Left]:
    file = root / HOOKS
    if not os.path.lexists(file):
        yield Draft(HOOKS, hooks())
    elif _mentions(file):
        yield Left(f"`{HOOKS}` has techstock already")
    else:
        yield Left(f"`{HOOKS}` is there already and not changed; to be added below its `repos:`:", HOOK)


def _workflow(root: Path, main: str) -> Iterator[Draft | Left]:
    folder = root / WORKFLOWS
    try:
        there = sorted(file for file in folder.iterdir() if file.suffix in (".yml", ".yaml") and file.is_file())
    except OSError:
        there = []
    having = next((file for file in there if _mentions(file)), None)
    if having is not None:
        yield Left(f"`{WORKFLOWS}/{having.name}` has techstock already")
    elif os.path.lexists(folder / WORKFLOW):
        yield Left(f"`{WORKFLOWS}/{WORKFLOW}` is there already and not changed; beside it could stand:", workflow(main))
    else:
        yield Draft(f"{WORKFLOWS}/{WORKFLOW}", workflow(main))


def _mentions(file: Path) -> bool:
    """Return whether a file names techstock in its first MiB; false if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return _NAME in stream.read(_LONGEST)
    except OSError:
        return False
