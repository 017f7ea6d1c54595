"""No fix of any rule changes what is no prose: front matter, formulas, code, HTML, targets, labels and templates."""

from collections.abc import Iterable

import pytest

from tests.support import list_fixable_rules, run_rule

SLIPS = {
    "hidden-character": ("学習\u2f64", "か\u3099く", "A\u200bB"),
    "control-character": ("A\x08B", "\u202eA"),
    "colon-style": ("- 待避：状態", "- 待避 : 状態"),
    "term-variant": ("サーバ",),
    "emphasis-unrendered": ("**強い。**次",),
    "marker-space": ("-\u3000甲", "##\u3000乙", "##丙"),
    "section-number-format": ("## ０２．",),
    "marker-width": ("＃＃ 乙", "－ 甲"),
    "marker-indent": ("\u3000- 甲", "\u00a0## 乙"),
    "marker-task": ("- [x]甲", "- ［ ］ 甲"),
    "image-unrendered": ("![図](画面 1.png)", "！[図](b.png)", "![図] (b.png", "![図]（b.png）"),
    "link-unrendered": ("[復旧](復旧 手順.md)", "[復旧]（b.md）", "[復旧] (b.md)", "[復旧](b.md"),
    "image-case": ("![図](B.png)",),
    "image-encoding": ("![図](images%2Fb.png)",),
    "image-path": ("![図](images\\b.png)",),
    "image-unicode-form": ("![図](か\u3099.png)",),
    "link-missing": ("[復旧](B.md)",),
}
BESIDE = ("b.md", "b.png", "images/b.png", "画面 1.png", "復旧 手順.md", "\u304c.png")
# These change space and marks of blocks, a target or a comment, which is what they are about.
STRUCTURAL = {
    "link-extension",
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
    "wiki link": "[[@]] と [[a#@|x]]",
    "embed": "![[@.png]]",
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
    "formula between backslashes": "文 \\(@\\) 文",
    "long formula between backslashes": "\\[\n@\n\\]",
    "variable": "文 ${@} 文",
}
REST = (
    "\n- サーバー: 一つのサーバー、二つのサーバー、三つのサーバー。\n- 復旧: 再び。\n- 再開: 続き。\n\n"
    "## 1.\n\nx\n\n## 2.\n\nx\n\n## 3.\n\nx\n"
)


NAMES = {
    "label": "文[^@]。\n\n[^@]: 注。",
    "block id": "文。 ^@",
}
TAGS = {
    "tag": "文 #題/@ 文",
    "tag alone": "#題-@",
    "tags in an entry": "- 甲: #題 #@",
    "tag in parentheses": "文（#題/@）",
}
LINKS = {rule for rule in SLIPS if rule.startswith(("image", "link"))}  # no name holds their brackets
IN_ONE_WORD = {
    "URL": "文 https://example.org/@ 文",
    "URL alone": "https://example.org/a?q=@",
    "target with a sign": "![図](@.png)",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("rule", SLIPS)
def test_no_fix_touches_it(rule: str, place: str) -> None:
    check_untouched(rule, place, SLIPS[rule])


@pytest.mark.parametrize("place", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("rule", sorted(SLIPS.keys() - LINKS))
def test_no_fix_touches_a_name(rule: str, place: str) -> None:
    check_untouched(rule, place, SLIPS[rule])


@pytest.mark.parametrize("place", TAGS.values(), ids=TAGS)
@pytest.mark.parametrize("rule", ["hidden-character", "control-character", "term-variant"])
def test_no_fix_touches_a_tag(rule: str, place: str) -> None:
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
        for one in run_rule(rule, {"a.md": text}, ("a.md", *BESIDE)):
            edits = one.problem.fix.edits if one.problem.fix else ()
            touched = [e for e in edits if e.place.start < end and start < max(e.place.end, e.place.start + 1)]
            assert touched == [], (slip, one.problem)


@pytest.mark.parametrize(
    "text",
    ["顔\\(文 @\n\n顔\\)文", "\\[甲\n\n文 @\n\n乙\\]", "\\\\(文 @\\)", "# @", "==@==", "#題 @", "[[甲] @ [乙]]"],
    ids=["two smileys", "two brackets", "a backslash", "heading", "highlight", "behind a tag", "brackets"],
)
def test_it_is_fixed_in_prose_beside_such_signs(text: str) -> None:
    [one] = run_rule("hidden-character", {"a.md": text.replace("@", "学習\u2f64")})
    assert one.problem.fix


def test_every_rule_that_writes_words_is_tried() -> None:
    assert list_fixable_rules() == SLIPS.keys() | STRUCTURAL


@pytest.mark.parametrize("rule", SLIPS)
def test_the_same_slip_in_prose_is_fixed(rule: str) -> None:
    """What the test above is worth."""
    for slip in SLIPS[rule]:
        prose = slip if slip.startswith(("-", "#", "＃", "－", "\u3000", "\u00a0")) else f"文 {slip} 文"
        text = "- サーバー: 別の物。\n\n## 0.\n\n" + prose + "\n" + REST
        found = [one.problem.fix for one in run_rule(rule, {"a.md": text}, ("a.md", *BESIDE))]
        assert any(found), slip
