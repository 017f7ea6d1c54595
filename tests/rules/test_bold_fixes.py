"""The safe fixes of `emphasis-unrendered` make bold what was meant and nothing else, for both renderers."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.fix.fix_loop import fix_corpus
from techstock.model import Diagnostic
from tests.code_metrics import loaded_modules
from tests.corpora.collections import find_collections
from tests.harm.judge import judge_bold
from tests.parse.test_github import read_archive, read_folder
from tests.support import apply_every_fix, get_texts, make_corpus, run_every_rule, run_rule

RULE, PATH = "emphasis-unrendered", "note.md"
COLLECTIONS = find_collections(Path(os.environ.get("TECHSTOCK_COLLECTIONS", "") or "/none"))


def list_safe_fixes(text: str) -> list[Diagnostic]:
    return [one for one in run_rule(RULE, {PATH: text}) if one.problem.fix and one.problem.fix.safe]


def list_harm(text: str) -> list[str]:
    """Return what is bold after each safe fix and was not meant, or is not bold any more."""
    return [
        harm
        for one in list_safe_fixes(text)
        for harm in judge_bold(text, apply_every_fix({PATH: text}, [one])[PATH], one.problem.place.extract_from(text))
    ]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("**強い。**次", "**強い**。次"),
        ("- **注意：**復旧を待つ", "- **注意**：復旧を待つ"),
        ("**甲**と**乙：**丙", "**甲**と**乙**：丙"),
        ("**い。** **う。**え", "**い。** **う**。え"),
        ("**「甲」は。**次", "**「甲」は**。次"),
        ("→**い。**う", "→**い**。う"),
        ("[**い。**う](x.md)", "[**い**。う](x.md)"),
        ("`**`**い。**う", "`**`**い**。う"),
        ("| **い。**う | a |\n|---|---|", "| **い**。う | a |\n|---|---|"),
        ("> - **い。**う", "> - **い**。う"),
        ("**手順 8: **", "**手順 8:**"),
        ("**待避 **です", "**待避** です"),
        ("- ** 待避**です", "- **待避**です"),
        ("甲** 待避 **です", None),
        ("**手順\u3000**を", "**手順**\u3000を"),
        ("**い ** \nう", "**い** \nう"),
    ],
)
def test_safe_fixes(text: str, fixed: str | None) -> None:
    found = list_safe_fixes(f"{text}\n")
    assert [apply_every_fix({PATH: f"{text}\n"}, [one])[PATH] for one in found] == ([f"{fixed}\n"] if fixed else [])
    assert list_harm(f"{text}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "- **注意：**これは**重要：**です。",
        "**い。**う **え お",
        "*a **い。**う",
        "**い。**う_え",
        "***い。***う",
        "この**「甲」は。**次",
        "→**→い。**う",
        "[**い。](x.md)**う",
        "https://a.example/**い。**う",
        "**https://a.example/い。**う",
        "## **い。**う",
        "**い。**う" + "長" * 4000,
    ],
)
def test_fixes_that_are_not_sure(text: str) -> None:
    assert run_rule(RULE, {PATH: f"{text}\n"})
    assert list_safe_fixes(f"{text}\n") == []


@given(st.text(st.sampled_from("待避a1 *****。「」.)(:>→~_[]`|\u3000\n"), min_size=6, max_size=24))
def test_both_renderers_agree_on_every_safe_fix(text: str) -> None:
    assert list_harm(text) == []


@given(
    st.lists(
        st.sampled_from(["**", "**", "待避", "。", "：", "「甲」", " ", "→", "a", "`**`", "[x](y.md)", "\n"]),
        min_size=4,
        max_size=14,
    ).map("".join)
)
def test_every_safe_fix_is_applied(text: str) -> None:
    """What is offered as safe is not refused when it is rendered."""
    offered = list_safe_fixes(text)
    outcome = fix_corpus(
        make_corpus({PATH: text}), lambda corpus: [one for one in run_every_rule(corpus) if one.rule == RULE]
    )
    assert not outcome.refused
    assert bool(offered) == bool(outcome.fixed)


def test_punctuation_and_another_slip_are_fixed_together() -> None:
    files = {PATH: "- **強い。**次\n-\u3000**弱い。**次\n"}
    outcome = fix_corpus(make_corpus(files), run_every_rule)
    assert get_texts(outcome.corpus)[PATH] == "- **強い**。次\n- **弱い**。次\n"


def test_lint_renders_nothing_for_a_safe_fix(tmp_path: Path) -> None:
    (tmp_path / "techstock.toml").touch()
    (tmp_path / "a.md").write_text("- **強い。**次\n", "utf-8")
    modules, rules = loaded_modules("lint", "--quiet", "--no-cache", str(tmp_path / "a.md"))
    assert "techstock.rules.emphasis_unrendered" in rules
    assert "techstock.parse.render" not in modules


@pytest.mark.collections
@pytest.mark.no_cover
@pytest.mark.parametrize("name", COLLECTIONS)
def test_safe_fixes_of_all_notes(name: str) -> None:
    source = COLLECTIONS[name]
    if source.name.endswith(".gz"):
        notes = list(read_archive(source))
    else:
        notes = list(read_folder(source, 10**9)) if source.is_dir() else [(name, source.read_text("utf-8"))]
    assert {path: harm for path, text in notes if "**" in text and (harm := list_harm(text))} == {}
