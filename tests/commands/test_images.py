"""Images on the command line: output that nothing can break, options, and what a start does not load."""

import json
from pathlib import Path

import pytest

from tests.cli.support import list_loaded_modules, run
from tests.images.pictures import PNG
from tests.project.disk import posix_only
from tests.support import make_project


@posix_only
@pytest.mark.parametrize("form", ["full", "concise", "grouped", "json"])
def test_hostile_names_stay_on_one_line(tmp_path: Path, form: str) -> None:
    note = "![](a%0A::error::x%1B%5B31m.png) ![](%83K.png) ![](%E2%80%AE.png)\n"
    done = run("lint", "--output-format", form, cwd=make_project(tmp_path, {"a.md": note}, git=True))
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert not [line for line in done.stdout.split("\n") if line.lstrip().startswith("::error")]
    if form == "json":
        paths = [found["data"]["path"] for found in json.loads(done.stdout)]
        assert paths == ["a\n::error::x\x1b[31m.png", "\udc83K.png", "\u202e.png"]


def test_fixes_and_data(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"n/a.md": "![](A.PNG)\n", "n/a.png": PNG}, git=True)
    [found] = json.loads(run("lint", "--output-format", "json", cwd=root).stdout)
    assert (found["rule"], found["severity"], found["data"]) == ("image-case", "error", {"path": "n/a.png"})
    assert found["fix"]["safety"] == "safe"
    assert found["fix"]["edits"][0]["text"] == "a.png"


def test_a_file_of_its_own_is_the_place_of_an_unused_image(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "- x: y\n", "a.png": PNG}, git=True)
    done = run("lint", "-q", "--select", "image-unused", "--output-format", "concise", cwd=root)
    assert done.stdout == "a.png:1:1: image-unused no note uses this image\n"


def test_image_root(tmp_path: Path) -> None:
    root = make_project(
        tmp_path, {"a.md": "![](/a.png)\n", "static/a.png": PNG, "techstock.toml": 'image-root = "static"\n'}
    )
    assert run("lint", cwd=root).returncode == 0
    done = run("lint", "--config", 'image-root = "../x"', cwd=root)
    assert done.returncode == 2
    wanted = 'must be a folder below the root, written with `/`, not "../x"'
    assert done.stderr.endswith(f"--config: `image-root` {wanted}\n")


def test_image_root_and_what_is_kept_between_runs(tmp_path: Path) -> None:
    text = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。順に進める。\n"
    comment = '<!-- techstock: ignore duplicate-definition with="/b.md" -->\n'
    root = make_project(tmp_path, {"n/a.md": comment + text, "n/b.md": text})
    for folder, code in (("n", 0), ("x", 1), ("n", 0)):
        done = run("lint", "--select", "duplicate-definition", "--config", f'image-root = "{folder}"', cwd=root)
        assert done.returncode == code


@pytest.mark.parametrize("folder", ["..", "a/../..", "a\\\\b", "C:/x"])
def test_image_root_stays_inside(tmp_path: Path, folder: str) -> None:
    done = run("lint", "--config", f'image-root = "{folder}"', cwd=make_project(tmp_path, {"a.md": "text\n"}))
    assert done.returncode == 2


def test_from_stdin_a_new_note_is_known_to_itself(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"b.md": "text\n", "i/a.png": PNG}, git=True)
    text = "# x\n\n[x](new.md#x) [b](b.md) ![](i/a.png) ![](i/b.png)\n"
    done = run("lint", "-q", "--output-format", "concise", "-", "--stdin-filename", "new.md", cwd=root, stdin=text)
    assert [line.split(" ", 1)[1] for line in done.stdout.splitlines()] == ["image-missing there is no `i/b.png`"]


def test_notes_without_images_load_nothing_for_them(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "- 待避: 新しい要求を受けない状態。\n"})
    late = {
        "PIL",
        "difflib",
        "techstock.links.image_checks",
        "techstock.links.resolver",
        "techstock.images.inspection",
    }
    assert list_loaded_modules(root, "lint", "-q") & late == set()
    assert not list((root / ".techstock_cache").glob("images*"))


def test_images_on_the_web_start_no_child(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "![図](https://example.org/a.png)\n"})
    assert list_loaded_modules(root, "lint", "-q") & {"PIL", "techstock.images.decoder"} == set()
