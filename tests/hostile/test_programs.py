"""No program that a repository names is started: not by its configuration of git, its hooks or its attributes."""

from pathlib import Path

import pytest

from tests.cli.support import run
from tests.project.disk import posix_only
from tests.support import make_project, make_repository, run_git

pytestmark = posix_only

KEYS = (
    "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.gitProxy", "core.askPass", "diff.external",
    "filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.command", "diff.x.textconv", "merge.x.driver",
    "credential.helper", "gpg.program", "alias.ls-files", "alias.diff", "interactive.diffFilter", "pager.diff",
)  # fmt: skip
HOOKS = (
    "post-checkout",
    "post-index-change",
    "pre-commit",
    "post-merge",
    "reference-transaction",
    "fsmonitor-watchman",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository in which git itself would start the program often: the file `made` tells that it ran."""
    files: dict[str, str | bytes] = {"a.md": "- 待避:\n", "b.png": b"\x89PNG", ".gitattributes": "* filter=x diff=x\n"}
    root = make_repository(tmp_path / "notes", files=files)
    program = make_project(tmp_path, {"program": f"#!/bin/sh\ntouch '{tmp_path}/made'\ncat\n"}) / "program"
    program.chmod(0o755)
    for key in KEYS:
        run_git(root, "config", key, f"!{program}" if key.startswith(("alias", "credential")) else str(program))
    for hook in HOOKS:
        (root / ".git" / "hooks").mkdir(exist_ok=True)
        (root / ".git" / "hooks" / hook).symlink_to(program)
    (root / "a.md").write_text("- 待避:\n\n-\u3000復旧: 再び始めること。\n", "utf-8")
    return root


def test_the_trap_works(root: Path) -> None:
    run_git(root, "status")
    assert (root.parent / "made").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint"], ["lint", "--tracked"], ["lint", "--since", "HEAD"], ["lint", "--diff"], ["lint", "--fix"],
        ["images", "--offline"], ["baseline"], ["explain", "a.md:1"], ["cache"], ["lint", "--since", "--output=made"],
        ["lint", "--add-ignores", "--reason", "x"], ["lint", "--since", "$(touch made)"],
    ],
)  # fmt: skip
def test_no_command_starts_it(root: Path, arguments: list[str]) -> None:
    done = run(*arguments, cwd=root)
    assert done.returncode in (0, 1, 2)
    assert "defect" not in done.stderr
    assert not (root.parent / "made").exists()
    assert not (root / "made").exists()


@pytest.mark.parametrize("arguments", [["lint", "--since", "HEAD"], ["lint", "--diff"], ["images", "--offline"]])
def test_nor_does_the_environment(root: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As a folder's own settings of a shell may have it, or a step of a build before."""
    program = str(root.parent / "program")
    for name in ("EXTERNAL_DIFF", "PAGER", "EDITOR", "SSH", "SSH_COMMAND", "ASKPASS", "PROXY_COMMAND"):
        monkeypatch.setenv(f"GIT_{name}", program)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    for number, (key, value) in enumerate((("core.fsmonitor", program), ("core.hooksPath", ".git/hooks"))):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    assert run(*arguments, cwd=root).returncode in (0, 1)
    assert not (root.parent / "made").exists()
