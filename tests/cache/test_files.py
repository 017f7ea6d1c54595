"""Cached problems of links and images: whatever happens to files, a run with a cache reports what one without does."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from techstock.cache import key
from techstock.load import project_files
from techstock.load.project_files import DiskFiles
from techstock.model import ImageContent
from tests.cache.support import lint_report
from tests.images.pictures import GIF, PNG, POINTER
from tests.project.disk import posix_only
from tests.support import make_project

NOTES = ["a.md", "b.md", "sub/a.md", "sub/Deep/c.md", "other/README.md"]
FILES = ["x.png", "sub/x.png", "sub/Deep/y.gif", "other/z.svg", "data.csv", "sub/data.txt", "sub/.obsidian/app.json"]
TARGETS = [*NOTES, *FILES, "missing.md", "none/x.png", "sub", "other/", "A.md", "SUB/x.png", "a.html", "sub/Deep"]
FRAGMENTS = ["", "", "#title", "#Title-1", "#日本", "#id", "?plain=1#L3", "#none"]
HEADINGS = ["# Title", "## Title", "## 日本", '<a id="id"></a>', "## `code` *em*", "## :rocket: go", "# A {#id}"]
OPTIONS: list[list[str]] = [
    [], [], [], ["--select", "*"], ["--select", "link-missing,image-missing"], ["--config", 'image-root="sub"'],
    ["a.md"], ["--select", "link-outside"], ["--select", "image-size", "--config", "rules.image-size.largest=9"],
]  # fmt: skip


def make_text(choose: random.Random) -> str:
    """Make the text of a note with headings, links and images."""

    def make_line() -> str:
        target = os.path.relpath(choose.choice(TARGETS), choose.choice(["", "", "sub", "sub/Deep"]))
        target = choose.choice([target, target, f"/{target}", f"https://github.com/me/notes/blob/main/{target}"])
        part, name = choose.choice(FRAGMENTS), choose.choice(["a", "b", "c", "README", "x.png", "data.txt", "nobody"])
        return choose.choice([
            f"[one]({target}{part})", f"[one]({target}{part})", f"[one]({part or '#title'})", f"![図]({target})",
            f"[[{name}{part}]]", f"![[{name}]]", f'<a href="{target}">one</a>', f"`[one]({target})`",
            f"[!{target}](x.png)", "![d](data:image/png;base64,AAAA)", f"[ref]: {target}{part}\n\n[ref]",
        ])  # fmt: skip

    lines = [make_line() if choose.random() < 0.7 else choose.choice(HEADINGS) for _ in range(choose.randint(0, 12))]
    return "\n\n".join(["# Title", *lines]) + "\n"


def edit_files(choose: random.Random, root: Path) -> None:
    """Do to notes, files and folders what people and git do."""
    path = root / choose.choice([*NOTES, *FILES])
    kind = choose.choice(["write", "write", "delete", "rename", "case", "folder", "link", "index", "image", "branch"])
    if kind == "case":  # of a folder, and of a file
        path = choose.choice([root / "sub", root / "sub/Deep", path])
        if path.exists():
            path.rename(path.with_name(path.name.swapcase()))
    elif kind in ("folder", "link"):
        path = choose.choice([root / "missing.md", root / "none", path])
        if not path.exists() and not path.is_symlink() and path.parent.is_dir():
            path.mkdir() if kind == "folder" else path.symlink_to(choose.choice(["a.md", "sub", "..", "../.."]))
    elif kind == "index" and (root / ".git").exists():
        subprocess.run(["git", "add", "-A"], cwd=root, check=True, capture_output=True)
    elif kind == "branch" and (root / ".git").exists():
        (root / ".git/config").write_text('[remote "origin"]\n\turl = https://github.com/me/notes\n', "utf-8")
    elif kind == "delete" and path.is_file():
        path.unlink()
    elif kind == "rename" and path.is_file() and (target := path.parent / choose.choice(["n.md", "x.png"])) != path:
        shutil.rmtree(target, ignore_errors=True) if target.is_dir() else path.replace(target)
    elif not path.is_dir() and path.parent.is_dir():
        data = make_text(choose).encode() if path.suffix == ".md" else choose.choice([PNG, GIF, POINTER, b"", PNG[:-9]])
        path.unlink(missing_ok=True)
        path.write_bytes(data)


@pytest.mark.parametrize("seed", range(8))
def test_any_edits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    choose = random.Random(seed)  # noqa: S311 (no secret)
    if seed % 3:
        monkeypatch.setattr(key, "SETTLE_TIME", -(10**15))  # stamps are trusted at once
    notes = {name: make_text(choose) for name in NOTES}
    root = make_project(tmp_path, notes | dict.fromkeys(FILES, PNG) | {"techstock.toml": ""}, git=seed % 2 == 0)
    monkeypatch.chdir(root)
    for _ in range(6):
        options = choose.choice(OPTIONS)
        if all(not option.endswith(".md") or Path(option).is_file() for option in options):
            fresh = lint_report(capsys, "--no-cache", *options)
            assert lint_report(capsys, *options) == fresh
            assert lint_report(capsys, *options) == fresh
        for _ in range(choose.randint(1, 2)):
            edit_files(choose, root)


def make_link(path: Path, target: str) -> Path:
    path.symlink_to(target)
    return path


EDITS: dict[str, Callable[[Path], object]] = {
    "delete": lambda root: (root / "sub/b.md").unlink(),
    "rename": lambda root: (root / "sub/b.md").rename(root / "sub/c.md"),
    "case": lambda root: (root / "sub").rename(root / "Sub"),
    "heading": lambda root: (root / "sub/b.md").write_text("# Other\n", "utf-8"),
    "own target": lambda root: (root / "a.md").write_text("# Title\n\n[b](sub/c.md)\n", "utf-8"),
    "own image": lambda root: (root / "a.md").write_text("# Title\n\n![図](y.png)\n", "utf-8"),
    "image": lambda root: (root / "x.png").write_bytes(PNG[:-20]),
    "link": lambda root: make_link(root / "y.png", "../x.png").replace(root / "x.png"),
}


@pytest.mark.parametrize("git", [False, True])
@pytest.mark.parametrize("edit", EDITS)
def test_a_problem_appears_with_its_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], edit: str, git: bool
) -> None:
    """Notes without a problem, of which none is read again, and a change of another file that makes one."""
    monkeypatch.setattr(key, "SETTLE_TIME", -(10**15))
    note = "# Title\n\n[b](sub/b.md#heading) [d](data.csv)\n\n![図](x.png)\n"
    files: dict[str, str | bytes] = {"a.md": note, "sub/b.md": "# Heading\n", "data.csv": "1,2\n", "x.png": PNG}
    root = make_project(tmp_path, files | {"techstock.toml": ""}, git=git)
    monkeypatch.chdir(root)
    for _ in range(2):
        assert lint_report(capsys, "--select", "link-*,image-*") == (0, "[]\n")
    EDITS[edit](root)
    code, report = lint_report(capsys, "--select", "link-*,image-*")
    assert (code, report) == lint_report(capsys, "--no-cache", "--select", "link-*,image-*")
    assert code == 1


def test_a_note_that_was_left_out_is_asked_for_its_headings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file and no note has changed, but which of the files are notes."""
    monkeypatch.setattr(key, "SETTLE_TIME", -(10**15))
    root = make_project(tmp_path, {"a.md": "# T\n\n[b](b.md#none)\n", "b.md": "# B\n", "techstock.toml": ""})
    monkeypatch.chdir(root)
    for _ in range(2):
        assert lint_report(capsys, "--config", 'exclude=["b.md"]') == (0, "[]\n")
    assert lint_report(capsys) == lint_report(capsys, "--no-cache")
    assert lint_report(capsys)[0] == 1


def test_an_unchanged_run_asks_no_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from techstock.links import file_index

    root = make_project(tmp_path, {"a.md": "# T\n\n[b](b.md) [c](c.md#x)\n", "c.md": "# T\n", "techstock.toml": ""})
    monkeypatch.chdir(root)
    reports = [lint_report(capsys) for _ in range(2)]

    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(file_index.FileIndex, "find_path", refuse)
    assert lint_report(capsys) == reports[0] == reports[1]
    (root / "b.md").write_text("# T\n", "utf-8")
    monkeypatch.undo()
    monkeypatch.chdir(root)
    assert lint_report(capsys)[1].count('"rule"') == reports[0][1].count('"rule"') - 1


def test_images_are_inspected_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another note, another set of rules: an image is read again where it has changed, or what decodes it has."""
    monkeypatch.setattr(key, "SETTLE_TIME", -(10**15))
    images = {"x.png": PNG, "y.png": PNG[:-20], "z.png": b"", "p.png": POINTER}
    note = "# T\n\n![a](x.png) ![b](y.png) ![c](z.png) ![d](data:image/png;base64,AAAA)\n"
    root = make_project(tmp_path, images | {"a.md": note, "b.md": "# U\n", "techstock.toml": ""})
    monkeypatch.chdir(root)
    read = list[str]()
    real = DiskFiles._read_image

    def read_image(files: DiskFiles, path: str) -> bytes | ImageContent:
        read.append(path)
        return real(files, path)

    monkeypatch.setattr(DiskFiles, "_read_image", read_image)

    def lint(*options: str) -> list[str]:
        fresh = lint_report(capsys, "--no-cache", *options)
        read.clear()
        assert lint_report(capsys, *options) == fresh
        return sorted(read)

    every = ["x.png", "y.png", "z.png"]
    assert lint() == every
    (root / "b.md").write_text("# V\n", "utf-8")
    assert lint("--select", "link-missing") == lint("--select", "image-corrupt") == lint() == []
    (root / "y.png").write_bytes(PNG)
    assert lint() == ["y.png"]
    monkeypatch.setattr(project_files, "_stamp_decoder", lambda: (1, 2, 3, 4))
    (root / "b.md").write_text("# W\n", "utf-8")
    assert lint() == every
    (root / "b.md").write_text("# X\n\n![d](p.png)\n", "utf-8")
    assert (lint(), lint()) == (["p.png"], ["p.png"])  # whether git replaces it is told by git


@posix_only
def test_names_that_are_not_utf8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They cannot be written into the cache, so nothing that depends on them is."""
    monkeypatch.setattr(key, "SETTLE_TIME", -(10**15))
    note = "# T\n\n[a](%FF/x.md) [b](b.md)\n\n![c](%FE.png)\n"
    root = make_project(tmp_path, {"a.md": note, "c.md": "# U\n", "techstock.toml": ""})
    try:
        (root / os.fsdecode(b"\xff")).mkdir()
        (root / os.fsdecode(b"\xfe.png")).write_bytes(PNG)
    except OSError:
        pytest.skip("this file system has names in UTF-8 only")
    monkeypatch.chdir(root)
    for _ in range(2):
        assert lint_report(capsys) == lint_report(capsys, "--no-cache")
    (root / "b.md").write_text("# V\n", "utf-8")
    assert lint_report(capsys) == lint_report(capsys, "--no-cache")
