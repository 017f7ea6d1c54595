"""No fix of any rule changes what is no prose: front matter, formulas, code, HTML, targets, labels and templates."""

from collections.abc import Iterable

import pytest

from techstock import registry
from tests.support import TESTS, run_rule

SLIPS = {
    "hidden-character": ("学習\u2f64", "か\u3099く", "A\u200bB"),
    "control-character": ("A\x08B", "\u202eA"),
    "colon-style": ("- 待避：状態", "- 待避 : 状態"),
    "term-variant": ("サーバ",),
    "emphasis-unrendered": ("**強い。**次",),
    "marker-space": ("-\u3000甲", "##\u3000乙", "##丙"),
    "section-number-format": ("## ０２．",),
}
# These change space and marks of blocks, a target or a comment, which is what they are about.
STRUCTURAL = {
    "link-extension",
    "marker-indent",
    "marker-task",
    "marker-width",
    "definition-misplaced",
    "fence-broken",
    "heading-swallowed",
    "image-moved",
    "image-swallowed",
    "section-number-level",
    "unused-ignore",
}
PLACES = {
    "front matter": "---\ntitle: @\n---\n",
    "front matter, many lines": "---\ntitle: |\n@\n---\n",
    "formula": "文 $@$ 文",
    "formula of its own": "$$\n@\n$$",
    "formula in one line": "文 $$@$$ 文",
    "formula with backticks": "文 $`@`$ 文",
    "formula in a fence": "```math\n@\n```",
    "code": "文 `@` 文",
    "code in two lines": "文 ``a\nb @`` 文",
    "fence": "```\n@\n```",
    "longer fence": "````md\n```\n@\n```\n````",
    "indented code": "文\n\n    @\n",
    "attribute": '文 <b title="@">太字</b>',
    "HTML": "<div>\n@\n</div>",
    "HTML, verbatim": "<pre>\n@\n</pre>",
    "comment": "<!-- @ -->",
    "long comment": "<!--\n@\n-->",
    "target": "[x](<@.md>)",
    "image": "![x](<@.png>)",
    "definition": "[x][r]\n\n[r]: <@.md>",
    "label": "文[^@]。\n\n[^@]: 注。",
    "wiki link": "[[@]] と [[a#@|x]]",
    "embed": "![[@.png]]",
    "block id": "文。 ^@",
    "comment of Obsidian": "文 %%@%% 文",
    "long comment of Obsidian": "%%\n@\n%%",
    "template": "文 {{ @ }} と {% @ %}",
    "long template": "{% x\n@\n%}",
    "raw template": "{% raw %}@{% endraw %}",
    "code in a template": "{%- highlight sh -%}\n@\n{%- endhighlight -%}",
    "template of Ruby": "文 <%= @ %> 文",
    "attributes": "文\n{: .@}",
    "attributes of a heading": "## 題 {#@}",
    "attributes of an image": "![図](x.png){width=@}",
    "environment": "\\begin{align}\n@\n\\end{align}",
    "formula beside letters": "文$@$文",
}
REST = (
    "\n- サーバー: 一つのサーバー、二つのサーバー、三つのサーバー。\n- 復旧: 再び。\n- 再開: 続き。\n\n"
    "## 1.\n\nx\n\n## 2.\n\nx\n\n## 3.\n\nx\n"
)


IN_ONE_WORD = {
    "URL": "文 https://example.org/@ 文",
    "URL alone": "https://example.org/a?q=@",
    "target with a sign": "![図](@.png)",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("rule", SLIPS)
def test_no_fix_touches_it(rule: str, place: str) -> None:
    check_untouched(rule, place, SLIPS[rule])


@pytest.mark.parametrize("place", IN_ONE_WORD.values(), ids=IN_ONE_WORD)
@pytest.mark.parametrize("rule", ["hidden-character", "control-character", "emphasis-unrendered", "term-variant"])
def test_no_fix_touches_a_target(rule: str, place: str) -> None:
    check_untouched(rule, place, SLIPS[rule])


def check_untouched(rule: str, place: str, slips: Iterable[str]) -> None:
    for slip in slips:
        held = place.replace("@", slip)
        text = f"{held}\n{REST}"
        first, _, last = place.partition("@")
        start, end = len(first), len(held) - len(last.rpartition("@")[2])
        for one in run_rule(rule, {"a.md": text}):
            edits = one.problem.fix.edits if one.problem.fix else ()
            touched = [e for e in edits if e.place.start < end and start < max(e.place.end, e.place.start + 1)]
            assert touched == [], (slip, one.problem)


def test_every_rule_that_writes_words_is_tried() -> None:
    fixable = {
        name
        for name in registry.list_rule_names()
        if "Fix(" in (TESTS.parent / "techstock" / "rules" / f"{name.replace('-', '_')}.py").read_text("utf-8")
    }
    assert fixable == SLIPS.keys() | STRUCTURAL


@pytest.mark.parametrize("rule", SLIPS)
def test_the_same_slip_in_prose_is_fixed(rule: str) -> None:
    """What the test above is worth."""
    for slip in SLIPS[rule]:
        prose = slip if slip.startswith(("-", "#")) else f"文 {slip} 文"
        text = "- サーバー: 別の物。\n\n## 0.\n\n" + prose + "\n" + REST
        found = [one.problem.fix for one in run_rule(rule, {"a.md": text})]
        assert any(found), slip
