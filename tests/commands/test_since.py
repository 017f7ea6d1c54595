"""`--since` reports what a full run reports of changed lines, in real repositories."""

import difflib
import random
import stat
from pathlib import Path
from typing import Any

import pytest

from techstock.cli import main
from tests.cli.support import lint_json
from tests.project.disk import posix_only
from tests.support import commit_all, run_git, write_files

pytestmark = pytest.mark.usefixtures("plain_git")

Found = list[dict[str, Any]]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    run_git(tmp_path, "init", "--quiet", "-b", "main")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def get_refusal(capsys: Capture, *words: str) -> str:
    assert main(["lint", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def list_places(found: Found) -> list[tuple[str, str, int]]:
    return [(one["rule"], one["path"], one["line"]) for one in found]


def test_only_what_touches_changed_lines(repo: Path, capsys: Capture) -> None:
    write_files(repo, {"a.md": "- 待避:\n- 復旧:\n", "b.md": "- 配置:\n"})
    commit_all(repo)
    write_files(repo, {"a.md": "- 交代:\n- 待避:\n- 復旧:\n"})
    assert list_places(lint_json(capsys, "--since", "HEAD")) == [("definition-missing", "a.md", 1)]
    commit_all(repo)
    assert lint_json(capsys, "--since", "HEAD") == []
    assert list_places(lint_json(capsys, "--since", "HEAD~1")) == [("definition-missing", "a.md", 1)]
    write_files(repo, {"new.md": "- 監視:\n"})
    assert list_places(lint_json(capsys, "--since=main")) == [("definition-missing", "new.md", 1)]


def test_since_the_branches_parted(repo: Path, capsys: Capture) -> None:
    write_files(repo, {"a.md": "- 待避: 話。\n"})
    commit_all(repo)
    run_git(repo, "switch", "--quiet", "-c", "topic")
    write_files(repo, {"b.md": "- 復旧:\n"})
    commit_all(repo)
    run_git(repo, "switch", "--quiet", "main")
    write_files(repo, {"a.md": "- 待避: 話。\n- 配置:\n"})
    commit_all(repo)
    run_git(repo, "switch", "--quiet", "topic")
    assert list_places(lint_json(capsys, "--since", "main")) == [("definition-missing", "b.md", 1)]


def test_the_counterpart_in_an_old_note_is_reported(repo: Path, capsys: Capture) -> None:
    copy = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。\n"
    write_files(repo, {"z.md": copy, "y.md": "- 復旧:\n"})
    commit_all(repo)
    write_files(repo, {"a.md": copy})
    [one] = lint_json(capsys, "--since", "HEAD")
    assert (one["path"], one["related"][0]["path"]) == ("z.md", "a.md")


def test_renames_are_followed(repo: Path, capsys: Capture) -> None:
    text = "".join(f"- 用語{number}:\n" for number in range(20))
    write_files(repo, {"a.md": text, "b.md": text.replace("用語", "項目")})
    commit_all(repo)
    run_git(repo, "mv", "a.md", "moved.md")
    (repo / "b.md").rename(repo / "untracked.md")
    assert lint_json(capsys, "--since", "HEAD") == []
    write_files(repo, {"untracked.md": text.replace("用語", "項目") + "- 新顔:\n"})
    assert list_places(lint_json(capsys, "--since", "HEAD")) == [("definition-missing", "untracked.md", 21)]
    commit_all(repo)
    assert list_places(lint_json(capsys, "--since", "HEAD~1")) == [("definition-missing", "untracked.md", 21)]


def test_a_deleted_line_counts_for_those_beside_it(repo: Path, capsys: Capture) -> None:
    write_files(repo, {"a.md": "- 待避:\n  - 新しい要求を受けない。\n- 復旧:\n  - 再び始める。\n"})
    commit_all(repo)
    write_files(repo, {"a.md": "- 待避:\n- 復旧:\n  - 再び始める。\n"})
    assert list_places(lint_json(capsys, "--since", "HEAD")) == [("definition-missing", "a.md", 1)]


@pytest.mark.parametrize(
    "link",
    [
        "![](/a.png)",
        "![](../static/x/../a.png)",
        "![][r]\n\n[r]: /a.png",
        '<img src="/a.png">',
        "[x](/a.png)",
        '<a href="/a.png">x</a>',
    ],
)
def test_what_leads_to_a_deleted_file_has_changed(repo: Path, capsys: Capture, link: str) -> None:
    settings = 'image-root = "static"\nignore = ["image-alt"]\n'
    write_files(repo, {"n/b.md": f"{link}\n", "static/a.png": "", "techstock.toml": settings})
    commit_all(repo)
    (repo / "static/a.png").unlink()
    commit_all(repo)
    rule = "link-missing" if link.startswith(("[", "<a")) else "image-missing"
    assert list_places(lint_json(capsys, "--since", "HEAD~1")) == [(rule, "n/b.md", 1)]


def test_line_ends_and_marks_are_no_change(repo: Path, capsys: Capture) -> None:
    text = "- 待避:\n- 復旧:\n"
    write_files(repo, {"a.md": text})
    commit_all(repo)
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\ufeff" + text, text.rstrip("\n")):
        write_files(repo, {"a.md": other})
        assert lint_json(capsys, "--since", "HEAD") == []
    write_files(repo, {"a.md": text.replace("\n", "\r\n") + "- 配置:\r\n"})
    assert list_places(lint_json(capsys, "--since", "HEAD")) == [("definition-missing", "a.md", 3)]


@posix_only
def test_names_of_any_kind(repo: Path, capsys: Capture) -> None:
    names = ["メモ 1.md", "a\nb.md", 'q"uote.md', "-dash.md", "tab\t.md", "deep/é/x.md"]
    write_files(repo, dict.fromkeys(names, "- 待避:\n"))
    commit_all(repo)
    write_files(repo, dict.fromkeys(names, "- 待避:\n- 復旧:\n"))
    assert sorted(list_places(lint_json(capsys, "--since", "HEAD"))) == sorted(
        ("definition-missing", name, 2) for name in names
    )


def test_from_a_folder_and_with_paths(repo: Path, capsys: Capture) -> None:
    write_files(repo, {"n/techstock.toml": "", "n/a.md": "- 待避:\n", "n/b.md": "- 待避:\n", "o.md": "- 待避:\n"})
    commit_all(repo)
    write_files(repo, {"n/a.md": "- 待避:\n- 甲:\n", "n/b.md": "- 待避:\n- 乙:\n", "o.md": "- 待避:\n- 丙:\n"})
    assert list_places(lint_json(capsys, "--since", "HEAD", "n")) == [
        ("definition-missing", "a.md", 2), ("definition-missing", "b.md", 2),
    ]  # fmt: skip
    assert list_places(lint_json(capsys, "--since", "HEAD", "n/b.md")) == [("definition-missing", "b.md", 2)]


def test_a_shallow_clone_answers_or_says_why_not(
    repo: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    write_files(repo, {"a.md": "- 待避:\n"})
    commit_all(repo)
    run_git(repo, "branch", "old")
    write_files(repo, {"a.md": "- 待避:\n- 復旧:\n"})
    commit_all(repo)
    clone = tmp_path_factory.mktemp("clone")
    run_git(clone, "clone", "--quiet", "--depth", "1", "--no-single-branch", repo.as_uri(), ".")
    monkeypatch.chdir(clone)
    assert lint_json(capsys, "--since", "HEAD") == []
    for ref in ("origin/old", "HEAD~1"):
        said = get_refusal(capsys, "--since", ref)
        assert said.count("\n") == 1
        assert "this clone is shallow: fetch its history" in said
    run_git(clone, "fetch", "--quiet", "--unshallow")
    assert list_places(lint_json(capsys, "--since", "origin/old")) == [("definition-missing", "a.md", 2)]


def test_a_partial_clone_fetches_nothing(
    repo: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    run_git(repo, "config", "uploadpack.allowFilter", "true")
    write_files(repo, {"a.md": "- 待避:\n"})
    commit_all(repo)
    write_files(repo, {"a.md": "- 待避:\n- 復旧:\n"})
    commit_all(repo)
    clone = tmp_path_factory.mktemp("clone")
    run_git(clone, "clone", "--quiet", "--filter=blob:none", repo.as_uri(), ".")
    monkeypatch.chdir(clone)
    assert "this clone is a partial one and lacks old texts" in get_refusal(capsys, "--since", "HEAD~1")


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("--output=x", "`--output=x` is no commit"),
        ("-1", "`-1` is no commit"),
        ("", "`` is no commit"),
        ("nope", "there is no commit `nope`"),
        ("HEAD..HEAD", "there is no commit `HEAD..HEAD`"),
        ("HEAD:a.md", "there is no commit `HEAD:a.md`"),
        ("\x1b[31m", r"there is no commit `\x1b[31m`"),
        ("other", "`other` and HEAD have no commit in common"),
    ],
)
def test_what_is_no_commit(repo: Path, capsys: Capture, ref: str, message: str) -> None:
    write_files(repo, {"a.md": "- 待避:\n"})
    commit_all(repo)
    run_git(repo, "switch", "--quiet", "--orphan", "other")
    commit_all(repo)
    run_git(repo, "switch", "--quiet", "main")
    assert get_refusal(capsys, f"--since={ref}") == f"error: --since: {message}\n"
    assert sorted(path.name for path in repo.iterdir()) == [".git", "a.md"]


def test_without_a_commit_and_without_git(
    repo: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    write_files(repo, {"a.md": "- 待避:\n"})
    assert "there is no commit `HEAD`" in get_refusal(capsys, "--since", "HEAD")
    plain = tmp_path_factory.mktemp("plain")
    write_files(plain, {"a.md": "- 待避:\n"})
    monkeypatch.chdir(plain)
    assert "`--since` needs git" in get_refusal(capsys, "--since", "HEAD")


@posix_only
def test_the_configuration_of_a_repository_runs_nothing(repo: Path, capsys: Capture) -> None:
    write_files(repo, {"a.md": "- 待避:\n", ".gitattributes": "*.md filter=evil diff=evil\n"})
    commit_all(repo)
    program, mark = repo / "evil.sh", repo / "ran"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    for key in (
        "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.command", "diff.evil.textconv",
        "diff.external", "core.pager", "core.fsmonitor", "core.sshCommand", "core.editor",
    ):  # fmt: skip
        run_git(repo, "config", key, str(program))
    write_files(repo, {"a.md": "- 待避:\n- 復旧:\n", "b.md": "- 配置:\n"})
    assert list_places(lint_json(capsys, "--since", "HEAD")) == [
        ("definition-missing", "a.md", 2),
        ("definition-missing", "b.md", 1),
    ]
    assert not mark.exists()


WORDS = [f"- 用語{number}:" for number in range(40)]


@pytest.mark.parametrize("seed", range(12))
def test_since_is_a_full_run_filtered_by_changed_lines(repo: Path, capsys: Capture, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (no secret)
    old = {f"{name}.md": rng.sample(WORDS, rng.randint(1, 20)) for name in "abc"}
    write_files(repo, {path: "\n".join(lines) + "\n" for path, lines in old.items()})
    commit_all(repo)
    new = {path: _changed(lines, rng) for path, lines in old.items()}
    write_files(repo, {path: "\n".join(lines) + "\n" for path, lines in new.items()})
    if rng.random() < 0.5:
        commit_all(repo)
        run_git(repo, "tag", "v")
    ref = "HEAD~1" if run_git(repo, "tag") else "HEAD"
    lines = {path: _lines(old[path], new[path]) for path in new}
    full = lint_json(capsys)
    assert len(full) > 3
    expected = [one for one in full if one["line"] in lines[one["path"]]]
    assert lint_json(capsys, "--since", ref) == expected


def _changed(lines: list[str], rng: random.Random) -> list[str]:
    """Some lines taken out, some new ones put in; the others keep their order, so that there is one way to compare."""
    kept = [line for line in lines if rng.random() < 0.7]
    for number in range(rng.randint(0, 4)):
        kept.insert(rng.randint(0, len(kept)), f"- 新しい用語{number}:")
    return kept


def _lines(old: list[str], new: list[str]) -> set[int]:
    found: set[int] = set()
    for kind, _, _, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            found.update(range(start + 1, end + 1) if end > start else (start, start + 1))
    return found
