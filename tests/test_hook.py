"""The pre-commit hooks, as real pre-commit runs them."""

import re
import subprocess
from pathlib import Path

import pytest

from techstock.commands.init_files import format_hooks
from techstock.commands.installation import InstallSource
from tests.hooks import Hooks
from tests.support import commit_all, make_repository, run_git, write_files

pytestmark = pytest.mark.network

FINE = "## 1.\n\n- 待避: 新しい要求を受けない状態。\n"
TWICE = "## 1.\n\n- 復旧: 再び始めること。\n\n## 1.\n\n- 停止: 終えること。\n"
COPIED = "- 待避: 新しい要求は一つも受けず、いまの仕事だけを終えてから静かに止まること。\n"
ODD = ("with blank.md", "日本語 の 名前.md", 'it\'s "quoted".md', "two\nlines.md", "-leading.md", "$(touch x).md")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    return Hooks(tmp_path_factory.mktemp("hooks"))


def list_reported(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the places that were reported, as `path:line`."""
    return re.findall(r"--> (.*):\d+\n", done.stdout)


def test_try_repo_reports_a_slip(hooks: Hooks, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": FINE, "b.md": TWICE, "c.txt": TWICE})
    commit_all(tmp_path)
    found = hooks.try_repo(tmp_path, "techstock", "--all-files")
    assert found.returncode == 1, found.stdout + found.stderr
    assert list_reported(found) == ["b.md:5"]


def test_staged_notes_are_reported_and_all_notes_are_read(hooks: Hooks, tmp_path: Path) -> None:
    notes = hooks.notes(tmp_path / "notes", "techstock", {"old.md": COPIED, "slip.md": TWICE})
    write_files(notes, {"new.md": f"# 新\n\n{COPIED}"})
    run_git(notes, "add", "new.md")
    found = hooks.run(notes)
    assert found.returncode == 1
    assert list_reported(found) == ["old.md:1"]
    assert "slip.md" not in found.stdout


def test_what_is_not_staged_does_not_count(hooks: Hooks, tmp_path: Path) -> None:
    notes = hooks.notes(tmp_path / "notes", "techstock", {"a.md": FINE})
    write_files(notes, {"a.md": TWICE})
    run_git(notes, "add", "a.md")
    write_files(notes, {"a.md": FINE})
    assert list_reported(hooks.run(notes)) == ["a.md:5"]
    assert (notes / "a.md").read_text("utf-8") == FINE
    write_files(notes, {"a.md": FINE + "\n- 停止: 終えること。\n"})
    run_git(notes, "add", "a.md")
    write_files(notes, {"a.md": TWICE})
    assert hooks.run(notes).returncode == 0
    assert (notes / "a.md").read_text("utf-8") == TWICE


def test_what_can_be_mended_is_mended_in_what_is_staged(hooks: Hooks, tmp_path: Path) -> None:
    notes = hooks.notes(tmp_path / "notes", "techstock-fix", {"a.md": FINE, "b.md": "-\u3000停止: 終えること。\n"})
    write_files(notes, {"a.md": "-\u3000復旧: 再び始めること。\n\n終わり。\n"})
    run_git(notes, "add", "a.md")
    write_files(notes, {"a.md": "-\u3000復旧: 再び始めること。\n\n終わりに。\n"})
    assert hooks.run(notes).returncode == 1
    assert (notes / "a.md").read_text(
        "utf-8"
    ) == "-\u3000復旧: 再び始めること。\n\n終わりに。\n"  # rolled back: both wanted it
    run_git(notes, "add", "a.md")
    assert "files were modified by this hook" in hooks.run(notes).stdout
    assert (notes / "a.md").read_text("utf-8").startswith("- 復旧: ")
    assert (notes / "b.md").read_text("utf-8").startswith("-\u3000")


def test_what_init_writes_for_a_git_url(hooks: Hooks, tmp_path: Path) -> None:
    source = InstallSource(hooks.package.as_posix(), hooks.revision, ("techstock",))
    notes = make_repository(
        tmp_path / "notes", files={".pre-commit-config.yaml": format_hooks(source), "old.md": TWICE}
    )
    write_files(notes, {"a.md": TWICE})
    run_git(notes, "add", "a.md")
    assert list_reported(hooks.run(notes)) == ["a.md:5"]
    assert list_reported(hooks.run(notes, "--hook-stage", "pre-push", "--all-files")) == ["a.md:5", "old.md:5"]


def test_more_names_than_one_command_line_takes(hooks: Hooks, tmp_path: Path) -> None:
    folder = "notes-of-a-very-long-course/" + "x" * 60
    notes = hooks.notes(tmp_path / "notes", "techstock", {f"{folder}/{i:04}.md": FINE for i in range(3_000)})
    write_files(notes, {f"{folder}/0000.md": TWICE, f"{folder}/1500.md": TWICE, f"{folder}/2999.md": TWICE})
    run_git(notes, "add", "-A")
    found = hooks.run(notes, "--all-files", "--hook-stage", "pre-commit")
    assert found.returncode == 1
    slips = [place for place in list_reported(found) if place.endswith(":5")]
    assert sorted(slips) == [f"{folder}/{name}.md:5" for name in ("0000", "1500", "2999")]


def test_odd_names_and_links(hooks: Hooks, tmp_path: Path) -> None:
    notes = hooks.notes(tmp_path / "notes", "techstock", {"a.md": FINE})
    run_git(notes, "switch", "-q", "-c", "side")
    write_files(notes, dict.fromkeys(ODD, TWICE))
    (notes / "link.md").symlink_to("a.md")
    (notes / "away.md").symlink_to("/etc/passwd")
    run_git(notes, "add", "-A")
    found = hooks.run(notes)
    assert found.returncode == 1
    assert found.stdout.count("section-number-repeated:") == len(ODD)
    assert not (notes / "x").exists()
    assert "root:" not in found.stdout
    assert hooks.run(notes, "--all-files").stdout.count("section-number-repeated:") == len(ODD)


def test_a_merge_brings_two_halves_together(hooks: Hooks, tmp_path: Path) -> None:
    notes = hooks.notes(tmp_path / "notes", "techstock-corpus", {"a.md": FINE})
    run_git(notes, "switch", "-q", "-c", "side")
    write_files(notes, {"b.md": COPIED})
    commit_all(notes)
    run_git(notes, "switch", "-q", "main")
    write_files(notes, {"c.md": COPIED})
    commit_all(notes)
    assert hooks.run(notes).returncode == 0
    run_git(notes, "merge", "-q", "--no-commit", "side")
    assert list_reported(hooks.run(notes)) == ["c.md:1"]


def test_a_deletion_is_seen_by_the_hook_on_all_notes(hooks: Hooks, tmp_path: Path) -> None:
    files = {"a.md": f"{FINE}- 図: [置き換え](b.md)を見る。\n", "b.md": "- 復旧: 再び始めること。\n"}
    for hook in ("techstock", "techstock-corpus"):
        notes = hooks.notes(tmp_path / hook, hook, files)
        run_git(notes, "rm", "-q", "b.md")
        done = hooks.run(notes)
        assert ("Skipped" in done.stdout) == (hook == "techstock")
        assert ("link-missing" in done.stdout) == (hook == "techstock-corpus")


def test_all_notes_are_checked_whatever_is_staged(hooks: Hooks, tmp_path: Path) -> None:
    notes = hooks.notes(tmp_path / "notes", "techstock-corpus", {"a.md": FINE, "b.md": TWICE, "c.txt": "1"})
    write_files(notes, {"c.txt": "2"})
    run_git(notes, "add", "-A")
    found = hooks.run(notes)
    assert (found.returncode, list_reported(found)) == (1, ["b.md:5"])
