"""Install the pre-commit hooks as they stand here, and run them in repositories of notes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import make_unmeasured_environment
from tests.support import commit_all, write_files

ROOT = Path(__file__).parent.parent
_PACKAGE = (".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml", "techstock")


def need_index(scratch: Path) -> None:
    """Skip where the package index cannot be reached: pre-commit builds the hook's environment from it."""
    words = ["download", "-q", "--no-deps", "--retries", "0", "--timeout", "5", "--dest", str(scratch / "probe")]
    done = subprocess.run([sys.executable, "-m", "pip", *words, "hatchling"], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("the package index is out of reach")


class Hooks:
    """The package as a repository of hooks, and the environments that pre-commit makes of it, once for all tests."""

    def __init__(self, scratch: Path) -> None:
        need_index(scratch)
        self.package = scratch / "package"
        self.package.mkdir()
        for name in _PACKAGE:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.package / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, self.package)
        self.revision = commit_all(self.package)
        self.home = scratch / "home"

    def notes(self, folder: Path, hook: str, files: dict[str, str]) -> Path:
        """A new repository with these files, committed, that uses the hook."""
        config = f"repos: [{{repo: '{self.package.as_posix()}', rev: {self.revision}, hooks: [{{id: {hook}}}]}}]\n"
        write_files(folder, {".pre-commit-config.yaml": config} | files)
        commit_all(folder)
        return folder

    def run(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """`pre-commit run` on what is staged, or on what `words` say."""
        return self._pre_commit(folder, "run", *words)

    def try_repo(self, folder: Path, hook: str, *words: str) -> subprocess.CompletedProcess[str]:
        """`pre-commit try-repo`, which needs no configuration."""
        return self._pre_commit(folder, "try-repo", str(self.package), hook, *words)

    def _pre_commit(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        settings = {"PRE_COMMIT_HOME": str(self.home), "PYTHONUTF8": "1", "PRE_COMMIT_COLOR": "never"}
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", *words],
            cwd=folder,
            env=make_unmeasured_environment(**settings),
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
