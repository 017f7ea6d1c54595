"""`techstock lint --fix` and its kin, on real git repositories."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import make_environment, run
from tests.support import commit_all, make_project, make_repository, run_git

SLIP = "## 1.\n\n- 待避: 新しい要求を受けない状態。\n-\u3000復旧: 再び始めること。\n"
FIXED = SLIP.replace("-\u3000", "- ")
CLEAN = "## 2.\n\n- 停止: 台の電源を切ること。\n"
OTHER = "## 2.\n\n- 停止: 台の電源を切ること。\n-\u3000再開: 同じところから続けること。\n"
UNSAFE = "## 3.\n\n- 配置:\n- 三つの場所に置く。\n"


def read_text(root: Path, path: str) -> str:
    return (root / path).read_bytes().decode()


def test_fix_changes_what_is_safe_and_reports_the_rest(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"a.md": SLIP, "b.md": CLEAN, "c.md": UNSAFE})
    done = run("lint", "--fix", "--output-format", "concise", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("c.md:3:3: definition-misplaced")
    assert done.stdout.count("\n") == 1
    assert done.stderr.startswith(
        "1 problem fixed in 1 note; 1 problem (1 warning) in 1 of 3 notes, 1 fixable (1 unsafe)\n"
    )
    assert read_text(tmp_path, "a.md") == FIXED
    assert run_git(tmp_path, "diff", "--name-only") == "a.md\n"
    again = run("lint", "--fix", cwd=tmp_path)
    assert again.stderr.startswith("nothing to fix; 1 problem")


def test_fix_of_everything_ends_with_0(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"a.md": SLIP})
    done = run("lint", "--fix", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("1 problem fixed in 1 note; no problems in 1 note: ")


def test_unsafe_fixes_too(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"a.md": SLIP, "c.md": UNSAFE})
    done = run("lint", "--fix", "--unsafe-fixes", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert read_text(tmp_path, "c.md") == UNSAFE.replace("- 三つ", "  - 三つ")


def test_fix_only_reports_nothing(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"a.md": SLIP, "c.md": UNSAFE})
    done = run("lint", "--fix-only", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "1 problem fixed in 1 note\n")
    assert read_text(tmp_path, "a.md") == FIXED
    assert run("lint", "--fix-only", "-q", cwd=tmp_path).stderr == ""


def test_diff_is_what_git_applies_and_writes_nothing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": SLIP.replace("\n", "\r\n"),
        '日本 語/b "c".md': SLIP.rstrip("\n"),
        "c.md": "\ufeff" + SLIP,
    }
    make_repository(tmp_path, files=files)
    done = run("lint", "--diff", cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "3 problems would be fixed in 3 notes")
    assert run_git(tmp_path, "status", "--porcelain") == ""
    patch = tmp_path / ".git" / "x.patch"
    patch.write_bytes(done.stdout.encode())
    run_git(tmp_path, "apply", str(patch))
    applied = {path: read_text(tmp_path, path) for path in files}
    run_git(tmp_path, "checkout", "-q", ".")
    run("lint", "--fix", cwd=tmp_path)
    assert {path: read_text(tmp_path, path) for path in files} == applied
    assert applied["a.md"] == FIXED.replace("\n", "\r\n")
    none = run("lint", "--diff", cwd=tmp_path)
    assert (none.returncode, none.stdout, none.stderr) == (0, "", "nothing to fix\n")
    assert run("lint", "--diff", "--exit-zero", cwd=tmp_path).returncode == 0


def test_diff_of_a_project_below_the_top_of_its_repository(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"notes/techstock.toml": "", "notes/a.md": SLIP})
    done = run("lint", "--diff", "notes", cwd=tmp_path)
    assert done.stdout.startswith("diff --git a/notes/a.md b/notes/a.md\n")
    run_git(tmp_path / "notes", "apply", "-", stdin=done.stdout)
    assert read_text(tmp_path, "notes/a.md") == FIXED


def test_diff_without_git(tmp_path: Path) -> None:
    make_project(tmp_path, {"sub/a.md": SLIP})
    done = run("lint", "--diff", "--root", ".", cwd=tmp_path)
    assert done.stdout.startswith("diff --git a/sub/a.md b/sub/a.md\n")


def test_diff_of_text_from_stdin(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"a.md": CLEAN})
    done = run("lint", "--diff", "-", "--stdin-filename", "a.md", cwd=tmp_path, stdin=SLIP)
    assert done.returncode == 1
    assert "\n-- \u3000" not in done.stdout
    assert "\n+- 復旧" in done.stdout
    assert read_text(tmp_path, "a.md") == CLEAN


def test_only_the_notes_named_are_changed(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"a.md": SLIP, "b.md": OTHER})
    done = run("lint", "--fix", "a.md", cwd=tmp_path)
    assert done.stderr.startswith("1 problem fixed in 1 note; no problems in 1 note")
    assert run_git(tmp_path, "diff", "--name-only") == "a.md\n"


def test_machines_read_what_is_left(tmp_path: Path) -> None:
    make_repository(tmp_path, files={"a.md": SLIP + "\n## 1.\n"})
    done = run("lint", "--fix", "--output-format", "json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert {problem["rule"] for problem in found} == {"section-number-repeated", "section-empty"}
    assert all(problem["line"] == 6 for problem in found)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes needs --fix, --fix-only or --diff"),
        (("--diff", "--statistics"), "--diff prints a patch and reports nothing"),
        (("--fix-only", "--output-format", "json"), "--fix-only fixes and reports nothing"),
        (("--fix", "-", "--stdin-filename", "a.md"), "what comes from stdin cannot be fixed in place"),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    make_repository(tmp_path, files={"a.md": SLIP})
    done = run("lint", *options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {sentence}")
    assert read_text(tmp_path, "a.md") == SLIP


def test_a_refused_fix_is_said_and_the_note_stays(tmp_path: Path) -> None:
    swallowing = "-\u3000復旧: 再び始めること。\n  ## 7.\n\n- a: b\n\n  ## 8.\n\n- a: b\n"
    make_repository(tmp_path, files={"a.md": swallowing})
    done = run("lint", "--fix", "--select", "marker-space", cwd=tmp_path)
    assert done.returncode == 1
    assert "a fix of marker-space in `a.md` is not applied: it would change more of what" in done.stderr
    assert "nothing to fix; 1 problem" in done.stderr
    assert read_text(tmp_path, "a.md") == swallowing


def test_what_cannot_be_written_is_said_and_reported(tmp_path: Path) -> None:
    """Somebody saves a note between its reading and its writing."""
    make_repository(tmp_path, files={"a.md": SLIP, "b.md": OTHER})
    script = (
        "import sys\n"
        "from techstock.fix import fix_loop\n"
        "real = fix_loop.fix_corpus\n"
        "def fix(*a, **k):\n"
        "    done = real(*a, **k)\n"
        "    open('a.md', 'a').write('more\\n')\n"
        "    return done\n"
        "fix_loop.fix_corpus = fix\n"
        "from techstock.cli import main\n"
        "sys.exit(main(['lint', '--fix', '--output-format', 'concise']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=make_environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert "error: `a.md` is not written: it has changed since it was read\n" in done.stderr
    assert "1 problem fixed in 1 note; 1 problem (1 error) in 1 of 2 notes" in done.stderr
    assert done.stdout.startswith("a.md:4:1: marker-space")
    assert read_text(tmp_path, "a.md") == SLIP + "more\n"
    assert read_text(tmp_path, "b.md") == OTHER.replace("-\u3000", "- ")


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(SLIP, "utf-8")
    root = tmp_path / "root"
    make_repository(root, files={"a.md": CLEAN})
    (root / "b.md").symlink_to(outside)
    done = run("lint", "--fix", cwd=root)
    assert "nothing to fix" in done.stderr
    assert outside.read_text("utf-8") == SLIP


def test_in_a_hook_staged_and_unstaged_changes_survive(tmp_path: Path) -> None:
    """pre-commit puts aside what is not staged, lets the hook fix the rest, and puts it back."""
    filler = "".join(f"\n## {number}.\n\n- 用語{number}: 説明{number}。\n" for number in range(2, 9))
    base = "## 1.\n\n- 待避: 新しい要求を受けない状態。\n" + filler
    root = make_repository(tmp_path / "notes", files={"a.md": base})
    entry = f"{sys.executable} -m techstock lint --fix"
    hook = f"{{id: t, name: t, entry: '{entry}', language: system, types: [markdown], require_serial: true}}"
    (root / ".pre-commit-config.yaml").write_text(f"repos: [{{repo: local, hooks: [{hook}]}}]\n", "utf-8")
    commit_all(root, "hook")
    staged = base.replace("受けない状態。\n", "受けない状態。\n-\u3000復旧: 再び始めること。\n")
    (root / "a.md").write_text(staged, "utf-8")
    run_git(root, "add", "a.md")
    (root / "a.md").write_text(staged + "- 下書き: まだ載せない。\n", "utf-8")
    home = make_environment(PRE_COMMIT_HOME=str(tmp_path / "home"), PYTHONUTF8="1")
    words = [sys.executable, "-m", "pre_commit", "run", "--color", "never"]
    done = subprocess.run(words, cwd=root, env=home, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "files were modified by this hook" in done.stdout
    fixed = staged.replace("-\u3000", "- ")
    assert read_text(root, "a.md") == fixed + "- 下書き: まだ載せない。\n"
    assert run_git(root, "show", ":a.md") == staged


def test_nothing_to_fix_is_not_said_of_notes_that_cannot_be_written(tmp_path: Path) -> None:
    root = make_repository(tmp_path, files={"a.md": SLIP})
    os.link(root / "a.md", root / "again.txt")
    done = run("lint", "--fix", cwd=root)
    assert done.returncode == 2
    assert "nothing to fix" not in done.stderr
    assert "nothing is fixed: 1 note could not be written; 1 problem" in done.stderr
