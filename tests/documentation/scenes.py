"""Where the commands of a page run, and what they print."""

import os
import shlex
import shutil
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from itertools import count
from pathlib import Path
from unittest import mock

from techstock.cli import main
from tests.cli.support import make_environment
from tests.commands.init_notes import RELEASE
from tests.documentation.pages import ROOT, Block, blocks
from tests.support import commit_all, run_git, write_files


def _date(day: str = "2026-01-05") -> str:
    return f"{day}T09:00:00+09:00"


def _same() -> dict[str, str]:
    """Return the environment in which every machine prints the same."""
    who = {"NAME": "t", "EMAIL": "t@example.com", "DATE": _date()}
    return make_environment(
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
        **{f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in who.items()},
    )


def real(page: str, scratch: Path) -> str:
    """The page with what its commands print today.

    They run one after the other in one folder: a repository with the `notes` of this one. After
    `<!-- scene: FOLDER -->` it is another repository, with what that folder of this one holds; `new` is an empty one. A
    fence with `file=PATH` is written there, and committed on that day if it has `date=DAY`; one with `apply` is a patch
    for what is there.
    """
    parts, done, numbers = [], 0, count()
    folder: Path | None = None
    for block in blocks(page):
        if block.language == "scene":
            folder = scene(scratch / str(next(numbers)), block.text)
        elif block.language == "console" or block.words:
            folder = folder or scene(scratch / str(next(numbers)))
            parts += [page[done : block.start], _played(block, folder)]
            done = block.end
    return "".join([*parts, page[done:]])


def scene(folder: Path, of: str = "") -> Path:
    """A repository that holds what the folder `of` of this one holds (nothing for `new`); by default `notes`."""
    if of == "new":
        folder.mkdir()
    else:
        shutil.copytree(ROOT / (of or "notes"), folder if of else folder / "notes")
    commit_all(folder, "notes", date=_date())
    return folder


def _played(block: Block, folder: Path) -> str:
    """The text of the block as it should stand in the page, after what it asks for was done."""
    text = block.text
    if block.language == "console":
        commands = [line for line in text.split("\n") if line.startswith("$ ")]
        text = "".join(f"{line}\n{printed(line[2:], folder)}" for line in commands)
    elif "file" in block.words:
        write_files(folder, {block.words["file"]: text})
        if "date" in block.words:
            commit_all(folder, "notes", date=_date(block.words["date"]))
    elif "apply" in block.words:
        run_git(folder, "apply", "-", stdin=text)
    return "".join(f"{block.indent if line.strip() else ''}{line}" for line in text.splitlines(keepends=True))


def printed(command: str, folder: Path) -> str:
    """What a terminal shows of the command, run in the folder: stdout and stderr, as they come."""
    words = shlex.split(command)
    with mock.patch.dict(os.environ, _same(), clear=True):
        if words[0] != "techstock":
            shell = subprocess.Popen(
                ["bash", "-c", command],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            return shell.communicate()[0].decode("utf-8")
        screen = StringIO()
        with (
            chdir(folder),
            redirect_stdout(screen),
            redirect_stderr(screen),
            mock.patch("techstock.commands.init.find_install_source", return_value=RELEASE),
        ):
            main(words[1:])
        return screen.getvalue()
