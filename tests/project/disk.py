"""What the tests of this folder share: files and real git repositories in a temporary folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from unicodedata import normalize

import pytest

from techstock.project import Discovery, Project, discover

# `ガイド`: what keyboards send, and what macOS and its zip archives write.
COMPOSED = normalize("NFC", "ガイド")
DECOMPOSED = normalize("NFD", "ガイド")

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
bytes_names = pytest.mark.skipif(
    os.name == "nt" or os.uname().sysname == "Darwin", reason="file names are Unicode here"
)
not_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not hold for the superuser")


def files(folder: Path, *names: str) -> Path:
    """Create `names` below `folder`."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("- 待避: 新しい仕事を受けない。\n", encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """Run git in `folder` with an author and no configuration of this machine."""
    program = shutil.which("git")
    assert program
    fixed = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **(env or {}),
    }
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
    command = [program, "-C", str(folder), *author, *arguments]
    return subprocess.run(command, env=fixed, check=True, capture_output=True, text=True).stdout


def repository(folder: Path, *names: str) -> Path:
    """A repository whose first commit holds `names`."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "-b", "main")
    files(folder, *names)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "first")
    return folder


def found(
    root: Path, *, include: tuple[str, ...] = (), exclude: tuple[str, ...] = (), tracked: bool = False
) -> Discovery:
    return discover(Project(root.resolve()), include, exclude, tracked)
