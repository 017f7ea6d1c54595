"""`techstock terms` as it is run."""

import json
from pathlib import Path

import pytest

from techstock.cli import main
from tests.cache.support import run_with
from tests.cli.support import run, run_on_terminal
from tests.support import make_project

NOTES = {
    "a.md": "- 待避: 戻る。\n- 例: 一つ。\n- 台は RPO を守る。\n",
    "n/b.md": "- 待避（Drain）: 止まる。\n- 復旧: 始める。\n- 台の RPO を見る。\n",
    "n/c.md": "- 配置:\n- どの台も RPO の内にある。\n",
    "techstock.toml": "",
}


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[list[str], str]:
    """The terms as `json` has them, and stderr."""
    assert main(["terms", "--no-cache", "--format", "json", *arguments]) == 0
    out, err = capsys.readouterr()
    return [term["term"] for term in json.loads(out)["terms"]], err


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(make_project(tmp_path, NOTES))
    return tmp_path


def test_all_notes_or_those_that_are_named(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = ", without 1 label (`--labels`)\n"
    assert listed(capsys) == (["待避", "復旧", "配置"], f"3 terms in 3 notes{labels}")
    assert listed(capsys, "a.md") == (["待避"], f"1 term in 1 note{labels}")
    assert listed(capsys, "n/b.md", "-q") == (["待避", "復旧"], "")
    assert listed(capsys, "--labels")[0] == ["例", "待避", "復旧", "配置"]


def test_places_elsewhere_are_told_too(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["terms", "--no-cache", "-q", "a.md"]) == 0
    rows = [row.split() for row in capsys.readouterr().out.split("\n")]
    assert rows == [["TERM", "DEFINITION", "PLACE"], ["待避", "戻る。", "a.md:1"], ["止まる。", "n/b.md:1"], []]


def test_undefined(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys, "--undefined") == (["RPO"], "1 undefined term in 3 notes\n")
    assert listed(capsys, "--undefined", "n/c.md")[0] == ["RPO"]
    assert main(["terms", "--no-cache", "--undefined"]) == 0
    assert (
        capsys.readouterr().out
        == "TERM    USES  PLACE\nRPO        3  a.md:3\n              n/b.md:3\n              n/c.md:2\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "jsn"], "--format: there is no format `jsn`, did you mean `json`?"),
        (["--undefind"], "there is no option `--undefind`, did you mean `--undefined`?"),
        (["-"], "an index is made of files: stdin has no place in it"),
        (["x.md"], "`x.md` does not exist"),
    ],
)
def test_wrong_use(notes: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["terms", *arguments]) == 2
    assert capsys.readouterr() == ("", f"error: {message}\n")


def test_no_term_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_project(tmp_path, {"a.md": "本文だけ。\n", "techstock.toml": ""}))
    assert main(["terms", "--no-cache"]) == 0
    assert capsys.readouterr() == ("", "0 terms in 1 note\n")


@pytest.mark.parametrize("more", [[], ["--undefined"]])
def test_a_kept_corpus_needs_no_parser(notes: Path, more: list[str]) -> None:
    ask = "import atexit\natexit.register(lambda: print('pyromark' in sys.modules, file=sys.stderr))"
    assert run("lint", "-q", cwd=notes).returncode == 1
    done = run_with(ask, "terms", "-q", *more, cwd=notes)
    assert (done.returncode, done.stderr) == (0, "False\n")


def test_search_and_maximum(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names, said = listed(capsys, "--grep", "復")
    assert "復旧" in names
    assert said.startswith(f"{len(names)} term")
    names, said = listed(capsys, "--max", "1")
    assert len(names) == 1
    assert "this is the beginning: `--all` prints all, `--grep TEXT` searches" in said
    assert main(["terms", "--max", "0"]) == 2
    assert "--max takes a number from 1" in capsys.readouterr().err


def test_two_screens_on_a_terminal(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.md": "".join(f"- 用語{n}: {n} 番目の説明。\n" for n in range(200))})
    assert len(run_on_terminal("terms", cwd=root).splitlines()) <= 80
    assert len(run_on_terminal("terms", "--all", cwd=root).splitlines()) == 202
    assert len(run("terms", cwd=root).stdout.splitlines()) == 201


def test_undefined_terms_are_sorted_by_use(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("x", "y", "z", "zz"):
        (notes / f"{name}.md").write_text("- 目標: RTO の値を決める。RTO は短い。\n", "utf-8")
    assert main(["terms", "--no-cache", "--undefined"]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert rows[0].split() == ["RTO", "8", "x.md:1"]
    assert [row.split()[-1] for row in rows[:3]] == ["x.md:1", "y.md:1", "z.md:1"]
    assert rows[3].split()[0] == "RPO"


def test_a_term_that_is_a_link_is_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(tmp_path, {"a.md": "- [gotop](https://example.org/g) - Terminal: 端末で動く監視の道具。\n"})
    monkeypatch.chdir(tmp_path)
    assert listed(capsys)[0] == ["gotop - Terminal"]
