"""A fix that changes a heading changes the links to it in all notes, or is not applied."""

from collections.abc import Iterable

import pytest

from techstock.engine import diagnose
from techstock.fix.fix_loop import FixOutcome, fix_corpus
from techstock.model import Corpus, Diagnostic
from tests.fix.support import list_destinations
from tests.support import get_texts, make_corpus, plan_rules, run_every_rule

RULES = ("marker-space", "hidden-character", "section-number-format", "heading-swallowed", "section-number-level")
RADICAL = "# 題\n\n## 学習\u2f64データ\n\n文。\n"
LINKS = {
    "inline": "[x](a.md#学習データ)",
    "title": '[x](<a.md#学習データ> "題")',
    "encoded": "[x](a.md#%E5%AD%A6%E7%BF%92%E3%83%87%E3%83%BC%E3%82%BF)",
    "reference": "[x][r] と [r]\n\n[r]: a.md#学習データ",
    "html": '<a href="a.md#学習データ">x</a>',
    "html block": '<div><a href="a.md#学習データ">x</a></div>',
    "entity": '<a href="a.md&#35;学習データ">x</a> [x](a.md#学習データ)',
    "wiki": "[[a#学習\u2f64データ]]",
    "wiki text": "[[a#学習\u2f64データ|x]]",
    "wiki path": "[[a#題#学習\u2f64データ]]",
    "embed": "![[a#学習\u2f64データ]]",
    "table": "| a |\n|---|\n| [x](a.md#学習データ) [[a#学習\u2f64データ\\|x]] |",
    "prefix": "[x](./a.md#user-content-学習データ)",
    "list": "- 甲: [x](a.md#学習データ)\n  - > [y](a.md#学習データ)",
    "comment": '<!-- techstock: ignore duplicate-term with="a.md#学習\u2f64データ" -->\n文。',
}


def fix_note_a(files: dict[str, str], unsafe: bool = True, scope: Iterable[str] | None = None) -> FixOutcome:
    """Fix what is wrong in `a.md`, with links in any note."""

    def check(corpus: Corpus) -> list[Diagnostic]:
        return [one for one in diagnose(corpus, plan_rules(RULES)) if one.problem.place.path == "a.md"]

    return fix_corpus(make_corpus(files, beside=files), check, unsafe=unsafe, scope=None if scope is None else {*scope})


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("link", [link for name, link in LINKS.items() if name != "entity"])
def test_links_of_every_form_follow_a_heading(link: str, ends: str) -> None:
    files = {path: text.replace("\n", ends) for path, text in {"a.md": RADICAL, "b.md": f"{link}\n"}.items()}
    before = list_destinations(files)
    assert before
    assert all(part == 1 for *_, part in before)
    outcome = fix_note_a(files)
    texts = get_texts(outcome.corpus)
    assert texts["a.md"] == files["a.md"].replace("\u2f64", "用")
    assert list_destinations(texts) == before
    assert outcome.linked == ()
    assert [set(group) for group in outcome.groups] == [{"a.md", "b.md"}]


def test_links_in_footnotes_follow_a_heading() -> None:
    notes = "[^1]: [x](a.md#学習データ)\n[^2]: 節の[x](a.md#学習データ)\n"
    files = {"a.md": RADICAL, "b.md": f"文[^1]と文[^2]、また[^1]。\n\n{notes}"}
    outcome = fix_note_a(files)
    assert outcome.corpus.by_path["b.md"].text == files["b.md"].replace("学習データ", "学習用データ")
    assert fix_note_a(files, scope=["a.md"]).linked[0].outside == ("b.md",)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("## 待避\n\n##\u3000待避\n\n## 待避\n", "## 待避\n\n## 待避\n\n## 待避\n"),
        ("## 1.\n\na\n\n## 02.\n\nb\n\n## 3.\n\nc\n", "## 1.\n\na\n\n## 2.\n\nb\n\n## 3.\n\nc\n"),
        ("## か\u3099く\n\n## か\u3099く\n", "## がく\n\n## がく\n"),
        ("か\u3099く\n---\n", "がく\n---\n"),
        ("## A\u200bB\n\n## AB\n", "## AB\n\n## AB\n"),
        ("## a\n\n- x\n\n  ## a\n\n## a\n", "## a\n\n- x\n\n## a\n\n## a\n"),
        ("## 1. a\n\nx\n\n### 2. b\n\nx\n\n## 3. c\n\nx\n\n## 4. d\n", None),
    ],
    ids=["one more heading", "number", "NFD", "setext", "two become one", "swallowed", "level"],
)
def test_every_heading_keeps_its_links(text: str, fixed: str | None) -> None:
    anchors = ("待避", "待避-1", "02", "1", "3", "かく", "か\u3099く", "か\u3099く-1", "ab", "a", "a-1", "a-2", "2-b")
    files = {"a.md": text, "b.md": "".join(f"[x](a.md#{name}) [[a#{name}]]\n" for name in anchors)}
    before = list_destinations(files)
    texts = get_texts(fix_note_a(files).corpus)
    assert texts["a.md"] != text
    assert fixed is None or texts["a.md"] == fixed
    moved: dict[int | str | None, int] = {1: 2} if "\u3000" in text else {}  # it is the third heading now
    assert list_destinations(texts) == [(home, path, moved.get(part, part)) for home, path, part in before]


@pytest.mark.parametrize(
    "link",
    [
        "[乙](A.md#学習データ)",
        "[乙](a#学習データ)",
        "[乙]（a.md#学習データ）",
        "[乙] (a.md#学習データ)",
        "[乙](a.md#学習データ",
    ],
)
@pytest.mark.parametrize("home", ["a.md", "b.md"])
def test_a_link_that_a_fix_makes_follows_too(home: str, link: str) -> None:
    contents = " ".join(f"[{number}](a.md)" for number in range(10))
    files = {"a.md": RADICAL, "b.md": f"# 乙\n\n{contents}\n"}
    files[home] += f"\n{link}\n"
    outcome = fix_corpus(make_corpus(files, beside=files), run_every_rule, unsafe=True)
    assert outcome.linked == ()
    assert "## 学習用データ" in get_texts(outcome.corpus)["a.md"]
    assert "[乙](a.md#学習用データ)" in get_texts(outcome.corpus)[home]


def test_links_within_the_note_follow_too() -> None:
    text = RADICAL + "\n[x](#学習データ) [y](a.md#学習データ) [[#学習\u2f64データ]]\n"
    texts = get_texts(fix_note_a({"a.md": text}).corpus)
    assert list_destinations(texts) == list_destinations({"a.md": text})


def test_a_link_that_cannot_follow_stops_the_fix() -> None:
    files = {"a.md": RADICAL, "b.md": LINKS["entity"] + "\n"}
    outcome = fix_note_a(files)
    assert get_texts(outcome.corpus) == files
    [linked] = outcome.linked
    assert [place.path for place in linked.links] == ["b.md"]
    assert linked.outside == ()


def test_a_fix_that_breaks_no_link_is_applied_beside_one_that_does() -> None:
    files = {"a.md": f"{RADICAL}\n## か\u3099く\n\n- か\u3099く\n", "b.md": LINKS["entity"] + "\n"}
    outcome = fix_note_a(files)
    assert get_texts(outcome.corpus)["a.md"] == f"{RADICAL}\n## がく\n\n- がく\n"
    assert len(outcome.linked) == 1


def test_nothing_outside_of_the_scope_is_written() -> None:
    files = {"a.md": RADICAL, "b.md": "[x](a.md#学習データ)\n", "c.md": "[x](b.md)\n"}
    outcome = fix_note_a(files, scope=["a.md", "c.md"])
    assert get_texts(outcome.corpus) == files
    [linked] = outcome.linked
    assert linked.outside == ("b.md",)
    assert fix_note_a(files, scope=["a.md", "b.md"]).linked == ()


def test_links_to_what_unsafe_fixes_change_are_named() -> None:
    web = "[x](https://example.org/a#b) <https://example.org>"
    files = {"a.md": RADICAL, "b.md": f"文\n[x](a.md#学習データ) {web}\n", "c.md": "[x](a.md)\n"}
    outcome = fix_note_a(files, unsafe=False)
    assert get_texts(outcome.corpus) == files
    assert {path: [place.path for place in places] for path, places in outcome.waiting.items()} == {"a.md": ["b.md"]}
