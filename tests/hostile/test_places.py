"""Nothing in a repository, its links and configuration included, changes where techstock writes."""

from pathlib import Path

import pytest

from tests.cli.support import run
from tests.hostile.support import read_everything
from tests.project.disk import posix_only
from tests.support import make_project, run_git

pytestmark = posix_only

NOTES = {"a.md": "- 待避:\n", "b.md": "-\u3000復旧: 再び始めること。\n"}
LINK = "a link in the repository leads elsewhere"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository beside a folder with a file of the user's."""
    make_project(tmp_path / "home", {"mine.txt": "mine"})
    return make_project(tmp_path / "notes", NOTES, git=True)


@pytest.mark.parametrize("to", ["../home/mine.txt", "../home/new.txt", ".git/config", "a.md"])
def test_a_link_with_the_name_of_a_report(root: Path, to: str) -> None:
    (root / "out.sarif").symlink_to(to)
    before, config = read_everything(root.parent), (root / ".git" / "config").read_bytes()
    done = run("lint", "--output-format", "sarif=out.sarif", cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: --output-format: `out.sarif` is not written: {LINK}\n"
    assert read_everything(root.parent) == before
    assert (root / ".git" / "config").read_bytes() == config


@pytest.mark.parametrize("typed", ["out/r.json", "out/../r.json", "out/x/r.json", "../notes/out/r.json"])
def test_a_link_on_the_way_to_a_report(root: Path, typed: str) -> None:
    (root.parent / "home" / "x").mkdir()
    (root / "out").symlink_to("../home")
    before = read_everything(root.parent)
    for path in (typed, str(root / typed)):
        done = run("lint", "--output-format", f"json={path}", cwd=root)
        assert (done.returncode, LINK in done.stderr) == (2, True)
    assert read_everything(root.parent) == before


def test_the_root_is_not_all_of_the_repository(root: Path) -> None:
    make_project(root, {"sub/techstock.toml": "", "sub/c.md": NOTES["a.md"]})
    (root / "r.json").symlink_to("../home/mine.txt")
    assert LINK in run("lint", "sub", "--output-format", "json=r.json", cwd=root).stderr
    assert LINK in run("lint", "--output-format", "json=../r.json", cwd=root / "sub").stderr


def test_links_of_the_user_are_followed(root: Path) -> None:
    (root.parent / "link").symlink_to("home")
    assert run("lint", "--output-format", "json=../link/r.json", cwd=root).returncode == 1
    assert (root.parent / "home" / "r.json").is_file()
    (root.parent / "way").symlink_to("notes")
    assert run("lint", "--output-format", f"json={root.parent / 'way' / 'r.json'}", cwd=root).returncode == 1
    assert (root / "r.json").is_file()


@pytest.mark.parametrize("typed", ["kept", "kept/x"])
def test_a_link_with_the_name_of_the_cache(root: Path, typed: str) -> None:
    (root / "kept").symlink_to("../home")
    before = read_everything(root.parent)
    assert "cache not used: a symbolic link" in run("lint", "-v", "--cache-dir", typed, cwd=root).stderr
    assert read_everything(root.parent) == before


def test_a_cache_under_the_name_that_the_command_line_gives(root: Path) -> None:
    run("lint", "-q", "--cache-dir", "kept", cwd=root)
    run_git(root, "add", "--force", "kept")
    assert "cache not used: git tracks it" in run("lint", "-v", "--cache-dir", "kept", cwd=root).stderr


@pytest.mark.parametrize(
    "name",
    ["/etc/techstock", "../home/mine.txt", "a/../../home/mine.txt", "out/mine.txt", "C:/x", "a.md", ".git/config"],
)
def test_a_baseline_that_the_configuration_names(root: Path, name: str) -> None:
    (root / "out").symlink_to("../home")
    make_project(root, {"techstock.toml": f'baseline = "{name}"\n'})
    before, config = read_everything(root.parent), (root / ".git" / "config").read_bytes()
    done = run("baseline", cwd=root)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert run("lint", cwd=root).returncode == 2
    assert read_everything(root.parent) == before
    assert (root / ".git" / "config").read_bytes() == config


@pytest.mark.parametrize(
    "line",
    [
        'image-root = "../home"', 'image-root = "C:/"', 'include = ["../home/*"]', 'extend = "x"', 'cache-dir = "/tmp"',
        'output-format = ["json=x"]', 'web-hosts = ["x"]',
    ],
)  # fmt: skip
def test_what_no_configuration_may_say(root: Path, line: str) -> None:
    make_project(root, {"techstock.toml": f"{line}\n"})
    before = read_everything(root.parent)
    assert run("lint", cwd=root).returncode == 2
    assert read_everything(root.parent) == before


def test_fixes_and_comments_stay_inside(root: Path) -> None:
    make_project(root.parent, {"home/c.md": NOTES["b.md"]})
    for name in ("link.md", "deep"):
        (root / name).symlink_to("../home/c.md" if name.endswith("md") else "../home")
    before = read_everything(root.parent / "home")
    run("lint", "--fix", "link.md", "deep/c.md", ".", cwd=root)
    run("lint", "--add-ignores", "--reason", "x", "link.md", "deep/c.md", cwd=root)
    run("images", "--offline", "link.md", cwd=root)
    assert read_everything(root.parent / "home") == before
    assert (root / "b.md").read_text("utf-8").startswith("- ")
