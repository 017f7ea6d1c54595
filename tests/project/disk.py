"""What the tests of this folder share: files and real git repositories in a temporary folder."""

import os
import sys
from pathlib import Path
from unicodedata import normalize

import pytest

from techstock.project import Discovery, Project, discover_notes

# `ガイド`: what keyboards send, and what macOS and its zip archives write.
COMPOSED = normalize("NFC", "ガイド")
DECOMPOSED = normalize("NFD", "ガイド")

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
bytes_names = pytest.mark.skipif(
    os.name == "nt" or os.uname().sysname == "Darwin", reason="file names are Unicode here"
)
not_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not hold for the superuser")


def run_discovery(
    root: Path, *, include: tuple[str, ...] = (), exclude: tuple[str, ...] = (), tracked: bool = False
) -> Discovery:
    return discover_notes(Project(root.resolve()), include, exclude, tracked)
