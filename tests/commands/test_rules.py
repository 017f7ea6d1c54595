"""`techstock rules`: the list, and the pages."""

import json
import re
from collections.abc import Iterator

import pytest
from wcwidth import wcswidth

from techstock import registry
from techstock.cli import main
from techstock.commands.rules import find_fix_safety, format_rule_list, format_rule_page, render_page
from techstock.model import Corpus, Edit, Fix, Note, Problem, Span
from techstock.registry import Rule

PAGE = """The law of this rule{more}.

```markdown bad
a text
```
"""


def make_fixing_rule(name: str, fix: Fix | None, more: str = "", whole: bool = False) -> Rule:
    def check(subject: Note | Corpus) -> Iterator[Problem]:
        if isinstance(subject, Corpus) or subject.text.startswith("a"):  # a fix must solve its problem
            yield Problem(Span(0, 1, "note.md"), "wrong", fix=fix)

    return Rule(name, "warning", PAGE.format(more=more).strip(), check, whole, {}, {})


EDIT = (Edit(Span(0, 1), ""),)
SAFE, UNSAFE = Fix("drop it", EDIT), Fix("drop it", EDIT, safe=False)
LIST = """\
RULE       LEVEL    FIX     CHECKS
apple      warning  safe    The law of this rule
plum-tree  warning  unsafe  The law of this rule, and 日本語 in it, which makes
                            it longer than one line
plum       warning  -       The law of this rule"""


def test_list() -> None:
    rules = [
        make_fixing_rule("apple", SAFE, whole=True),
        make_fixing_rule("plum-tree", UNSAFE, ", and 日本語 in it, which makes it longer than one line"),
        make_fixing_rule("plum", None),
    ]
    assert "\n".join(format_rule_list(rules)) == LIST


def test_fixable_is_proven_by_the_examples() -> None:
    assert [find_fix_safety(make_fixing_rule("apple", fix)) for fix in (SAFE, UNSAFE, None)] == ["safe", "unsafe", ""]


def test_a_rule_with_safe_and_unsafe_fixes() -> None:
    marker = registry.load_rule("marker-space")
    assert (
        next(line for line in format_rule_page(marker) if line.startswith("Level"))
        == "Level: error. Fix: safe and unsafe."
    )
    assert list(format_rule_list([marker]))[1].split()[:3] == ["marker-space", "error", "mixed"]


def test_list_of_all_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.rstrip("\n").split("\n")
    named = [line.split()[0] for line in lines[1:] if not line.startswith(" ")]
    assert named == list(registry.list_rule_names())
    assert max(wcswidth(line) for line in lines) <= 80


def test_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "section-number-gap"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("section-number-gap\n\nLevel: off. Fix: none.\nOption: allow = []\n\n")
    assert "\nReported in 01-10.md:\n\n    ## 1.\n" in out
    assert err == ""


@pytest.mark.parametrize("name", registry.list_rule_names())
def test_pages_fit_a_terminal_and_lose_no_word(name: str) -> None:
    page = registry.load_rule(name).page
    rows = list(render_page(page))
    assert [row for row in rows if row.startswith("```")] == []
    assert [row for row in rows if wcswidth(row) > 80 and not row.startswith("|")] == []
    printed = "".join("".join(rows).split())
    prose = re.sub(r"(?ms)^(`{3,}).*?^\1$", "", page)
    assert [text for text in prose.split("\n\n") if "".join(text.split()) not in printed] == []


def test_globs_and_several_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "image-un*", "marker-space"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:] if not line.startswith(" ")]
    assert names == [
        name for name in registry.list_rule_names() if name.startswith("image-un") or name == "marker-space"
    ]


def test_rules_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [rule["name"] for rule in found] == list(registry.list_rule_names())
    [gap] = [rule for rule in found if rule["name"] == "section-number-gap"]
    assert (gap["level"], gap["fix"], gap["options"]) == ("off", None, {"allow": []})
    assert gap["page"] == registry.load_rule("section-number-gap").page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["section-number-gab"], "there is no rule `section-number-gab`, did you mean `section-number-gap`?"),
        (["zzz-*"], "there is no rule `zzz-*`"),
        (["--format", "xml"], "--format: there is no format `xml`"),
        (["--zzz"], "there is no option `--zzz`"),
    ],
)
def test_wrong_use(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["rules", *arguments]) == 2
    assert capsys.readouterr() == ("", f"error: {message}\n")


def test_the_list_fits_two_screens(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) <= 78
    assert max(map(len, rows)) <= 80
