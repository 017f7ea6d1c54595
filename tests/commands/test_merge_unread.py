"""`techstock merge --no-reading-needed`: merges that change no sentence, and the list of the others."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from techstock.cli import main
from tests.support import make_project

SAME = "新しい要求を受けず、いまの仕事を終えてから止まること。"
SHARED = "止まった仕事を、控えの台でもう一度はじめから動かすこと。"
PERCENT = "使用率が 72 % を超えたら、台をもう一つ足して仕事を分けること。"
LETTER = "水門のそばで板を使うときに、流れを見ながらゆっくりと二人で動かすもののこと。"
FORMULA = "水の深さを測るときに使う式 $a^2$ で、朝と夜に計算しておくもの。"
FULLER = "一年か三年のあいだ使うと決めて、ずっと安く借りること。"
FILES: dict[str, str | bytes] = {
    "techstock.toml": "",
    "a.md": f"## 一\n\n- 待避: {SAME}\n- 復旧: {SHARED}台は手放す。\n- 増設: {PERCENT}\n- Memento: {LETTER}\n"
    f"- 式: {FORMULA}\n- 予約: {FULLER}先に払う。\n",
    "b.md": f"## 二\n\n- 待避 (drain): {SAME}\n- 復旧: {SHARED}夜に行う。\n- 増設: {PERCENT.replace('72', '75')}\n"
    f"- Menento: {LETTER}\n- 式: {FORMULA}\n- 予約: {FULLER}\n",
}


def run(root: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main([*words[:1], "--no-cache", "--root", str(root), *words[1:]])
    out, err = capsys.readouterr()
    return code, out, err


def find(root: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return the fingerprints of all that is written twice, by the line of the first place in `b.md`."""
    _, out, _ = run(root, "lint", str(root), "--select", "duplicate-*", "-q", "--output-format", "json", capsys=capsys)
    found: dict[str, str] = {}
    for one in json.loads(out):
        for cluster in one["data"].get("clusters", [{"places": [one], "fingerprint": one["fingerprint"]}]):
            line = next(place["line"] for place in cluster["places"] if place["path"] == "b.md")
            found[(root / "b.md").read_text("utf-8").splitlines()[line - 1].split(":")[0][2:]] = cluster["fingerprint"]
    return found


def read_notes(root: Path) -> Mapping[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.md")}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = make_project(tmp_path, FILES)
    monkeypatch.chdir(made)
    return made


def test_all_findings_without_a_target(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = find(root, capsys)
    code, out, err = run(root, "merge", "--no-reading-needed", capsys=capsys)
    assert (code, err) == (0, "nothing is written: `--apply` changes 1 note, by 2 merges; 4 need reading\n")
    shown, listed = out.split("\nThese need reading, and are not merged:\n\n")
    assert [line for line in shown.splitlines() if line in known.values()] == [known["待避 (drain)"], known["予約"]]
    assert listed.splitlines() == [
        f"{known['復旧']}  `a.md:4`, `b.md:4`: the kept copy gets what another one says",
        f"{known['増設']}  `a.md:5`, `b.md:5`: one says `72 %`, the other `75 %`",
        f"{known['Menento']}  `a.md:6`, `b.md:6`: one says `Memento`, the other `Menento`",
        f"{known['式']}  `a.md:7`, `b.md:7`: the copy at `a.md:7` holds a formula, `$a^2$`, which a merge may break; "
        "merge these by hand",
    ]
    assert read_notes(root) == {path: text for path, text in FILES.items() if path.endswith(".md")}


def test_apply_writes_them(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(root, "merge", "--no-reading-needed", "--apply", capsys=capsys)
    assert (code, err) == (0, "2 merges written, in 1 note; 4 need reading\n")
    after = str(FILES["b.md"]).replace(f"待避 (drain): {SAME}", "待避 (drain): → [待避](a.md#一)")
    assert read_notes(root) == {
        "a.md": FILES["a.md"],
        "b.md": after.replace(f"予約: {FULLER}", "予約: → [一](a.md#一)"),
    }
    code, out, err = run(root, "merge", "--no-reading-needed", capsys=capsys)
    assert (code, err) == (0, "nothing is written: `--apply` changes 0 notes, by 0 merges; 4 need reading\n")
    assert out.startswith("These need reading")


def test_some_findings(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = find(root, capsys)
    words = ("merge", "--no-reading-needed", known["予約"], known["増設"], "--apply")
    code, out, err = run(root, *words, capsys=capsys)
    assert (code, err) == (0, "1 merge written, in 1 note; 1 needs reading\n")
    assert out.count("needs reading") == 0
    assert f"{known['増設']}  `a.md:5`, `b.md:5`: one says `72 %`, the other `75 %`\n" in out
    assert read_notes(root)["b.md"] == str(FILES["b.md"]).replace(f"予約: {FULLER}", "予約: → [一](a.md#一)")


def test_findings_that_read_the_same_are_all_merged(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"## 一\n\n- 待避: {SAME}\n"
    make_project(root, {f"{folder}/{name}.md": text for folder in "xy" for name in "12"})
    (root / "techstock.toml").write_text('duplicate-scope = "directory"\n', "utf-8")
    code, _, err = run(root, "merge", "--no-reading-needed", "--apply", capsys=capsys)
    assert (code, err) == (0, "4 merges written, in 3 notes; 4 need reading\n")
    for folder in "xy":
        assert read_notes(root)[f"{folder}/1.md"] == text
        assert read_notes(root)[f"{folder}/2.md"] == "## 一\n\n- 待避: → [一](1.md#一)\n"


def test_a_kept_copy_is_no_copy_of_another_merge(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy within another copy is merged with it, or after it; never at the same time."""
    inner = f"  - 待避: {SAME}\n"
    make_project(root, {"a.md": f"## 一\n\n- 夜の係: {SHARED}\n{inner}", "b.md": f"## 二\n\n- 待避: {SAME}\n"})
    make_project(root, {"c.md": f"## 三\n\n- 夜の係: {SHARED}\n{inner}"})
    code, _, _ = run(root, "merge", "--no-reading-needed", "--apply", capsys=capsys)
    assert code == 0
    assert sum(text.count(SAME) for text in read_notes(root).values()) == 1
    assert sum(text.count(SHARED) for text in read_notes(root).values()) == 1


def test_the_preview_warns_of_copies_that_differ(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line, said in (("5", "one says `72 %`, the other `75 %`"), ("6", "one says `Memento`, the other `Menento`")):
        _, out, _ = run(root, "merge", f"b.md:{line}", capsys=capsys)
        assert f"They differ: {said}. Find out which of them is" in " ".join(out.split())
    _, out, _ = run(root, "merge", "b.md:3", capsys=capsys)
    assert "They differ" not in out


def test_the_preview_tells_terms_apart_that_look_the_same(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_project(root, {"c.md": f"- ガイド: {SHARED}朝に読む。\n- カ\u3099イト\u3099: {SHARED}朝に読む。\n- 別: 物\n"})
    _, out, _ = run(root, "merge", "c.md:2", capsys=capsys)
    said = "look the same, but that of 2 is spelled with decomposed letters (NFD)."
    assert said in " ".join(out.split())


def test_what_cannot_be_merged_hinders_no_other(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heading = "- 夜の係: 夜のあいだ一人で見回り、変わったことがあればすぐに知らせる人のこと。\n\n  ### 内\n"
    make_project(root, {path: f"{FILES[path]!s}{heading}" for path in ("a.md", "b.md")})
    code, out, err = run(root, "merge", "--no-reading-needed", "--apply", capsys=capsys)
    assert (code, err) == (0, "2 merges written, in 1 note; 5 need reading\n")
    assert "`a.md:9`, `b.md:9`: more of `b.md` would change than what is merged; merge these by hand\n" in out
    assert read_notes(root)["b.md"].endswith(heading)


def test_wrong_use(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (
        (("a.md:3",), "--no-reading-needed takes fingerprints, or nothing for all findings, and no PATH:LINE"),
        (("--keep", "2"), "--keep takes one entry"),
        (("--apply", "--dry-run"), "--dry-run writes nothing"),
        (("0" * 20,), "no finding that can be merged has the fingerprint"),
    ):
        code, out, err = run(root, "merge", "--no-reading-needed", *words, capsys=capsys)
        assert (code, out) == (2, "")
        assert said in err
