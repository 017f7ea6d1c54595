"""A run on which nothing has a bearing that has changed prints what an earlier run printed, and no other run does."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest

from techstock.cache import key
from techstock.commands import checking, console, corpus_loading, printed_runs
from techstock.load import corpus_loader
from techstock.storage.cache_directory import PRINTED_NAME
from tests.cli.support import Done, run
from tests.images.pictures import GIF, PNG
from tests.support import commit_all, make_project

SAME = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。そのあと別の場所で始まる。\n"
NOTES: dict[str, str | bytes] = {
    "a.md": f"# 題\n\n{SAME}\n![図](x.png) [続](sub/c.md#続) [無](none.md)\n",
    "b.md": f"# 別\n\n{SAME}- 用語:\n",
    "sub/c.md": "# 続\n\n-\u3000全角の空白\n",
    "x.png": PNG,
    "techstock.toml": "",
}
KINDS = ["-q", "--output-format", "concise"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project whose files are trusted at once, however young they are."""
    monkeypatch.setattr(key, "SETTLE_TIME", -(10**15))
    return make_project(tmp_path / "notes", NOTES)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the notes of each corpus that is loaded."""
    sizes: list[int] = []
    load = corpus_loader.load_corpus

    def load_counted(paths: Any, *rest: Any) -> Any:
        sizes.append(len(paths))
        return load(paths, *rest)

    monkeypatch.setattr(corpus_loading, "load_corpus", load_counted)
    return sizes


def lint(root: Path, *options: str, **environment: str) -> tuple[int, str, str]:
    """Lint, and return the exit code and what was printed."""
    done: Done = run("lint", *options, cwd=root, env=os.environ | environment)
    return done.returncode, done.stdout, done.stderr


FORMATS = [
    [],
    KINDS,
    ["--output-format", "json"],
    ["--statistics"],
    ["-q", "--exit-zero"],
    ["--group-by", "rule"],
    ["a.md", "sub"],
]


@pytest.mark.parametrize("options", FORMATS, ids=" ".join)
def test_an_unchanged_run_loads_nothing_and_prints_the_same(root: Path, checked: list[int], options: list[str]) -> None:
    lint(root, "-q")  # without a cache, a notice says that all folders are compared
    fresh = lint(root, "--no-cache", *options)
    assert lint(root, *options) == fresh
    checked.clear()
    assert lint(root, *options) == fresh
    assert checked == []


def replace_by_link(root: Path) -> None:
    (root / "b.md").unlink()
    (root / "b.md").symlink_to("a.md")


CHANGES: dict[str, Callable[[Path], object]] = {
    "text": lambda root: (root / "b.md").write_text(f"# 別\n\n{SAME[:-2]}\n", "utf-8"),
    "time": lambda root: os.utime(root / "b.md", ns=(5, 5)),
    "new note": lambda root: (root / "sub" / "d.md").write_text(f"# 新\n\n{SAME}", "utf-8"),
    "deleted note": lambda root: (root / "sub" / "c.md").unlink(),
    "renamed note": lambda root: (root / "b.md").rename(root / "d.md"),
    "note that is a link": replace_by_link,
    "image": lambda root: (root / "x.png").write_bytes(PNG[:-20]),
    "deleted image": lambda root: (root / "x.png").unlink(),
    "linked file": lambda root: (root / "none.md").write_text("# 無\n", "utf-8"),
    "linked folder": lambda root: (root / "none.md").mkdir(),
    "configuration": lambda root: (root / "techstock.toml").write_text('ignore = ["duplicate-*"]\n', "utf-8"),
    "level": lambda root: (root / "techstock.toml").write_text('rules.duplicate-definition.level = "error"\n', "utf-8"),
    "fail-on": lambda root: (root / "techstock.toml").write_text('fail-on = "error"\n', "utf-8"),
    "comment": lambda root: (root / "techstock.toml").write_text('[per-file."b.md"]\nignore = ["*"]\n', "utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("git", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen(root: Path, checked: list[int], change: str, git: bool) -> None:
    if git:
        make_project(root, {}, git=True)
        commit_all(root)
    for _ in range(2):
        lint(root)
    CHANGES[change](root)
    checked.clear()
    assert lint(root) == lint(root, "--no-cache")
    assert len(checked) == 2


def test_a_baseline_counts(root: Path, checked: list[int]) -> None:
    baseline = root / "known.txt"
    run("baseline", "--baseline", "known.txt", cwd=root)
    (root / "techstock.toml").write_text('baseline = "known.txt"\n', "utf-8")
    known = lint(root)
    checked.clear()
    assert lint(root) == known
    assert checked == []
    lines = baseline.read_text("utf-8").splitlines(keepends=True)
    baseline.write_text("".join(lines[:-1]), "utf-8")
    assert lint(root) == lint(root, "--no-cache") != known
    assert len(checked) == 2
    baseline.unlink()
    assert lint(root)[0] == 2
    (root / "techstock.toml").write_text("", "utf-8")
    assert lint(root, "--baseline", "known.txt")[0] == 2


def test_other_options_and_terminals_get_their_own_output(
    root: Path, checked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[tuple[list[str], dict[str, str]]] = [
        ([], {}), ([], {"FORCE_COLOR": "1"}), (["-q"], {}), (["a.md"], {}), (["--select", "term-*"], {}),
        (["--config", 'preset="strict"'], {}), (["--max", "1"], {}),
    ]  # fmt: skip
    lint(root, "-q")
    fresh = [lint(root, "--no-cache", *options, **environment) for options, environment in wanted]
    for _ in range(2):
        assert [lint(root, *options, **environment) for options, environment in wanted] == fresh
    assert len({repr(one) for one in fresh}) == len(fresh)
    assert lint(root / "sub", "..")[1].count("../a.md")
    checked.clear()
    monkeypatch.setattr(printed_runs, "get_terminal_width", lambda _: 50)
    lint(root)
    assert checked == [3]


OTHER_RUNS = [
    ["-v"], ["--no-cache"], ["--output-format", "json=out.json"], ["--fix", "--unsafe-fixes"], ["--diff"],
    ["--since", "HEAD"], ["--compare", "old.json"], ["--show-files"], ["--stdin-filename", "a.md", "-"],
    ["--add-ignores", "--reason", "known"],
]  # fmt: skip


@pytest.mark.parametrize("options", OTHER_RUNS, ids=" ".join)
def test_a_run_that_does_more_is_not_kept(root: Path, options: list[str]) -> None:
    make_project(root, {"old.json": "[]"}, git=True)
    commit_all(root)
    run("lint", *options, cwd=root, stdin=b"# t\n")
    assert not (root / ".techstock_cache" / PRINTED_NAME).exists()


def test_a_path_outside_may_become_a_folder(root: Path) -> None:
    """A run that names files ends without the commands that are of use next."""
    outside = root.parent / "data"
    outside.write_text("1\n", "utf-8")
    lint(root, "-q")
    first = lint(root, "--root", ".", "sub", "../data")
    assert lint(root, "--root", ".", "sub", "../data") == first
    outside.unlink()
    outside.mkdir()
    wanted = lint(root, "--no-cache", "--root", ".", "sub", "../data")
    assert lint(root, "--root", ".", "sub", "../data") == wanted != first


def test_another_version_of_a_package_counts(
    root: Path, checked: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = make_project(tmp_path / "lib", {"measuring.py": "width = 1\n"}) / "measuring.py"
    monkeypatch.syspath_prepend(module.parent)
    monkeypatch.setattr(printed_runs, "_PACKAGES", ("measuring", "none"))
    for _ in range(3):  # the first one changes the folder of the notes: it makes the cache
        lint(root)
    assert len(checked) == 2
    module.write_text("width = 20\n", "utf-8")
    lint(root)
    assert len(checked) == 3


def test_a_cache_that_is_not_trusted_is_not_printed(
    root: Path, checked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        lint(root)
    assert len(checked) == 2
    monkeypatch.setattr(printed_runs, "explain_untrusted_cache", lambda *_: "not used: git tracks it")
    lint(root)
    assert len(checked) == 3


def test_a_young_file_is_not_trusted(tmp_path: Path, checked: list[int]) -> None:
    root = make_project(tmp_path, NOTES)
    for _ in range(3):
        lint(root)
    assert checked == [3, 3, 3]


def test_a_rule_that_fails_is_asked_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(checking.ReportFilter, "check", fail_quietly(checking.ReportFilter.check))
        assert lint(root)[0] == 2
    assert lint(root) == lint(root, "--no-cache")


def fail_quietly(check: Callable[..., Any]) -> Callable[..., Any]:
    def check_and_fail(self: checking.ReportFilter, *rest: Any) -> Any:
        found = check(self, *rest)
        self.failures.errors["term-empty"] = RuntimeError("failed")
        return found

    return check_and_fail


def test_a_note_that_cannot_be_read_is_read_again(root: Path, checked: list[int]) -> None:
    (root / "d.md").write_bytes(b"\xff\xfe\x00")
    lint(root, "-q")
    first = lint(root)
    assert lint(root) == first == lint(root, "--no-cache")
    assert len(checked) == 4


def test_a_reader_that_goes_away_is_told_all_the_next_time() -> None:
    record = console.OutputRecord(())
    pieces = record.copy_pieces(["a\n", "b\n"])
    assert next(pieces) == "a\n"
    assert record.pieces is None
    assert list(pieces) == ["b\n"]
    assert record.pieces == ["a\n", "b\n"]


def test_too_much_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_MAX_LENGTH", 3)
    record = console.OutputRecord(())
    assert list(record.copy_pieces(["ab", "c", "d"])) == ["ab", "c", "d"]
    assert record.pieces is None


def test_few_runs_are_kept(root: Path, monkeypatch: pytest.MonkeyPatch, checked: list[int]) -> None:
    monkeypatch.setattr(printed_runs, "_MAX_RUNS", 2)
    for most in ("9", "1", "2", "3"):
        lint(root, "--max", most)
    checked.clear()
    for most in ("2", "3", "1"):
        lint(root, "--max", most)
    assert checked == [3]
    monkeypatch.setattr(printed_runs, "_MAX_SIZE", 10)
    lint(root, "--max", "4")
    lint(root, "--max", "4")
    assert len(checked) == 3


def test_damage_is_not_printed(root: Path) -> None:
    lint(root, "-q")
    fresh = lint(root)
    file = root / ".techstock_cache" / PRINTED_NAME
    whole = file.read_bytes()
    for at in range(0, len(whole), max(len(whole) // 40, 1)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]):
            file.write_bytes(damaged)
            assert lint(root) == fresh


BODIES: list[Any] = [None, [], {}, {b"x": 1}, "runs", {"x": b"y"}]


@pytest.mark.parametrize("place", ["all", "run"])
def test_other_content_with_a_fitting_checksum(root: Path, place: str) -> None:
    lint(root, "-q")
    fresh = lint(root)
    file = root / ".techstock_cache" / PRINTED_NAME
    data = file.read_bytes()
    known = msgspec.msgpack.decode(data[48:], type=dict[bytes, Any])
    for body in BODIES:
        new = msgspec.msgpack.encode(body if place == "all" else dict.fromkeys(known, body))
        file.write_bytes(data[:36] + crc32(new).to_bytes(4, "big") + len(new).to_bytes(8, "big") + new)
        assert lint(root) == fresh


def edit_project(choose: random.Random, root: Path) -> None:
    """Do to the notes, to what is beside them and to the configuration what people do."""
    kind = choose.choice(["note", "new", "delete", "image", "configuration", "baseline"])
    if kind == "note":
        note = root / choose.choice(["a.md", "b.md", "sub/c.md"])
        note.write_text(f"# 題\n\n{SAME * choose.randint(0, 2)}", "utf-8")
    elif kind == "new":
        (root / "none.md").write_text("# 無\n", "utf-8")
    elif kind == "delete":
        (root / "none.md").unlink(missing_ok=True)
    elif kind == "image":
        (root / "x.png").write_bytes(choose.choice([PNG, GIF, b"", PNG[:-9]]))
    elif kind == "configuration":
        text = choose.choice(["", 'ignore = ["term-*"]\n', 'preset = "strict"\n'])
        (root / "techstock.toml").write_text(text, "utf-8")
    else:
        run("baseline", cwd=root)


@pytest.mark.parametrize("seed", range(3))
def test_any_edits(root: Path, checked: list[int], seed: int) -> None:
    """Whatever happens between runs, each prints what a run without a cache prints."""
    choose = random.Random(seed)  # noqa: S311 (no secret)
    wanted = [[], KINDS, ["a.md"], ["--baseline", "techstock-baseline.txt"]]
    lint(root, "-q")
    loaded = 0
    for _ in range(8):
        if choose.random() < 0.6:
            edit_project(choose, root)
        options = choose.choice(wanted)
        fresh = lint(root, "--no-cache", *options)
        checked.clear()
        assert [lint(root, *options) for _ in range(2)] == [fresh, fresh]
        loaded += len(checked)
    assert loaded < 16
