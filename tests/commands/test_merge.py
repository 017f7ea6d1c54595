"""`techstock merge`: whole outputs, what is written, and what it says where there is nothing to merge."""

from contextlib import chdir
from pathlib import Path

import pytest

from techstock.cli import main
from tests.support import commit_all, make_project

SENTENCE = "新しい要求を受けず、いまの仕事を終えてから止まること。"
NOTES: dict[str, str | bytes] = {
    "techstock.toml": "",
    "01-10.md": f"""\
# 一

## 1.

- 待避: {SENTENCE}

## 2.

- 復旧: 止まった仕事を再び始めること。
- 用語:
  - {SENTENCE}台は手放す。
- 規模: 数を増やす。
""",
    "11-20.md": f"""\
## 11.

- 待避 (drain): {SENTENCE}記録を残す。
  - 夜に始める。

[一](01-10.md#1) と [二](01-10.md#2) と [一](01-10.md)
""",
}
SHOWN = """\
3 copies, by duplicate-definition; 1 stays

1  01-10.md:5
   written 2024-01-31
   1 link to its heading, 2 links to its note

- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。

2  01-10.md:11, under `用語`
   written 2024-01-31, last edit not committed yet
   1 link to its heading, 2 links to its note

- 新しい要求を受けず、いまの仕事を終えてから止まること。台は手放す。
                                                        ~~~~~~~~~~~~

3  11-20.md:3
   written 2024-01-31, last edit 2024-03-01
   no link leads there

- 待避 (drain): 新しい要求を受けず、いまの仕事を終えてから止まること。記録を残
       ~~~~~~~                                                        ~~~~~~~~
  す。
  ~~~~
  - 夜に始める。
"""


def merge(root: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with chdir(root):
        code = main(["merge", "--no-cache", "--root", str(root), *words])
    out, err = capsys.readouterr()
    return code, out, err


def read_notes(root: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in root.glob("*.md")}


def test_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files: dict[str, str | bytes] = {
        "techstock.toml": "",
        "a.md": f"## 1.\n\n- 待避: {SENTENCE}\n",
        "b.md": f"- 待避: {SENTENCE}夜に\n",
    }
    root = make_project(tmp_path, files)
    before = read_notes(root)
    assert merge(root, str(root / "a.md:3"), capsys=capsys) == (
        0,
        """\
2 copies, by duplicate-definition; 1 stays

1  a.md:3                              | 2  b.md:1
   no link leads there                 |    no link leads there
                                       |
- 待避: 新しい要求を受けず、いまの仕事 | - 待避: 新しい要求を受けず、いまの仕事
  を終えてから止まること。             |   を終えてから止まること。夜に
                                       |                           ~~~~

1 becomes, with + before what is new:

+ - 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。夜に

2 becomes:

  - 待避: → [a.md, 1.](a.md#1)
""",
        "when these were written is not known: the notes are in no git repository\n"
        "nothing is written: `--apply` changes 2 notes, `--keep N` keeps another copy\n",
    )
    assert read_notes(root) == before


def test_history_and_links(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_project(tmp_path, NOTES)
    (root / "01-10.md").write_text(str(NOTES["01-10.md"]).replace("台は手放す。", ""), "utf-8")
    (root / "11-20.md").write_text(str(NOTES["11-20.md"]).replace("夜に", "朝に"), "utf-8")
    commit_all(root, date="2024-01-31T12:00:00+0900")
    (root / "11-20.md").write_text(str(NOTES["11-20.md"]), "utf-8")
    commit_all(root, date="2024-03-01T12:00:00+0900")
    (root / "01-10.md").write_text(str(NOTES["01-10.md"]), "utf-8")
    code, out, err = merge(root, "-q", str(root / "11-20.md:4"), capsys=capsys)
    shown = SHOWN.replace("written 2024-01-31, last edit not committed yet", "not committed yet")
    assert (code, out[: len(shown)], err) == (0, shown, "")


def test_apply(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_project(tmp_path, NOTES)
    code, _, err = merge(root, "--apply", "--keep", "3", str(root / "01-10.md:11:5"), capsys=capsys)
    assert (code, err.splitlines()[-1]) == (0, "2 copies merged into 3, in 1 note")
    found = read_notes(root)
    assert (
        found["01-10.md"]
        == """\
# 一

## 1.

- 待避: → [待避 (drain)](11-20.md#11)

## 2.

- 復旧: 止まった仕事を再び始めること。
- 用語:
  - → [待避 (drain)](11-20.md#11) 台は手放す。
- 規模: 数を増やす。
"""
    )
    assert found["11-20.md"] == NOTES["11-20.md"]
    assert main(["lint", "-q", "--no-cache", "--root", str(root), str(root)]) == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["01-10.md"], 2, "`ROOT/01-10.md` names no line; write PATH:LINE, as in `notes/01-10.md:16`"),
        ([], 2, "`techstock merge` takes one entry, as PATH:LINE"),
        (["01-10.md:1"], 2, "there is no entry on line 1 of `ROOT/01-10.md`; the nearest begins on line 5"),
        ([".:1"], 2, "`ROOT/.` is a folder; name a note"),
        (["no.md:1"], 2, "`ROOT/no.md` does not exist"),
        (["techstock.toml:1"], 2, "techstock.toml` is not checked: it is not a Markdown file"),
        (["../x.md:1"], 2, ""),
        (["--keep", "0", "01-10.md:5"], 2, "--keep takes the number of a copy, not `0`"),
        (["--keep", "4", "01-10.md:5"], 2, "--keep 4: there are 3 copies"),
        (["01-10.md:9"], 0, "the entry on line 9 of `01-10.md` is not a copy of another, so there is nothing to merge; "
                            "`techstock explain` tells why"),
        (["01-10.md:10"], 0, "the entry on line 10 of `01-10.md` is not a copy of another; some that are nested in "
                             "it are: line 11"),
    ],
)  # fmt: skip
def test_nothing_to_merge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    root = make_project(tmp_path, NOTES)
    *options, path = words or [""]
    before = read_notes(root)
    found = merge(root, "--apply", *options, *([str(root) + "/" + path] if path else []), capsys=capsys)
    assert found[:2] == (code, "")
    assert said.replace("ROOT", str(root)) in found[2]
    assert found[2].count("\n") == 1
    assert read_notes(root) == before


def test_a_copied_note_is_not_merged_entry_by_entry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("待避", "復旧", "切替", "休止", "終了")
    note = "".join(f"- {word}: {word}のときは、持ち場の台を{word}の前に一つずつ確かめること。\n" for word in words)
    root = make_project(
        tmp_path, {"techstock.toml": "", "a.md": note, "b.md": f"{note}- 予約: 一年のあいだ使うこと。\n"}
    )
    assert merge(root, str(root / "a.md:1"), capsys=capsys) == (
        2,
        "",
        "error: `a.md` and `b.md` are mostly copies of each other (file-copy), and are not merged entry by entry: "
        "delete one of the notes, or leave in it what the other does not say\n",
    )


def test_a_comment_keeps_copies_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ignore = "<!-- techstock: ignore duplicate-definition both are read alone -->\n"
    text = f"## 1.\n\n- 待避: {SENTENCE}\n\n## 2.\n\n{ignore}- 待避: {SENTENCE}\n"
    root = make_project(tmp_path, {"techstock.toml": "", "a.md": text})
    code, out, err = merge(root, str(root / "a.md:3"), capsys=capsys)
    assert (code, out) == (0, "")
    assert err == "a comment keeps the entry on line 3 of `a.md` apart from its copies: `a.md:7`\n"


def test_a_note_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_project(tmp_path, NOTES)
    before = read_notes(root)
    from techstock.fix import write

    def refuse(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "_replace_file", refuse)
    code, _, err = merge(root, "--apply", str(root / "01-10.md:5"), capsys=capsys)
    assert code == 2
    assert "no space left on device" in err
    assert read_notes(root) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"- 待避: {SENTENCE}\n- 待避: 台を空ける。\n", "2 goes: the list that holds it holds 1 as well.\n\n"
         "They stand in one list: if two terms were meant, tell these apart instead.\n"),
        (f"# 一\n\n- 待避: {SENTENCE}\n\n# 二\n\n- 待避: 新しい要求を受けないで、いまの仕事を終えてから止まること。\n",
         f"These two say nearly the same; both stay, choose by hand:\n  {SENTENCE}\n"
         "  新しい要求を受けないで、いまの仕事を終えてから止まること。\n"),
        (f"- 待避: {SENTENCE}\n  ```\n  a\n  ```\n\n文。\n\n- 待避: {SENTENCE}\n  ```\n  \x1b[2J\n  ```\n",
         "They hold different code, and all of it stays: look whether they are one thing.\n"),
    ],
)  # fmt: skip
def test_doubts(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    root = make_project(tmp_path, {"techstock.toml": "", "a.md": text})
    line = text[: text.index("待避")].count("\n") + 1
    code, out, _ = merge(root, str(root / f"a.md:{line}"), capsys=capsys)
    assert code == 0
    assert out.endswith(said)
    assert "\x1b" not in out
