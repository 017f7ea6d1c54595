"""Copies with formulas are not merged; dollar signs that make none do no harm."""

import pytest

from techstock.analysis.protected_text import find_formula
from techstock.merge import MergeError
from tests.merge.support import merge_entry
from tests.support import make_corpus

SENTENCE = "新しい要求を受けず、いまの仕事を終えてから止まること。"


def found(entry: str) -> str:
    note = make_corpus({"a.md": entry}).notes[0]
    return find_formula(note, note.entries[0].place)


@pytest.mark.parametrize(
    ("entry", "formula"),
    [
        ("- 畳み込み: $$[f * g](n) = \\sum f$$\n", "$$[f * g](n) = \\sum f$$"),
        ("- 畳み込み: $[f * g](n)$ である。\n", "$[f * g](n)$"),
        ("- 畳み込み: $![x](n)$ である。\n", "$![x](n)$"),
        ("- 畳み込み:$x$と$y$\n", "$x$"),
        ("- 畳み込み: $$ x $$\n", "$$ x $$"),
        ("- 畳み込み:\n  $$\n  x\n  $$\n", "$$ x $$"),
        ("- 畳み込み:\n\n  $$\n  x\n\n  y\n  $$\n", "$$ x y $$"),
        ("- 畳み込み: $x +\n  y$ である。\n", "$x + y$"),
        ("- 畳み込み: $`x`$ である。\n", "$`x`$"),
        ("- 畳み込み:\n  - 値: $x$\n", "$x$"),
        ("- 畳み込み:\n\n  ```math\n  x\n  ```\n", "math"),
        ("- 畳み込み:\n\n  ~~~ math 式\n  x\n  ~~~\n", "math"),
        ("- 畳み込み:\n\n  > ```math\n  > x\n  > ```\n", "math"),
        ("- 畳み込み:\n\n  |甲|乙|\n  |---|---|\n  |$x$|y|\n", "$x$"),
        ("- 畳み込み:\n\n  ### $x$\n", "$x$"),
        ("- 畳み込み:\n\n  <div>\n  $x$\n  </div>\n", "$x$"),
        ("- 畳み込み: <b>$x$</b> である。\n", "$x$"),
        ("- 値: $5 か $x$ である。\n", "$x$"),
        ("- 値: \\\\$x$ である。\n", "$x$"),
        ("- 値: $x\\$y$ である。\n", "$x\\$y$"),
        ("- $x$: 値である。\n", "$x$"),
    ],
)
def test_formulas(entry: str, formula: str) -> None:
    assert found(entry) == formula


@pytest.mark.parametrize(
    "entry",
    [
        "- 料金: $5\n",
        "- 料金: $5 から $10 まで。\n",
        "- 料金: $5、次の月から$10。\n",
        "- 料金: US$5 と US$6。\n",
        "- 料金: 5$ と 6$。\n",
        "- 変数: $HOME と $PATH を読む。\n",
        "- 変数: $ x $ と書く。\n",
        "- 変数: `$x$` と `$$` と `$y` を読む。\n",
        "- 変数: \\$x\\$ と書く。\n",
        "- 変数: \\$x$ と書く。\n",
        "- 番号: $$ は自分の番号。\n",
        "- 変数:\n\n  ```sh\n  echo $x$ $$ $$\n  ```\n",
        "- 変数:\n\n      echo $x$\n",
        "- 変数: [題](x.md?$a$b) を見る。\n",
        "- 変数: <https://example.org/$a$> を見る。\n",
        "- 変数: <a href='$a$'>題</a> を見る。\n",
        "- 変数: 値。 <!-- $x$ -->\n\n  <!-- $x$ -->\n",
        "- 値: $5\n\n  次の段落の6$。\n",
        "- 値:\n  - 甲: $5\n  - 乙: 6$。\n",
        "- 値:\n\n  |甲|乙|\n  |---|---|\n  |$5|6$|\n",
        "- 値\n\n$x$\n",
    ],
)
def test_dollar_signs_that_make_none(entry: str) -> None:
    assert found(entry) == ""


@pytest.mark.parametrize("keep", [1, 2])
def test_copies_with_a_formula_are_not_merged(keep: int) -> None:
    files = {
        "a.md": f"## 1.\n\n- 待避: {SENTENCE}\n",
        "s/b.md": f"## 2.\n\n- 待避: {SENTENCE}$$[f * g](n) = \\sum f$$\n",
    }
    with pytest.raises(MergeError) as error:
        merge_entry(files, "a.md", 3, keep)
    assert str(error.value) == (
        "the copy at `s/b.md:3` holds a formula, `$$[f * g](n) = \\sum f$$`, which a merge may break; "
        "merge these by hand"
    )


def test_copies_with_prices_are_merged() -> None:
    files = {
        "a.md": f"## 1.\n\n- 待避: {SENTENCE}\n",
        "b.md": f"## 2.\n\n- 待避: {SENTENCE}月に $5 から $10 かかる。\n",
    }
    assert merge_entry(files, "a.md", 3, keep=1)[1]["a.md"] == f"## 1.\n\n- 待避: {SENTENCE}月に $5 から $10 かかる。\n"
