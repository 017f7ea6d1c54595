"""`techstock baseline`, and `techstock lint` with what it wrote, in real repositories."""

import json
import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.support import run
from tests.project.disk import posix_only
from tests.support import commit_all, make_project, run_git, write_files

CONFIG = 'baseline = "known.txt"\n'
COPY = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。\n"
OLD = {"notes/a.md": f"{COPY}- 復旧:\n", "notes/b.md": COPY}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with three problems that its baseline knows, committed."""
    make_project(tmp_path, {**OLD, "techstock.toml": CONFIG}, git=True)
    done = run("baseline", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "2 problems written into `known.txt`\n")
    commit_all(tmp_path)
    return tmp_path


def lint_concise(root: Path, *words: str) -> CompletedProcess[str]:
    return run("lint", "--output-format", "concise", *words, cwd=root)


def test_known_problems_are_not_reported_and_that_is_said(repo: Path) -> None:
    done = lint_concise(repo)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        "2 problems not reported: known from `known.txt`\nno new problems in 2 notes: 0 sections, 3 entries, 0 images\n"
    )
    assert lint_concise(repo, "--no-baseline").stdout.count("\n") == 2
    assert lint_concise(repo, "--isolated").returncode == 1


def test_a_repeated_passage_is_one_problem_everywhere(tmp_path: Path) -> None:
    passage = "".join(f"- 用語{n}: {n} 番目の言葉を、読む人のために短く説明したものである。\n" for n in range(4))
    story = "\n\n".join(f"{{0}}に起きたことの、{n} 番目の記録。" for n in range(12))
    files = {f"{name}.md": f"# {name}\n\n{passage}\n{story.format(name)}\n" for name in ("朝", "夜")}
    root = make_project(tmp_path, {**files, "techstock.toml": 'select = ["duplicate-definition"]\n' + CONFIG})
    assert lint_concise(root, "--no-baseline").stdout.count("\n") == 1
    assert run("baseline", cwd=root).stderr == "1 problem written into `known.txt`\n"
    assert lint_concise(root).stderr.startswith("1 problem not reported: known from `known.txt`\n")


def test_it_lives_through_moved_lines_and_files(repo: Path) -> None:
    (repo / "notes" / "a.md").write_text("# 題\n\n" + OLD["notes/a.md"], "utf-8")
    run_git(repo, "mv", "notes/b.md", "notes/0.md")
    assert lint_concise(repo).returncode == 0
    run_git(repo, "mv", "notes", "moved")
    assert lint_concise(repo).returncode == 0


def test_a_third_copy_and_a_second_use_are_new_whatever_is_named(repo: Path) -> None:
    write_files(repo, {"notes/c.md": f"{COPY}- 復旧:\n"})
    full = lint_concise(repo)
    assert full.returncode == 1
    assert [line.split(" ")[:2] for line in full.stdout.splitlines()] == [
        ["notes/c.md:1:3:", "duplicate-definition"], ["notes/c.md:2:3:", "definition-missing"],
    ]  # fmt: skip
    assert "(3 copies in all)" in full.stdout
    assert lint_concise(repo, "notes/c.md").stdout == full.stdout
    assert lint_concise(repo, "notes/a.md").stdout == full.stdout.split("\n")[0] + "\n"  # the copy there is related
    assert "no longer there" not in full.stderr


def test_what_is_gone_is_said_and_pruned(repo: Path) -> None:
    write_files(repo, {"notes/a.md": f"{COPY}- 復旧: 再び始めること。\n", "notes/new.md": "- 配置:\n"})
    done = lint_concise(repo)
    assert "1 baseline entry is fixed; run `techstock baseline --prune`\n" in done.stderr
    before = (repo / "known.txt").read_text("utf-8")
    pruned = run("baseline", "--prune", cwd=repo)
    assert (pruned.returncode, pruned.stderr) == (0, "1 entry removed from `known.txt`, 1 left\n")
    after = (repo / "known.txt").read_text("utf-8")
    assert set(after.splitlines()) < set(before.splitlines())
    assert lint_concise(repo).stdout.count("\n") == 1  # what is new was not added
    assert run("baseline", "--prune", cwd=repo).stderr.startswith("0 entries removed")
    assert (repo / "known.txt").read_text("utf-8") == after


def test_only_rules_that_ran_are_judged(repo: Path) -> None:
    done = lint_concise(repo, "--select", "section-empty")
    assert (done.returncode, "no longer there" in done.stderr) == (0, False)


def test_with_since_and_fixes(repo: Path) -> None:
    write_files(repo, {"notes/c.md": "-\u3000全角\n- 配置:\n"})
    assert lint_concise(repo, "--since", "HEAD").stdout.count("\n") == 2
    done = lint_concise(repo, "--fix")
    assert [line.split(" ")[1] for line in done.stdout.splitlines()] == ["definition-missing"]
    assert (repo / "notes" / "c.md").read_text("utf-8") == "- 全角\n- 配置:\n"
    assert (repo / "notes" / "a.md").read_text("utf-8") == OLD["notes/a.md"]


def test_named_on_the_command_line(tmp_path: Path) -> None:
    root = make_project(tmp_path / "p", dict(OLD))
    done = run("baseline", "--baseline", "../x.txt", "notes/a.md", cwd=root)
    assert done.stderr == "2 problems written into `../x.txt`\n"
    assert lint_concise(root, "--baseline", "../x.txt").returncode == 0
    write_files(root, {"notes/a.md": COPY})
    assert "`techstock baseline --prune --baseline ../x.txt`" in lint_concise(root, "--baseline", "../x.txt").stderr
    done = run("baseline", cwd=root)
    assert "1 problem written into `techstock-baseline.txt`; write `baseline = " in done.stderr
    assert lint_concise(root).returncode == 1  # not before the configuration names it


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no baseline `known.txt`; `techstock baseline` writes it"),
        (b"", "the baseline `known.txt` is not a baseline: its first line is not `# techstock baseline 1`"),
        (
            b"# techstock baseline 7\n",
            "the baseline `known.txt` is of version 7, and",
        ),
        (b"\xff\xfe\n", "the baseline `known.txt` is not UTF-8"),
        (b"# techstock baseline 1\n<<<<<<< HEAD\n", "the baseline `known.txt` is broken: line 2 is not a finding"),
        (b"# techstock baseline 1\n" + b"#" * (16 << 20), "the baseline `known.txt` has more than 16,777,216 bytes"),
    ],
)
def test_a_baseline_that_cannot_be_used(tmp_path: Path, content: bytes | None, message: str) -> None:
    files = {**OLD, "techstock.toml": CONFIG}
    root = make_project(tmp_path, {**files, "known.txt": content} if content is not None else files)
    for words in (["lint"], ["baseline", "--prune"]):
        done = run(*words, cwd=root)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"error: {message}")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["../x.txt", "/etc/passwd", "a/../../x", "C:/x", "\\\\x"])
def test_the_configuration_names_no_file_outside(tmp_path: Path, name: str) -> None:
    root = make_project(tmp_path, {**OLD, "techstock.toml": f"baseline = {json.dumps(name)}\n"})
    done = run("lint", cwd=root)
    assert done.returncode == 2
    assert "`baseline` must be a path below the root, not " in done.stderr


@posix_only
def test_no_link_leads_outside(tmp_path: Path) -> None:
    outside = make_project(tmp_path / "o", {"x.txt": "# techstock baseline 1\n"})
    root = make_project(tmp_path / "p", {**OLD, "techstock.toml": CONFIG})
    (root / "known.txt").symlink_to(outside / "x.txt")
    for command in ("lint", "baseline"):
        done = run(command, cwd=root)
        assert (done.returncode, done.stderr) == (2, "error: the baseline `known.txt` lies outside the root\n")
    (root / "known.txt").unlink()
    os.mkfifo(root / "known.txt")
    assert run("lint", cwd=root).stderr == "error: the baseline `known.txt` is not a file\n"


def test_wrong_use_of_the_command(tmp_path: Path) -> None:
    root = make_project(tmp_path, {**OLD, "techstock.toml": ""})
    for words, message in (
        (["-"], "a baseline is made of files: stdin has no place in it"),
        (["--baseline", ""], "--baseline names no file"),
        (["--baseline", "none/x.txt"], "the baseline `none/x.txt` cannot be written"),
        (["--baseline", "notes"], "the baseline `notes` cannot be written"),
    ):
        done = run("baseline", *words, cwd=root)
        assert (done.returncode, done.stderr.startswith(f"error: {message}")) == (2, True), done.stderr
