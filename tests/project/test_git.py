"""Git as it is met: absent, broken, refusing, and inside hooks."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from techstock.project import Git, GitError, Project, ProjectError, discover_notes
from tests.project.disk import COMPOSED, posix_only, run_discovery
from tests.support import make_repository, run_git, write_short_notes

WITHOUT = "; going on without git, so ignored files are checked too"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a tracked, an untracked and an ignored note."""
    root = make_repository(tmp_path.resolve() / "root", "a.md")
    write_short_notes(root, "new.md", "ignored.md")
    (root / ".gitignore").write_text("ignored.md\n", encoding="utf-8")
    return root


def program(folder: Path, script: str) -> Path:
    """A `git` that is this shell script."""
    folder.mkdir()
    path = folder / "git"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return folder


def test_no_repository_asks_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = run_discovery(write_short_notes(tmp_path, "a.md"))
    assert (result.paths, result.notices) == (("a.md",), ())
    with pytest.raises(ProjectError, match=r"^`--tracked` needs git, and `.*` is in no repository$"):
        run_discovery(tmp_path, tracked=True)


def test_git_is_not_installed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    result = run_discovery(root)
    assert result.paths == ("a.md", "ignored.md", "new.md")
    assert result.notices == (f"git is not installed{WITHOUT}",)
    with pytest.raises(ProjectError, match=r"^`--tracked` needs git, and git is not installed$"):
        run_discovery(root, tracked=True)


def test_git_is_never_taken_from_the_working_directory(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(root / "bin", "touch started")
    monkeypatch.chdir(root / "bin")
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "../bin"]))
    assert run_discovery(root).notices == (f"git is not installed{WITHOUT}",)
    assert not (root / "bin" / "started").exists()


def test_dubious_ownership_names_the_cure(root: Path) -> None:
    """In a process of its own, as git reads this variable once."""
    script = (
        "import sys; from pathlib import Path; from techstock.project import Project, discover_notes;"
        "found = discover_notes(Project(Path(sys.argv[1]))); print(found.paths); print(*found.notices)"
    )
    environment = {**os.environ, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", script, str(root)]
    run = subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8")
    paths, notice = run.stdout.strip().split("\n")
    assert paths == "('a.md', 'ignored.md', 'new.md')"
    cure = f"git config --global --add safe.directory {root}"
    assert notice == (
        f"git refuses this checkout because another user owns it (if you trust it, run `{cure}`){WITHOUT}"
    )


def test_the_cure_works(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = root.rename(tmp_path / f"it's {COMPOSED}").resolve()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    notice = run_discovery(odd).notices[0]
    command = notice.split("`")[1]
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    subprocess.run(command, shell=True, check=True)  # noqa: S602  (as a user would paste it)
    result = run_discovery(odd)
    assert (result.paths, result.notices) == (("a.md", "new.md"), ())


def test_safe_directory_from_the_environment_counts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
    assert run_discovery(root).paths == ("a.md", "new.md")


def test_git_file_that_leads_nowhere(root: Path) -> None:
    (root / ".git").rename(root.parent / "moved")
    (root / ".git").write_text("gitdir: nowhere\n", encoding="utf-8")
    result = run_discovery(root)
    assert result.paths == ("a.md", "ignored.md", "new.md")
    assert result.notices[0].startswith("git cannot list the files (`fatal: not a git repository")
    assert result.notices[0].endswith(WITHOUT)


def test_broken_index(root: Path) -> None:
    (root / ".git" / "index").write_bytes(b"DIRCgarbage" * 9)
    result = run_discovery(root)
    assert result.paths == ("a.md", "ignored.md", "new.md")
    assert result.notices[0].startswith("git cannot list the files (`error:")


@posix_only
@pytest.mark.parametrize(
    ("script", "notice"),
    [
        ("exit 1", "git cannot list the files"),
        ("echo 'fatal: \\033[31mno' >&2; exit 128", "git cannot list the files (`fatal: "),
        ("printf '\\377fatal\\nfatal: \\377\\n' >&2; exit 3", r"git cannot list the files (`fatal: \xff`)"),
    ],
)
def test_git_that_fails(root: Path, monkeypatch: pytest.MonkeyPatch, script: str, notice: str) -> None:
    monkeypatch.setenv("PATH", str(program(root.parent / "bin", script)))
    assert run_discovery(root).notices[0].startswith(notice)


@posix_only
def test_git_speaks_english_and_takes_no_locks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "PATH", str(program(root.parent / "bin", 'echo "fatal: $LC_ALL $GIT_OPTIONAL_LOCKS" >&2; exit 1'))
    )
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert run_discovery(root).notices[0].startswith("git cannot list the files (`fatal: C 0`)")


@posix_only
def test_git_that_does_not_start(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = program(root.parent / "bin", "")
    (folder / "git").write_text("#!/no/such/interpreter\n", encoding="utf-8")
    monkeypatch.setenv("PATH", str(folder))
    assert run_discovery(root).notices[0].startswith("git does not start (`")


@posix_only
def test_folder_that_git_could_not_open_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warning = "warning: could not open directory 'closed/': Permission denied"
    script = f"printf 'H 100644 0 0\\ta.md\\0'; echo \"{warning}\" >&2; echo 'warning: something else' >&2"
    monkeypatch.setenv("PATH", str(program(root.parent / "bin", script)))
    result = run_discovery(root)
    assert (result.paths, result.notices) == (("a.md",), (f"git could not look into a folder (`{warning}`)",))
    assert run_discovery(root, tracked=True).notices == result.notices


@posix_only
def test_the_repository_starts_no_program(root: Path) -> None:
    trap = program(root.parent / "bin", f"touch '{root.parent}/started'") / "git"
    run_git(root, "config", "core.fsmonitor", str(trap))
    run_git(root, "config", "core.hooksPath", str(trap.parent))
    shutil.copy(trap, trap.parent / "post-index-change")
    assert run_discovery(root).paths == ("a.md", "new.md")
    assert not (root.parent / "started").exists()


def test_git_is_asked_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    run = subprocess.run

    def count(command: list[str], **options: object) -> object:
        calls.append(command)
        return run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", count)
    project = Project(root)
    assert discover_notes(project).paths == ("a.md", "new.md")
    assert discover_notes(project, tracked_only=True).paths == ("a.md",)
    assert project.git
    assert b".gitignore" in project.git.listing.untracked
    assert len(calls) == 1


def test_index_is_not_refreshed(root: Path) -> None:
    before = (root / ".git" / "index").stat().st_mtime_ns
    os.utime(root / "a.md", (1, 1))
    assert run_discovery(root).paths == ("a.md", "new.md")
    assert (root / ".git" / "index").stat().st_mtime_ns == before


def test_variables_of_another_repository(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook of one repository that lints another."""
    other = make_repository(tmp_path / "other", "theirs.md")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert run_discovery(root, tracked=True).paths == ("a.md",)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    assert run_discovery(root, tracked=True).paths == ("a.md",)


def test_index_file_where_the_git_file_leads_nowhere(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".git").rename(root.parent / "moved")
    monkeypatch.setenv("GIT_INDEX_FILE", str(root.parent / "moved" / "index"))
    (root / ".git").write_text("gitdir: nowhere\n", encoding="utf-8")
    around = Git.find_repository(str(root))
    assert around
    with pytest.raises(GitError, match="not a git repository"):
        _ = around.listing


@pytest.mark.parametrize("relative", [False, True])
def test_index_of_this_repository_is_used(root: Path, monkeypatch: pytest.MonkeyPatch, relative: bool) -> None:
    index = root / ".git" / "next-index-1.lock"
    shutil.copy(root / ".git" / "index", index)
    run_git(root, "add", "new.md", env={"GIT_INDEX_FILE": str(index)})
    assert run_discovery(root, tracked=True).paths == ("a.md",)
    monkeypatch.setenv("GIT_INDEX_FILE", str(index.relative_to(root) if relative else index))
    monkeypatch.chdir(root.parent)  # a relative one counts from the top of the repository
    assert run_discovery(root, tracked=True).paths == ("a.md", "new.md")


@posix_only
@pytest.mark.parametrize("linked", [False, True])
def test_hook_of_a_partial_commit_sees_the_index_of_that_commit(tmp_path: Path, linked: bool) -> None:
    root = make_repository(tmp_path / "main", "a.md")
    if linked:
        run_git(root, "worktree", "add", "--quiet", "../linked")
        root = tmp_path / "linked"
    write_short_notes(root, "wanted.md", "staged.md")
    run_git(root, "add", "staged.md", "wanted.md")
    seen = tmp_path / "seen"
    script = (
        "from pathlib import Path; from techstock.project import Project, discover_notes;"
        f"root = Path({str(root.resolve())!r});"
        f"Path({str(seen)!r}).write_text(repr(discover_notes(Project(root), tracked_only=True).paths))"
    )
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    source = Path(__file__).parents[2]
    hook = hooks / "pre-commit"
    hook.write_text(f"#!/bin/sh\nPYTHONPATH='{source}' '{sys.executable}' -c \"{script}\"\n", encoding="utf-8")
    hook.chmod(0o755)
    run_git(root, "-c", f"core.hooksPath={hooks}", "commit", "--quiet", "-m", "part", "wanted.md")
    assert seen.read_text() == repr(("a.md", "wanted.md"))


def test_a_work_tree_that_the_configuration_names_elsewhere(root: Path, tmp_path: Path) -> None:
    """Only the folder of `.git` is looked at, not one that `core.worktree` names."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.md").touch()
    run_git(root, "config", "core.worktree", str(tmp_path / "elsewhere"))
    assert run_discovery(root).paths == ("a.md", "new.md")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("key", ["core.excludesFile", "core.attributesFile", "include.path"])
def test_a_configuration_that_names_a_pipe(root: Path, tmp_path: Path, key: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (root / ".git" / "config").open("a") as file:  # git itself would wait for the pipe
        section, name = key.split(".")
        file.write(f"[{section}]\n\t{name} = {tmp_path / 'pipe'}\n")
    found = run_discovery(root)
    assert "a.md" in found.paths
    assert bool(found.notices) == (key != "core.attributesFile")


def test_a_git_file_with_a_null_character(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    (tmp_path / ".git").write_bytes(b"gitdir: a\0b\n")
    assert run_discovery(tmp_path).paths == ("a.md",)
