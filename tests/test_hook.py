"""The pre-commit hook, installed and run as in somebody's repository of notes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = (".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml", "techstock")


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, encoding="utf-8")
    return done.stdout.strip()


def committed(folder: Path) -> str:
    """A new repository of what is in the folder; returns its commit."""
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return git(folder, "rev-parse", "HEAD")


def need_index(tmp_path: Path) -> None:
    """Skip where the package index cannot be reached: pre-commit builds the hook's environment from it."""
    words = ["download", "-q", "--no-deps", "--retries", "0", "--timeout", "5", "--dest", str(tmp_path / "probe")]
    done = subprocess.run([sys.executable, "-m", "pip", *words, "hatchling"], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("the package index is out of reach")


@pytest.mark.network
def test_hook_reports_a_slip_and_passes_without(tmp_path: Path) -> None:
    need_index(tmp_path)
    package = tmp_path / "package"
    package.mkdir()
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, package)
    revision = committed(package)

    notes = tmp_path / "notes"
    notes.mkdir()
    config = f"repos: [{{repo: '{package.as_posix()}', rev: {revision}, hooks: [{{id: techstock}}]}}]\n"
    (notes / ".pre-commit-config.yaml").write_text(config, "utf-8")
    (notes / "a.md").write_text("## 1.\n\n- 待避: 新しい要求を受けない状態。\n", "utf-8")
    (notes / "b.md").write_text("## 1.\n\n- 復旧: 再び始めること。\n\n## 1.\n\n- 停止: 終えること。\n", "utf-8")
    (notes / "c.txt").write_text("## 1.\n\n## 1.\n", "utf-8")
    committed(notes)

    def hook() -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"]
        home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"}
        return subprocess.run(
            words, cwd=notes, env=os.environ | home, check=False, capture_output=True, encoding="utf-8"
        )

    found = hook()
    assert found.returncode == 1, found.stdout + found.stderr
    assert "section-number-repeated" in found.stdout
    assert "b.md:5:" in found.stdout
    assert "a.md:3" not in found.stdout

    (notes / "b.md").write_text("## 1.\n\n- 復旧: 再び始めること。\n\n## 2.\n\n- 停止: 終えること。\n", "utf-8")
    passed = hook()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "techstock" in passed.stdout
    assert "Passed" in passed.stdout
