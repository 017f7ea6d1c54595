"""`techstock explain`: whole outputs, and what it says when there is no such entry."""

from pathlib import Path

import pytest

from tests.cli.support import run
from tests.support import make_project

NOTES: dict[str, str | bytes] = {
    "techstock.toml": 'duplicate-scope = "directory"\n',
    "01-10.md": """\
# 一

## 1.

- ノードの入れ替え:
  - 新しい要求を受けず、いまの仕事を終えてから、ほかの場所へ移って止まるようにする。そのあと別の場所で始まる。
- 待避: 持ち場を離れること。
  - 新しい要求を受けず、いまの仕事を終えてから、ほかの場所へ移って止まるようにする。
  - ![図](a.png)

## 2.

- 復旧: 止まった仕事を、控えの台で再び始めること。
  続きの行。
- 復旧（部分）: 止まった仕事を、同じ台で再び始めること。
- 出典: 手引きの三章
""",
    "11-20.md": """\
## 11.

- 待避: 持ち場を離れ、あとで戻ること。
- 全体のやり直し: 止まった仕事を、控えの台で再び始めること。あわせて記録を残し、担当へ知らせる。
""",
    "old/11-20.md": """\
- 中断: 持ち場を離れ、あとで戻ること。
- \u202e悪意: 一二三
- 復旧: 一から作り直す。
""",
}

SENTENCE = """\
01-10.md:8, under `待避`
  新しい要求を受けず、いまの仕事を終えてから、ほかの場所へ移って止まるようにす…

It is taken for a definition, and reported as a copy of another entry by
duplicate-definition.

  term key   none
  weight     37; an ideograph or kana counts 1, any other character one half
  sentences  as they are compared, each with its weight:
       37  新しい要求を受けずいまの仕事を終えてからほかの場所へ移って止まるよう…

The nearest of 10 other entries; `duplicate-scope` is `directory`:

1. 01-10.md:6, under `ノードの入れ替え`
   新しい要求を受けず、いまの仕事を終えてから、ほかの場所へ移って止まるようにす…
   reported by duplicate-definition (warning): a whole sentence in common
   Jaccard 0.76, containment 1.00, no term key
   in both: 新しい要求を受けずいまの仕事を終えてからほかの場所へ移って止まるよ…
"""

GUARDED = """\
01-10.md:13
  復旧: 止まった仕事を、控えの台で再び始めること。 続きの行。
  (line 14 belongs to it)

It is taken for a definition; it is not reported as a copy.

  term key   `復旧`
  weight     25; an ideograph or kana counts 1, any other character one half
  definition 23 of that
  sentences  as they are compared, each with its weight:
       19  止まった仕事を控えの台で再び始めること
        4  続きの行

The nearest of 10 other entries; `duplicate-scope` is `directory`:

1. 11-20.md:4
   全体のやり直し: 止まった仕事を、控えの台で再び始めること。あわせて記録を残し…
   not reported: a sentence in common, but it weighs 19 and it takes 30 under
   two terms; alike by 0.37, and near-duplicate takes 0.6
   Jaccard 0.46, containment 0.81, term key `全体のやり直し`
   in both: 止まった仕事を控えの台で再び始めること

2. 01-10.md:15
   復旧（部分）: 止まった仕事を、同じ台で再び始めること。
   not reported: no text, whole sentence or term in common; alike by 0.39, and
   near-duplicate takes 0.8 within one note
   Jaccard 0.48, containment 0.75, term key `復旧(部分)`
"""

OTHER_FOLDER = """\
11-20.md:3
  待避: 持ち場を離れ、あとで戻ること。

It is taken for a definition; it is not reported as a copy.

  term key   `待避`
  weight     15; an ideograph or kana counts 1, any other character one half
  definition 13 of that
  sentences  as they are compared, each with its weight:
       13  持ち場を離れあとで戻ること

The nearest of 10 other entries; `duplicate-scope` is `directory`:

1. old/11-20.md:1
   中断: 持ち場を離れ、あとで戻ること。
   not reported: they are in two folders, and `duplicate-scope` is `directory`
   Jaccard 1.00, containment 1.00, term key `中断`
   in both: 持ち場を離れあとで戻ること
"""

IMAGE = """\
01-10.md:9, under `待避`
  (no text)

It is not compared with others: it has no text of its own.
"""

CITATION = """\
01-10.md:16
  出典: 手引きの三章

It is not compared with others: it only leads somewhere, names where something
comes from, or is a thing to do.
"""

HOSTILE = """\
old/11-20.md:2
  \\u202e悪意: 一二三

It is taken for a definition; it is not reported as a copy.

  term key   `\\u202e悪意`
  weight     5; an ideograph or kana counts 1, any other character one half
  definition 3 of that
  sentences  as they are compared, each with its weight:
        3  一二三

No other entry has anything in common with it.
"""


@pytest.mark.parametrize(
    ("spot", "shown"),
    [
        ("01-10.md:8", SENTENCE),
        ("01-10.md:8:5", SENTENCE),
        ("01-10.md:14", GUARDED),
        ("11-20.md:3", OTHER_FOLDER),
        ("01-10.md:9", IMAGE),
        ("01-10.md:16", CITATION),
        ("old/11-20.md:2", HOSTILE),
    ],
)
def test_explanation(tmp_path: Path, spot: str, shown: str) -> None:
    done = run("explain", spot, cwd=make_project(tmp_path, NOTES))
    assert (done.returncode, done.stdout, done.stderr) == (0, shown, "")


def list_verdicts(cwd: Path, *arguments: str) -> list[str]:
    """Run `explain`, and return what it says of each neighbour, in one line each."""
    done = run("explain", *arguments, cwd=cwd)
    assert (done.returncode, done.stderr) == (0, "")
    blocks = done.stdout.split("\n\n")[3:]
    return [" ".join(block.split("\n   ")[2:]).partition(" Jaccard")[0] for block in blocks if block[:1].isdigit()]


BOTH = "reported by duplicate-definition (warning): the same text"


@pytest.mark.parametrize("scope", ["--duplicate-scope=corpus", "--config=duplicate-scope='corpus'"])
def test_scope(tmp_path: Path, scope: str) -> None:
    files = {"a.md": f"- 待避: {'持ち場を離れ、' * 3}あとで戻る。\n", "techstock.toml": "duplicate-scope = 'file'"}
    make_project(tmp_path, files | {"b.md": files["a.md"], "x/a.md": files["a.md"]})
    assert list_verdicts(tmp_path, "a.md:1", scope) == [BOTH, BOTH]
    apart = ["not reported: they are in two notes, and `duplicate-scope` is `file`"] * 2
    assert list_verdicts(tmp_path, "a.md:1") == apart
    assert list_verdicts(tmp_path / "x", "a.md:1", "--root", "..") == apart
    assert list_verdicts(tmp_path, "a.md:1", "--isolated") == [BOTH, BOTH]
    assert list_verdicts(tmp_path, "a.md:1", "--isolated", "--duplicate-scope", "directory") == [
        BOTH, "not reported: they are in two folders, and `duplicate-scope` is `directory`",
    ]  # fmt: skip


LONGER = "持ち場を離れてよそへ移り、荷を降ろして、落ち着いたらあとで元の持ち場に戻ること。"


def test_rules_that_are_off(tmp_path: Path) -> None:
    text = f"- 待避: {LONGER}\n\n## 二\n\n- 待避: {LONGER[:26]}こと。\n"
    make_project(tmp_path, {"a.md": text, "techstock.toml": ""})
    why = "the same term, with definitions that overlap"
    assert list_verdicts(tmp_path, "a.md:1") == [f"reported by duplicate-term (warning): {why}"]
    assert list_verdicts(tmp_path, "a.md:1", "--config", "rules.duplicate-term.level='off'") == [
        f"not reported, for duplicate-term is off: {why}"
    ]


TWICE = "- {}: 新しい要求を受けず、いまの仕事{}終えてから{}止まること。台はそのあとで手放す。\n"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (("待避", "を", ""), ("待避の動き", "は", ""), "reported by near-duplicate (warning): nearly the same"),
        (("待避", "を", " 30 秒で"), ("待避の動き", "を", " 90 秒で"),
         "each has a number that the other has not"),
        (("待避", "を", "必ず"), ("待避の動き", "を", "決して使わずに"),
         "one of them has more negations"),
        (("待避", "を", ""), ("船を港へ移す", "だけは残さず", "すぐに"), ", and near-duplicate takes 0.6"),
    ],
)  # fmt: skip
def test_near(tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...], said: str) -> None:
    files = {"a.md": TWICE.format(*first), "b.md": TWICE.format(*second)}
    make_project(tmp_path, files | {"techstock.toml": 'rules.near-duplicate.level = "warning"'})
    [verdict] = list_verdicts(tmp_path, "a.md:1")
    assert said in verdict


def test_near_is_off(tmp_path: Path) -> None:
    files = {"a.md": TWICE.format("待避", "を", ""), "b.md": TWICE.format("待避の動き", "は", "")}
    make_project(tmp_path, files | {"techstock.toml": ""})
    [verdict] = list_verdicts(tmp_path, "a.md:1", "--config", "rules.near-duplicate.level='off'")
    assert verdict.startswith("not reported, for near-duplicate is off: ")


def test_a_copied_block(tmp_path: Path) -> None:
    block = "- 待避:\n  - 新しい要求をまったく受けないようにする。\n  - 受けた仕事はかならず終わらせる。\n"
    make_project(tmp_path, {"a.md": f"{block}\n## 二\n\n{block}", "techstock.toml": ""})
    assert list_verdicts(tmp_path, "a.md:1") == [BOTH]
    assert list_verdicts(tmp_path, "a.md:8") == [
        "reported by duplicate-definition (warning): part of a block that is in both places, here from line 7 on"
    ]


def test_a_copied_file(tmp_path: Path) -> None:
    text = "".join(f"- 用語{n}: これは{'一二三四五六'[n]}つ目の用語の説明として書いた文である。\n" for n in range(6))
    make_project(tmp_path, {"a.md": text, "b.md": text, "techstock.toml": ""})
    copied, *others = list_verdicts(tmp_path, "a.md:1")
    assert copied == "reported by file-copy (warning): the same text; 100% of one note is in the other"
    assert [other for other in others if "file-copy" in other] == []
    assert others


def test_a_template(tmp_path: Path) -> None:
    text = "- 待避: 持ち場を離れて、落ち着いたらあとで戻ること。\n"
    make_project(tmp_path, {f"{n}.md": text for n in range(9)} | {"techstock.toml": ""})
    assert set(list_verdicts(tmp_path, "3.md:1")) == {
        "not reported: the same text; it is in 9 notes, so it is a template"
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["01-10.md:1"], "there is no entry on line 1 of `01-10.md`; the nearest begins on line 5"),
        (["01-10.md:11"], "there is no entry on line 11 of `01-10.md`; the nearest begin on lines 9 and 13"),
        (["01-10.md:900"], "there is no entry on line 900 of `01-10.md`; the nearest begins on line 16"),
        (["empty.md:1"], "there is no entry on line 1 of `empty.md`, nor on any other"),
        (["sjis.md:1"], "there is no entry on line 1 of `sjis.md`, which is not checked: "),
        (["01-10.md"], "`01-10.md` names no line; write PATH:LINE, as in `notes/01-10.md:16`"),
        (["01-10.md:x"], "`01-10.md:x` names no line; write PATH:LINE, as in `notes/01-10.md:16`"),
        ([], "`techstock explain` takes one entry, as PATH:LINE"),
        (["01-10.md:5", "01-10.md:6"], "`techstock explain` takes one entry, as PATH:LINE"),
        (["old:1"], "`old` is a folder; name a note"),
        (["missing.md:1"], "`missing.md` does not exist"),
        (["techstock.toml:1"], "`techstock.toml` is not checked: it is not a Markdown file"),
        (["--isolate", "01-10.md:5"], "there is no option `--isolate`, did you mean `--isolated`?"),
        (["--duplicate-scope", "x", "01-10.md:5"],
         '--duplicate-scope: `duplicate-scope` must be one of "file", "directory", "corpus", not "x"'),
    ],
)  # fmt: skip
def test_no_such_entry(tmp_path: Path, arguments: list[str], message: str) -> None:
    files = NOTES | {"empty.md": "本文だけ。\n", "sjis.md": "- 待避: 戻る\n".encode("cp932"), "old/x.md": "- 一\n"}
    done = run("explain", *arguments, cwd=make_project(tmp_path, files))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1


def test_notices_go_to_stderr_unless_quiet(tmp_path: Path) -> None:
    make_project(tmp_path, NOTES | {"pyproject.toml": "[tool.techstock]\n"})
    done = run("explain", "01-10.md:8", cwd=tmp_path)
    assert done.stdout == SENTENCE
    assert "pyproject.toml" in done.stderr
    assert run("explain", "-q", "01-10.md:8", cwd=tmp_path).stderr == ""


def test_no_row_is_wider_than_80_columns(tmp_path: Path) -> None:
    from techstock.text.terminal_width import display_width

    long = "とても長い用語" * 8
    text = f"- {long}:\n  - `{'x' * 200}`。{'これは長い文である。' * 20}\n"
    folder = "深い場所/" * 12
    make_project(tmp_path, {f"{folder}a.md": f"{text}\n## 二\n\n{text}", "techstock.toml": ""})
    rows = run("explain", f"{folder}a.md:2", "--root", ".", cwd=tmp_path).stdout.split("\n")
    wide = [row for row in rows if display_width(row) > 80]
    assert all(row.removeprefix("1. ").startswith(folder) for row in wide)  # a path is never cut
    assert len(wide) <= 2 < len(rows)
