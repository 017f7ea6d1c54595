"""`techstock merge FINGERPRINT ...`: several merges in one run."""

import json
from pathlib import Path

import pytest

from techstock.cli import main
from tests.support import make_project

TERMS = ("舟", "櫂", "帆", "舵", "錨")
LIST = "".join(
    f"- {term}: 水門のそばで{term}を使うときに、流れを見ながら{n}人で動かすもののこと。\n"
    for n, term in enumerate(TERMS)
)
MORE = "".join(f"\n{{0}}の{n}番目のことを、昔の人が書き残した順に述べていく。\n" for n in range(40))
FORMULA = "- 式: 水の深さを測るときに使う式 $a^2$ で、朝と夜に一度ずつ計算しておくもののこと。\n"
FILES: dict[str, str | bytes] = {
    "techstock.toml": "",
    "a.md": f"# 朝\n\n## 一\n\n{LIST}{MORE.format('朝')}\n{FORMULA}",
    "b.md": f"# 夜\n\n## 二\n\n{LIST}{MORE.format('夜')}\n{FORMULA}",
}


def run(root: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main([*words[:1], "--no-cache", "--root", str(root), *words[1:]])
    out, err = capsys.readouterr()
    return code, out, err


def find(root: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    _, out, _ = run(
        root, "lint", str(root), "--select", "duplicate-definition", "-q", "--output-format", "json", capsys=capsys
    )
    found: list[dict[str, object]] = json.loads(out)
    return found


def list_clusters(found: list[dict[str, object]]) -> dict[str, str]:
    """Return the fingerprints of all clusters, by the term."""
    [passage] = [one for one in found if one["data"]["kind"] == "passage"]  # type: ignore[index]
    clusters = passage["data"]["clusters"]  # type: ignore[index]
    return {(*TERMS, "式")[n]: cluster["fingerprint"] for n, cluster in enumerate(clusters)}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = make_project(tmp_path, FILES)
    monkeypatch.chdir(made)
    return made


def test_nothing_is_written_without_apply(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = list_clusters(find(root, capsys))
    for more in ((), ("--dry-run",)):
        code, out, err = run(root, "merge", known["舟"], known["錨"], *more, capsys=capsys)
        assert (code, err) == (0, "nothing is written: `--apply` changes 1 note, by 2 merges\n")
        assert out.count("2 copies, by duplicate-definition; 1 stays") == 2
        assert [line for line in out.splitlines() if line in known.values()] == [known["舟"], known["錨"]]
    assert {path.name: path.read_text("utf-8") for path in root.glob("*.md")} == {
        name: text for name, text in FILES.items() if name.endswith(".md")
    }


def test_several_are_written_together_and_the_others_keep_their_fingerprints(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = list_clusters(find(root, capsys))
    code, _, err = run(root, "merge", known["舟"], known["錨"], "--apply", capsys=capsys)
    assert (code, err) == (0, "2 merges written, in 1 note\n")
    text = (root / "b.md").read_text("utf-8")
    assert [term for term in TERMS if f"- {term}: → [一](a.md#一)" in text] == ["舟", "錨"]
    [passage] = [one for one in find(root, capsys) if one["data"]["kind"] == "passage"]  # type: ignore[index]
    clusters = passage["data"]["clusters"]  # type: ignore[index]
    assert [cluster["fingerprint"] for cluster in clusters] == [known[term] for term in "櫂帆舵式"]
    assert (root / "a.md").read_text("utf-8") == FILES["a.md"]


def test_the_fingerprint_of_a_passage_means_all_its_parts(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [passage] = found = find(root, capsys)
    known = list_clusters(found)
    code, _, err = run(root, "merge", str(passage["fingerprint"]), "--apply", capsys=capsys)
    assert (root / "b.md").read_text("utf-8").count("→ [一](a.md#一)") == 5
    formula = known["式"]  # it cannot be merged, and is left out
    assert code == 2
    assert f"error: {formula}: the copy at `a.md:" in err
    assert err.endswith("5 merges written, in 1 note\n")
    assert [one["fingerprint"] for one in find(root, capsys)] == [formula]


def test_a_passage_is_merged_whole_where_its_parts_alone_are_no_copies(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "".join(f"- {term}を使うときに、流れを見ながら{n}人で動かすもののこと\n" for n, term in enumerate(TERMS))
    make_project(root, {"a.md": f"# 題\n\n## 朝の章\n\n{lines}\n## 夜の章\n\n{lines}", "b.md": "# 夜\n"})
    [passage] = find(root, capsys)
    code, _, err = run(root, "merge", str(passage["fingerprint"]), "--apply", capsys=capsys)
    assert (code, err) == (0, "5 merges written, in 1 note\n")
    assert find(root, capsys) == []


def test_wrong_use(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = list_clusters(find(root, capsys))
    for words, said in (
        ((known["舟"], "0" * 20), "no finding that can be merged has the fingerprint `00000000000000000000`"),
        ((known["舟"], "--keep", "2"), "--keep takes one entry"),
        ((known["舟"], "--apply", "--dry-run"), "--dry-run writes nothing"),
        ((known["舟"], "a.md:5"), "takes one entry, as PATH:LINE"),
    ):
        code, out, err = run(root, "merge", *words, "--apply" if "--dry-run" not in words else "-q", capsys=capsys)
        assert (code, out) == (2, "")
        assert said in err
    assert (root / "b.md").read_text("utf-8") == FILES["b.md"]
