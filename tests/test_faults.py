"""Whatever goes wrong at whichever step of a write: what was there is old or new, whole, and nothing is left over."""

import asyncio
import errno
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from techstock.cli import main
from techstock.commands.output_files import write_file
from techstock.fix.write import remove_stale_files, write_changes
from techstock.images.inspection import DecodedImageCache
from techstock.model.web import OK, WebStatus
from techstock.storage import atomic_file
from techstock.storage.cache_directory import CacheDirectory
from techstock.web import answer_cache as web_store
from techstock.web.downloads import download_all
from techstock.web.rate_limits import WebLimits
from techstock.web.urls import Url, parse_url
from tests.cache.support import run_together
from tests.cli.support import make_command
from tests.faults import ERRORS, count_steps, killed, raised
from tests.images.pictures import PNG
from tests.project.disk import linux_only, posix_only
from tests.support import make_project, read_files
from tests.web.server import reply
from tests.web.thread import serving, turn

ONLY = 'select = ["marker-space"]\n'
OLD, NEW = "- 古い\n" * 3, "- 新しい\n" * 2
Write = Callable[[Path], object]


def a_note(root: Path) -> None:
    write_changes(root, {"a.md": (OLD, NEW)})


def a_report(root: Path) -> None:
    write_file(root / "a.md", [NEW])


def facts(root: Path) -> None:
    folder = CacheDirectory(str(root))
    folder.read_clock()
    folder.write("notes.index", [NEW.encode()])
    folder.remove_unneeded([])


def whole_images(root: Path) -> None:
    kept = DecodedImageCache(CacheDirectory(str(root / ".techstock_cache")))
    kept.add("0" * 64)
    kept.save()


def answers(root: Path) -> None:
    store = web_store.AnswerCache(CacheDirectory(str(root / ".techstock_cache")), 2e9)
    store.hosts["img.notes"] = 2e9 + 60
    store.save()


def images(root: Path) -> None:
    """Download an image that comes in two pieces."""
    url = parse_url("https://img.notes/a.png")
    assert isinstance(url, Url)

    async def pieces() -> Any:
        for piece in (PNG[:40], PNG[40:]):
            yield piece

    async def fetched(url: Url, take: Callable[[Any], Any]) -> WebStatus:
        await take(SimpleNamespace(aiter_raw=pieces))
        return WebStatus(OK, host=url.host)

    asker: Any = SimpleNamespace(fetch_url=fetched)
    asyncio.run(download_all(asker, [url], root, WebLimits(), lambda _url, _copy: None))


WRITES = (a_note, a_report, facts, whole_images, answers, images)
each_write = pytest.mark.parametrize("act", WRITES, ids=lambda act: act.__name__)
MARKS = {"CACHEDIR.TAG", ".gitignore"}


def outcome(folder: Path, act: Write) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files before a write and after it, where nothing goes wrong."""
    before = fresh(folder)
    act(folder)
    return before, read_files(folder)


def fresh(folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    (folder / "a.md").write_text(OLD, "utf-8")
    return read_files(folder)


def whole(files: dict[str, bytes], before: dict[str, bytes], after: dict[str, bytes]) -> bool:
    """Whether each file is as it was or as it was to be; the marks of a cache may also be half written."""
    return all(
        content in (before.get(name), after.get(name)) or name.rpartition("/")[2] in MARKS
        for name, content in files.items()
    ) and set(files) >= set(before)


@pytest.mark.parametrize("nameless", [True, False], ids=["nameless", "named"])
@pytest.mark.parametrize("error", ERRORS)
@each_write
def test_no_fault_at_any_step_loses_or_leaves_anything(
    tmp_path: Path, act: Write, error: str, nameless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not nameless:
        monkeypatch.setattr(atomic_file, "_TMPFILE_FLAG", 0)
    before, after = outcome(tmp_path / "x", act)
    assert before != after
    steps = count_steps(lambda: outcome(tmp_path / "y", act), looks=True)
    assert steps > 4
    for at in range(steps):
        folder = tmp_path / str(at)
        fresh(folder)
        raised(at, ERRORS[error], partial(act, folder), looks=True)
        if error == "interrupted":  # Ctrl-C in the middle of removing a draft
            atomic_file.remove_abandoned_files(str(folder))
        assert whole(read_files(folder), before, after), at


@linux_only
@each_write
def test_a_process_killed_at_any_step_loses_nothing(tmp_path: Path, act: Write) -> None:
    """It leaves a draft only between the two calls that give it a name; the next write removes it."""
    before, after = outcome(tmp_path / "x", act)
    left = at = 0
    while True:
        folder = tmp_path / str(at)
        fresh(folder)
        if not killed(at, partial(act, folder)):
            break
        files = read_files(folder)
        remains = {name for name in files if atomic_file.is_temporary_name(name.rpartition("/")[2])}
        assert whole({name: files[name] for name in files if name not in remains}, before, after), at
        left += len(remains)
        (folder / "a.md").write_text(OLD, "utf-8")
        if act is a_note:
            remove_stale_files(folder, ["a.md"])
        act(folder)
        assert set(read_files(folder)) == set(after), at
        at += 1
    assert at > 4
    assert left == 1


@linux_only
@pytest.mark.parametrize(
    "arguments", [["--fix"], ["--add-ignores", "--reason", "later", "--no-cache"]], ids=lambda words: words[0]
)
def test_a_run_killed_at_any_step(tmp_path: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two notes are changed and facts are kept: the next run does the rest, and leaves what an unharmed one leaves."""
    notes = {
        "a.md": "-\u3000語: 説明。\n",
        "b/c.md": "-\u3000別: 説明。\n",
        "techstock.toml": 'select = ["marker-space"]\n',
    }

    def act() -> int:
        return main(["lint", "--quiet", "--exit-zero", *arguments])

    monkeypatch.chdir(make_project(tmp_path / "whole", notes))
    act()
    after = read_texts(tmp_path / "whole")
    assert all(after[name] != notes[name] for name in ("a.md", "b/c.md"))
    at = 0
    while True:
        root = make_project(tmp_path / str(at), notes)
        monkeypatch.chdir(root)
        if not killed(at, act):
            break
        now = read_texts(root)
        assert all(now[name] in (notes[name], after[name]) for name in notes), at
        act()
        assert read_texts(root) == after, at
        assert not [path for path in root.rglob("*") if atomic_file.is_temporary_name(path.name)], at
        at += 1
    assert at > 10


SHARED = "新しい要求を受けず、いまの仕事を終えてから止まること。台はそのあとで手放す。"
MINE, THEIRS = "台の記録は三年のあいだ残す。", "札は夜のうちに倉へ戻しておく。"


@linux_only
def test_a_merge_killed_at_any_step_loses_no_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note that gains is written first, though its path is the last."""
    notes = {
        "a.md": f"- 待避: {SHARED}{MINE}\n",
        "b.md": f"- 待避: {SHARED}\n",
        "c.md": f"- 待避: {SHARED}{THEIRS}\n",
        "techstock.toml": "",
    }

    def act() -> int:
        return main(["merge", "b.md:1", "--keep", "3", "--apply", "--quiet", "--no-cache"])

    at = seen = 0
    while True:
        root = make_project(tmp_path / str(at), notes)
        monkeypatch.chdir(root)
        if not killed(at, act):
            break
        now = read_texts(root)
        everything = "".join(now.values())
        assert all(sentence in everything for sentence in (SHARED, MINE, THEIRS)), (at, now)
        seen += now != notes
        at += 1
    assert seen > 5  # it was killed between two notes, too
    final = read_texts(root)["c.md"]
    assert all(sentence in final for sentence in (SHARED, MINE, THEIRS))


@linux_only
def test_a_download_killed_at_any_step_leaves_no_link_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image is there, whole, before the note that links to it."""
    link = "http://img.notes/a.png"
    notes = {"a.md": f"![図]({link})\n", "z/b.md": f"![図]({link})\n", "techstock.toml": ""}

    def act() -> int:
        return main(["images", "--download", "x", "--apply", "--quiet", "--no-cache"])

    at = seen = 0
    with serving({"img.notes/a.png": reply(200, PNG, content_type="image/png")}) as server:
        turn(monkeypatch, server)
        while True:
            root = make_project(tmp_path / str(at), notes)
            monkeypatch.chdir(root)
            if not killed(at, act):
                break
            for name in ("a.md", "z/b.md"):
                target = (root / name).read_text("utf-8").partition("(")[2].partition(")")[0]
                assert target == link or (root / name).parent.joinpath(target).read_bytes() == PNG, at
                seen += target != link
            at += 1
    assert seen > 5


def read_texts(root: Path) -> dict[str, str]:
    return {name: content.decode() for name, content in read_files(root).items() if name.endswith((".md", ".toml"))}


def test_a_full_disk_is_said_and_the_note_is_old(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fresh(tmp_path / "x")
    found = raised(1, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), lambda: a_note(tmp_path / "x"))
    assert "no space left on device" in str(found)
    assert read_files(tmp_path / "x") == {"a.md": OLD.encode()}


@posix_only
def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    program = "import os, sys\nfrom techstock.storage import atomic_file\natomic_file._TMPFILE_FLAG = 0\n"
    program += "with atomic_file.open_atomic_file(sys.argv[1]) as made: made.write(b'x'); os.kill(os.getpid(), 9)"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, env=kept)
    assert [atomic_file.is_temporary_name(name) for name in sorted(read_files(tmp_path))] == [True]
    atomic_file.remove_abandoned_files(str(tmp_path))
    assert sorted(read_files(tmp_path)) == []


@linux_only
def test_two_fixes_at_once(tmp_path: Path) -> None:
    """Both see all notes as they were; each note is fixed once, and nothing is left over."""
    old, new = "-\u3000語: 説明。\n", "- 語: 説明。\n"
    notes = {f"{number}.md": old for number in range(40)}
    make_project(tmp_path, {**notes, "techstock.toml": 'select = ["marker-space"]\n'})
    run_together([make_command("lint", "--fix", "--quiet")] * 2, tmp_path)
    assert {(tmp_path / name).read_text("utf-8") for name in notes} == {new}
    assert {path.name for path in tmp_path.iterdir()} == {*notes, "techstock.toml", ".techstock_cache"}
