"""Paths for people are relative to the working directory, and every command takes them back."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import run
from tests.support import make_project

TEXT = "## 1.\n\n- 冪等性: 同じ操作を何度繰り返しても、結果が一度だけのときと変わらない性質を指す言葉である。\n"
SCOPE = 'duplicate-scope = "corpus"\n'
FILES = {"techstock.toml": SCOPE, "a/一 覧.md": TEXT, "b/c/d.md": f"# 二\n\n{TEXT}"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "notes", FILES, git=True)


@pytest.mark.parametrize("folder", ["", "a", "b", "b/c", ".."])
def test_printed_paths_are_taken_back(root: Path, folder: str) -> None:
    cwd = (root / folder).resolve()
    targets = ["notes"] if folder == ".." else []
    for options in ([], ["--output-format", "concise"]):
        out = run("lint", *targets, *options, cwd=cwd).stdout
        found = re.findall(r"^(?: *(?:-->|:::) )?(\S.*\.md):(\d+):\d+", out, re.M)
        assert found
        assert all((cwd / spot).is_file() for spot, _ in found)
        shown = ":".join(found[0])
        for command in ("explain", "merge"):
            done = run(command, shown, cwd=cwd)
            assert done.returncode == 0, done.stderr
            assert shown in done.stdout
        assert run("lint", found[0][0], cwd=cwd).returncode == 1
    listed = run("lint", *targets, "--show-files", cwd=cwd).stdout.splitlines()
    assert all((cwd / path).is_file() for path in listed)
    rows = run("terms", *targets, cwd=cwd).stdout
    assert re.search(rf"{re.escape(shown)}$", rows, re.M)


STORY = "\n\n".join(f"水門の{n}番目の記録を、昔の人が書き残したとおりにここへ写しておく。" for n in range(9))
WRONG = {
    "techstock.toml": "",
    "n/a.md": f"# 水門\n\n{STORY}\n",
    "n/b.md": f"# 水門\n\n{STORY}\n\n[失](gone.md) と [無](a.md#no) と ![図](img/x.png)\n",
}


@pytest.mark.parametrize("name", ["full", "concise", "grouped"])
@pytest.mark.parametrize("options", [[], ["--group-by", "rule"]])
def test_messages_name_paths_that_can_be_pasted(tmp_path: Path, name: str, options: list[str]) -> None:
    root = make_project(tmp_path, WRONG)
    for cwd, before in ((root, "n/"), (root / "n", "")):
        out = run("lint", *options, "--output-format", name, cwd=cwd).stdout
        for path in ("b.md", "gone.md", "img/x.png", "a.md"):
            assert f"`{before}{path}`" in out, path
        assert ("`n/" in out) == (cwd == root)


def test_fixes_and_merges_name_paths_that_can_be_pasted(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"n/a.md": "-\u3000待避: 止めること。\n", "n/b.md": "- 舟: 水に浮く。\n"})
    os.link(root / "n/a.md", root / "again.txt")
    assert "error: `a.md` is not written: " in run("lint", "--fix", cwd=root / "n").stderr
    assert "the entry on line 1 of `b.md` is no" in run("merge", "b.md:1", cwd=root / "n").stderr


def test_paths_from_elsewhere_are_absolute(root: Path) -> None:
    cwd = root.parent / "elsewhere"
    cwd.mkdir()
    out = run("lint", "--output-format", "concise", str(root), cwd=cwd).stdout
    assert out.startswith(f"{(root / 'b/c/d.md').resolve().as_posix()}:5:3: ")


def test_paths_for_programs_are_relative_to_the_root(root: Path) -> None:
    found = json.loads(run("lint", "--output-format", "json", cwd=root / "b").stdout)
    assert {one["path"] for one in found} <= FILES.keys()
    assert (
        run("lint", "--output-format", "json", cwd=root / "b").stdout
        == run("lint", "--output-format", "json", cwd=root).stdout
    )


def test_the_baseline_is_named_as_it_can_be_pasted(root: Path) -> None:
    cwd = root / "b/c"
    (root / "techstock.toml").write_text(f'{SCOPE}baseline = "known.txt"\n')
    assert "into `../../known.txt`" in run("baseline", cwd=cwd).stderr
    assert "known from `../../known.txt`" in run("lint", cwd=cwd).stderr
    assert run("lint", "--baseline", "../../known.txt", cwd=cwd).returncode == 0


def test_files_that_are_no_notes_are_not_searched_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is listed for `lint /etc/hostname`."""
    make_project(tmp_path, {"hostname": "x\n", "deep/a.md": TEXT})
    listed: list[str] = []
    scan = os.scandir

    def record_scan(path: str = ".") -> Any:
        listed.append(os.fsdecode(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", record_scan)
    done = run("lint", str(tmp_path / "hostname"), cwd=tmp_path.parent)
    assert (done.returncode, done.stdout) == (0, "")
    assert "is not checked: it is not a Markdown file" in done.stderr
    assert not [path for path in listed if path.startswith(str(tmp_path))]
    run("lint", str(tmp_path / "deep"), cwd=tmp_path.parent)
    assert [path for path in listed if path.startswith(str(tmp_path))]
