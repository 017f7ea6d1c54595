"""Where techstock was installed from, and what `init` writes of that."""

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from techstock import __version__
from techstock.commands.init_files import format_hooks
from techstock.commands.installation import REPOSITORY, InstallSource, find_install_source
from tests.cli.support import make_unmeasured_environment
from tests.commands.init_notes import HOOKS, OLD, WORKFLOW, init
from tests.support import make_project, run_git, write_files

COMMIT = "0123456789abcdef0123456789abcdef01234567"
URL = "https://github.com/me/techstock"
LOCAL = InstallSource("", "", (sys.executable, "-P", "-m", "techstock"))


def record(url: str, commit: str = COMMIT, **more: Any) -> str:
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": commit}} | more)


def install(folder: Path, text: str | None) -> str:
    """Write what an installer leaves beside a package, first on the path, and return the folder."""
    files = {"METADATA": f"Metadata-Version: 2.1\nName: techstock\nVersion: {__version__}\n"}
    if text is not None:
        files["direct_url.json"] = text
    info = f"techstock-{__version__}.dist-info"
    write_files(folder / info, files | {"RECORD": "".join(f"{info}/{name},,\n" for name in files)})
    return str(folder)


@pytest.mark.parametrize(
    ("text", "repository", "revision", "action"),
    [
        (None, REPOSITORY, f"v{__version__}", f"techstock/techstock@v{__version__}"),
        (record(URL), URL, COMMIT, f"me/techstock@{COMMIT}"),
        (record(f"{URL}.git"), f"{URL}.git", COMMIT, f"me/techstock@{COMMIT}"),
        (record("file:///srv/techstock"), "file:///srv/techstock", COMMIT, ""),
        (record("ssh://git@example.org/t.git"), "ssh://git@example.org/t.git", COMMIT, ""),
        (json.dumps({"url": "file:///home/me/techstock", "dir_info": {"editable": True}}), "", "", ""),
        (json.dumps({"url": "file:///tmp/t.whl", "archive_info": {}}), "", "", ""),
        (record("https://me:secret@example.org/t.git"), "", "", ""),
        (record("https://example.org/t\nrepos: x"), "", "", ""),
        (record(URL, "main"), "", "", ""),
        (record(URL, subdirectory="x"), "", "", ""),
        ("[]", "", "", ""),
        ("{", "", "", ""),
    ],
)
def test_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, repository: str, revision: str, action: str
) -> None:
    monkeypatch.syspath_prepend(install(tmp_path, text))
    found = find_install_source()
    assert (found.repository, found.revision, found.action) == (repository, revision, action)
    assert Path(found.command[0]).is_file()


def test_sources_that_are_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", fails)
    assert find_install_source().repository == ""


def test_workflow_only_where_github_can_get_it(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(repository, monkeypatch, "--yes", source=LOCAL) == 0
    assert not (repository / WORKFLOW).exists()
    out = " ".join(capsys.readouterr().out.split())
    assert "no workflow: this techstock was not installed from GitHub or from a release" in out
    assert "runs the techstock of this machine" in out


@pytest.mark.parametrize("word", ["/opt/a b/techstock", 'C:/x"y/techstock', "/opt/it's: #1/techstock"])
def test_odd_paths_are_one_word_for_pre_commit(tmp_path: Path, word: str) -> None:
    import shlex

    from pre_commit.clientlib import load_config  # type: ignore[import-untyped]

    write_files(tmp_path, {HOOKS: format_hooks(InstallSource("", "", (word,)))})
    [repo] = load_config(tmp_path / HOOKS)["repos"]
    assert [shlex.split(hook["entry"])[:3] for hook in repo["hooks"]] == 2 * [[word, "lint", "--tracked"]]


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run git as a person does, hooks included."""
    who = {f"GIT_{role}_{what}": "t@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = make_unmeasured_environment(
        GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1", PRE_COMMIT_HOME=str(folder.parent / "home"), **who
    )
    return subprocess.run(["git", *words], cwd=folder, env=env, check=False, capture_output=True, encoding="utf-8")


def test_commit_and_push_through_the_hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_project(tmp_path / "notes", OLD, git=True)
    run_git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    run_git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    assert init(root, monkeypatch, "--yes", source=LOCAL) == 0
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=root, check=True, capture_output=True)
    assert {"pre-commit", "pre-push"} <= {path.name for path in (root / ".git/hooks").iterdir()}
    git(root, "add", "--all")
    done = git(root, "commit", "-qm", "first")
    assert done.returncode == 0, done.stdout + done.stderr
    done = git(root, "push", "-q", "origin", "main")
    assert done.returncode == 0, done.stdout + done.stderr
    write_files(root, {"n/new.md": "- 停止:\n"})
    git(root, "add", "--all")
    done = git(root, "commit", "-qm", "slip")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert said.count("definition-missing: `停止` has no definition") == 1
    assert "待避" not in said  # which the baseline knows
    assert git(root, "commit", "-qm", "slip", "--no-verify").returncode == 0
    done = git(root, "push", "-q", "origin", "main")
    assert done.returncode != 0
    assert (done.stdout + done.stderr).count("definition-missing: `停止` has no definition") == 1
