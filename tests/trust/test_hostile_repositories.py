"""A repository that wants out: links, pipes, huge files, names that are no text, and whatever would run its code."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from stat import S_IFCHR
from types import FrameType
from typing import NoReturn

import pytest

from tests.cli.support import make_environment, run
from tests.project.disk import posix_only
from tests.support import make_project, run_git
from tests.trust.support import Ran, check_run, run_here

pytestmark = posix_only

HIDDEN = "geheim-4711"
PROGRAM = Path(sys.executable).with_name("techstock")
PATIENCE = 60  # seconds, for a run that would never end
NOTE = f"""# 題

- 待避: 新しい要求を受けない状態。
-\u3000復旧: 止まった仕事を再び始めること。

![a](../secret.png) ![b](link.png) ![c](folder/secret.png) ![d](%2e%2e/secret.png) ![e](/../../secret.png)
![f](pipe.png) ![g](huge.png) ![h](%FF.png) ![i](file:///etc/passwd) ![j](..\\secret.png) ![k](socket.png)
[a](../secret.md#{HIDDEN[:6]}) [b](link.md) [c](folder/secret.md#x) [d](../missing.md) [[../secret]] [e](/etc/passwd)
<img src="../secret.png"> ![l](device.png)

<!-- techstock: ignore duplicate-definition with="../secret.md#x" -->
- 停止: 台の電源を切り、もう一度入れるまで待つこと。
"""
MODULES = [
    "markdown_it",
    "pyromark",
    "msgspec",
    "PIL",
    "httpx",
    "argparse",
    "wcwidth",
    "encodings",
    "tomllib",
    "sitecustomize",
]
RUNNING = (
    *(("core", key) for key in ("fsmonitor", "pager", "editor", "sshCommand")),
    *(('filter "x"', key) for key in ("clean", "smudge", "process")),
    *(('diff "x"', key) for key in ("textconv", "command")),
    *(("diff", "external"), ("alias", "ls-files"), ("credential", "helper"), ("gpg", "program")),
)


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Path]:
    """The repository; whatever runs its code leaves a file `ran` beside it."""
    (tmp_path / "secret.md").write_text(f"# {HIDDEN}\n\n- {HIDDEN}: {HIDDEN}\n- {HIDDEN}: {HIDDEN}\n", "utf-8")
    (tmp_path / "secret.png").write_bytes(HIDDEN.encode())
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\ncat\n", "utf-8")
    trap.chmod(0o755)
    code = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    files: dict[str, str | bytes] = {"a.md": NOTE, "b.md": NOTE.replace("題", "別"), "link-target.md": "# x\n"}
    files |= {f"{name}.py": code for name in MODULES}
    files[".gitattributes"] = "* filter=x diff=x merge=x\n"
    root = make_project(tmp_path / "notes", files, git=True)
    with (root / ".git/config").open("a", encoding="utf-8") as config:
        config.write("".join(f'[{table}]\n{key} = "{trap}"\n' for table, key in RUNNING))
        config.write("[core]\nhooksPath = .hooks\n")
    for name in ("post-index-change", "post-checkout", "pre-commit", "fsmonitor-watchman"):
        hook = root / ".hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(trap.read_text("utf-8"), "utf-8")
        hook.chmod(0o755)
    _odd_files(root)
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        before = Path.cwd()
        os.chdir(root)  # the names of sockets are short
        listening.bind("socket.png")
        os.chdir(before)
        yield root


def _odd_files(root: Path) -> None:
    (root / "link.md").symlink_to("../secret.md")
    (root / "link.png").symlink_to("../secret.png")
    (root / "folder").symlink_to("..")
    os.mkfifo(root / "pipe.md")
    os.mkfifo(root / "pipe.png")
    with suppress(OSError):  # only the superuser makes devices
        for name in ("device.md", "device.png"):
            os.mknod(root / name, S_IFCHR | 0o666, os.makedev(1, 5))  # zeros without end
    for name in ("huge.md", "huge.png"):
        with (root / name).open("wb") as file:
            file.truncate(1 << 40)
    try:
        Path(os.fsdecode(os.fsencode(root) + b"/\xff\xfe.md")).write_bytes(b"# x\n")
    except OSError:
        return  # some systems have no such names


COMMANDS = [
    ["lint", "--config", 'select=["*"]', "--output-format", "full", "--output-format", "json=out.json"],
    ["lint", "--fix", "--unsafe-fixes", "--config", 'select=["*"]'],
    ["lint", "--add-ignores", "--reason", "x"],
    ["lint", "link.md", "pipe.md", "huge.md", "device.md", "folder/secret.md"],
    ["lint", "--since", "HEAD"],
    ["baseline", "--baseline", "known.txt"],
    ["explain", "a.md:3"],
    ["explain", "link.md:1"],
]


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def run_program(words: list[str], cwd: Path, *, module: bool) -> Ran:
    env = make_environment()
    if not module:
        del env["PYTHONPATH"]
    start = [sys.executable, "-m", "techstock"] if module else [str(PROGRAM)]
    done = subprocess.run([*start, *words], cwd=cwd, env=env, capture_output=True, timeout=PATIENCE, check=False)
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


@contextmanager
def awaited() -> Iterator[None]:
    """Fail where this does not end, in a wait of the system or not."""
    before = signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _too_long(number: int, frame: FrameType | None) -> NoReturn:
    pytest.fail("it waits for ever")  # no `Exception`, which the program might answer


def test_nothing_gets_out(hostile: Path) -> None:
    """As the console script, as a module, and in this process."""
    beside = read_folder(hostile.parent)
    runs = [run_program(COMMANDS[0], hostile, module=True)]
    runs += [run_program(COMMANDS[0], hostile, module=False)] if PROGRAM.exists() else []
    runs += [run_here(*words, cwd=hostile) for words in COMMANDS]
    for found in runs:
        check_run(found)
        assert HIDDEN not in found.out + found.err
    assert HIDDEN.encode() not in (hostile / "out.json").read_bytes()
    assert read_folder(hostile.parent) == beside


@pytest.mark.parametrize(
    "name", [".git", ".git/commondir", ".git/config", ".git/HEAD", ".techstock_cache", "techstock.toml"]
)
def test_a_pipe_where_a_file_is_read(tmp_path: Path, name: str) -> None:
    """None of them can come in a clone; all can in an archive."""
    root = make_project(tmp_path, {"a.md": "# x\n"}, git=name.startswith(".git/"))
    (root / name).unlink(missing_ok=True)
    os.mkfifo(root / name)
    with awaited():
        assert check_run(run_here("lint", cwd=root)).code in (0, 2)


@pytest.mark.parametrize("name", [".gitignore", ".gitattributes", ".git/info/exclude"])
def test_git_that_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("techstock.project.git._TIMEOUT", 0.5)
    root = make_project(tmp_path, {"a.md": "# x\n"}, git=True)
    (root / name).unlink(missing_ok=True)
    os.mkfifo(root / name)
    found = check_run(run_here("lint", cwd=root))
    assert found.code == 0
    assert "1 note" in found.err


@pytest.mark.parametrize("name", ["notes.index", "images-1.json", "web.jsonl"])
def test_a_cache_without_end(tmp_path: Path, name: str) -> None:
    root = make_project(tmp_path, {"a.md": "# x\n\n![x](a.png)\n", "a.png": b"x", ".techstock_cache/x": ""})
    with (root / ".techstock_cache" / name).open("wb") as file:
        file.truncate(1 << 40)
    done = run("lint", cwd=root)
    assert done.returncode == 1
    assert "defect" not in done.stderr


def test_a_worktree_that_the_configuration_moves(hostile: Path) -> None:
    """`core.worktree` makes the notes of somebody else the project's."""
    run_git(hostile, "config", "core.worktree", str(hostile.parent))
    done = run("lint", "--config", 'select=["*"]', cwd=hostile)
    assert HIDDEN not in done.stdout + done.stderr
