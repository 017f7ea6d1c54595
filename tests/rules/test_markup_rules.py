"""The rules on markup where fences cannot hold the case: invisible characters, line ends, exact places, fixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from techstock.model import Note, ReadFailure, Span
from techstock.parse import parse
from techstock.rules import note_unreadable
from tests.support import apply_every_fix, run_rule

PATH = "note.md"
MARKUP = (
    "marker-space",
    "heading-swallowed",
    "image-swallowed",
    "fence-broken",
    "emphasis-unrendered",
    "control-character",
    "conflict-marker",
    "note-unreadable",
    "hidden-character",
)


def list_marked(rule: str, text: str) -> list[str]:
    return [diagnostic.problem.place.extract_from(text) for diagnostic in run_rule(rule, {PATH: text})]


def list_messages(rule: str, text: str) -> list[str]:
    return [diagnostic.problem.message for diagnostic in run_rule(rule, {PATH: text})]


def after_fix(rule: str, text: str, *, safe: bool = False) -> str:
    """The text with every fix of one rule, or every safe one, applied."""
    found = run_rule(rule, {PATH: text})
    wanted = [d for d in found if d.problem.fix and (d.problem.fix.safe or not safe)]
    return apply_every_fix({PATH: text}, wanted)[PATH]


def html(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))


@pytest.mark.parametrize(
    ("rule", "text", "places"),
    [
        ("marker-space", "- a\n-\u3000 b\n", ["-\u3000 "]),
        ("marker-space", "##\u00a076.\n", ["##\u00a0"]),
        ("marker-space", "- あ\n-い\n- う\n", ["-"]),
        ("marker-space", "10.\u2003あ\n11.\u202fい\n", ["10.\u2003", "11.\u202f"]),
        ("heading-swallowed", "## 1.\n\n- a\n\n  ## 2. b\n", ["## 2. b"]),
        ("heading-swallowed", "<div>\n  ## b  \n</div>\n", ["## b  "]),
        ("heading-swallowed", "![](a.png)## b\n続き\n", ["## b"]),
        ("heading-swallowed", "a\n     ## b\n", ["## b"]),
        ("image-swallowed", "<img src=a>\n  ![x](y)\n", ["![x](y)"]),
        ("fence-broken", "- ```sh \n  a\n", ["```sh"]),
        ("fence-broken", "```\n ``` b \n```\n", ["``` b"]),
        ("fence-broken", "````  {\n}\n````\n", ["{"]),
        ("emphasis-unrendered", "あ **い。**う\n", ["**い。**"]),
        ("control-character", "a\x00\x01b\x02\n\x03", ["\x00\x01", "\x03"]),
        ("conflict-marker", "<<<<<<< a \n=======\n>>>>>>> b\n", ["<<<<<<< a"]),
        ("hidden-character", "あ\u200bい\u200bう\n", ["\u200b"]),
        ("hidden-character", "あか\u3099は\u309aい\n", ["か\u3099"]),
    ],
)
def test_place_is_the_slip_and_no_more(rule: str, text: str, places: list[str]) -> None:
    assert list_marked(rule, text) == places
    windows = text.replace("\n", "\r\n")
    assert list_marked(rule, windows) == places
    assert list_marked(rule, f"\ufeff{windows}") == places


@pytest.mark.parametrize("rule", MARKUP)
def test_byte_order_mark_and_line_ends_are_no_slips(rule: str) -> None:
    assert list_marked(rule, "\ufeff# 待避\r\n\r\n- a:\tb\r\n- c\r- d\r\n") == []


def test_old_mac_line_ends() -> None:
    assert list_marked("conflict-marker", "a\r<<<<<<< HEAD\rb\r") == ["<<<<<<< HEAD"]
    assert list_marked("marker-space", "- a\r-\u3000b\r") == ["-\u3000"]
    assert len(list_marked("heading-swallowed", "<div>\r## a\r</div>\r")) == 1


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("marker-space", "- a\r\n-\u3000 b\r\n", "- a\r\n- b\r\n"),
        ("marker-space", "- あ\n-い\n-う\n- え\n", "- あ\n- い\n- う\n- え\n"),
        ("marker-space", "##見出し\n", "## 見出し\n"),
        ("heading-swallowed", "## 1.\n\n- a\n\n  ## 2.\n", "## 1.\n\n- a\n\n## 2.\n"),
        ("heading-swallowed", "<img src=a># b\n", "<img src=a>\n\n# b\n"),
        ("image-swallowed", "- <img src=a>\n  ![x](y)\n", "- <img src=a>\n\n  ![x](y)\n"),
        ("fence-broken", "- ```Resources:\n  A:\n  ```\n", "- ```\n  Resources:\n  A:\n  ```\n"),
        ("emphasis-unrendered", "**い。**う、**え！**お\n", "**い**。う、**え**！お\n"),
        ("control-character", "a\x08b\x1b[0m\n", "ab[0m\n"),
        ("hidden-character", "⼈⼯\u200bか\u3099\n", "人工が\n"),
        ("hidden-character", "\u1112\u1161\u11ab Cafe\u0301\n", "한 Café\n"),
    ],
)
def test_fix_gives_what_was_meant(rule: str, text: str, expected: str) -> None:
    assert after_fix(rule, text) == expected
    assert list_marked(rule, expected) == []


@pytest.mark.parametrize(
    "text", ["> ```{\n> }\n> ```\n", "<p>![x](y)</p>\n", "\x0c\n", "- ![](a)## b\n", "これを**「い」**と\n"]
)
def test_no_fix_where_it_could_break_something(text: str) -> None:
    rules = ("fence-broken", "image-swallowed", "control-character", "heading-swallowed", "emphasis-unrendered")
    found = [d for rule in rules for d in run_rule(rule, {PATH: text})]
    assert len(found) == 1
    assert found[0].problem.fix is None


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 ⚪\ufe0e ⚠\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष",
        "ภาษา\u200bไทย",
        "עברית\u200f!",
        "葛\U000e0100",
        "か\u309a q\u0303",
        "`か\u3099\u200b` <b title='か\u3099'> <https://a.example/か\u3099>",
        "[か\u3099]\n\n[か\u3099]: https://a.example",
        "---\ntitle: か\u3099\n---",
    ],
)
def test_characters_that_are_meant(text: str) -> None:
    assert list_marked("hidden-character", text + "\n") == []


@pytest.mark.parametrize("char", ["\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\ufeff", "\u00ad", "\U000e0041"])
def test_characters_without_width(char: str) -> None:
    (found,) = list_messages("hidden-character", f"待{char}避{char}\n")
    assert f"U+{ord(char):04X}" in found
    assert "1 more here" in found


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("待\u200b避", True),
        ("待 \u200b\u200b 避", True),
        ("\u200b# 待避", False),
        ("@\u200breview", False),
        ("*\u200b*a**", False),
        ("> \u200b\t待避", False),
        ("待避 \u200b", False),
        ("- \u200b - 待避", False),
        ("待a\u200bhttps://example.org", False),
    ],
)
def test_deleting_is_safe_only_where_no_markup_depends_on_it(text: str, safe: bool) -> None:
    (found,) = run_rule("hidden-character", {PATH: text})
    assert found.problem.fix is not None
    assert found.problem.fix.safe is safe


def test_bare_urls_are_left_alone() -> None:
    (found,) = run_rule("hidden-character", {PATH: "https://example.org/\u200b待避"})
    assert found.problem.fix is None
    assert list_marked("hidden-character", "か\u3099 https://example.org/か\u3099 か\u3099\n") == ["か\u3099"]
    assert list_marked("hidden-character", "www.example.org/か\u3099\n") == []


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("https://example.org。⼈間\n", False),
        ("https://example.org 。⼈間\n", True),
        ("[待避](https://example.org)⼈間\n", True),
    ],
)
def test_what_github_takes_for_the_end_of_a_url_is_not_changed_safely(text: str, safe: bool) -> None:
    (found,) = run_rule("hidden-character", {PATH: text})
    assert found.problem.fix is not None
    assert found.problem.fix.safe is safe


@pytest.mark.parametrize(
    ("behind", "safe"), [("い", True), ("[い](u)", True), ("[い]: u", None), ("<img src=a>", False)]
)
def test_a_marker_is_put_right_safely_where_no_text_can_vanish(behind: str, safe: bool | None) -> None:
    [found] = run_rule("marker-space", {PATH: f"- あ\n-\u3000{behind}\n"})
    assert (found.problem.fix.safe if found.problem.fix else None) is safe


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("**注意：**これは**重要：**です。\n", "**注意**：これは**重要**：です。\n"),
        ("**a。**b**c。**d\n", "**a**。b**c**。d\n"),
        ("**甲。**次**乙。**次**丙。**次\n", "**甲**。次**乙**。次**丙**。次\n"),
        ("~~**強い。**次~~ `**`\n", "~~**強い**。次~~ `**`\n"),
        ("| **甲。**次 |\n|---|\n", "| **甲**。次 |\n|---|\n"),
        ("**https://example.org/b。**次\n", None),
        ("**詳細はhttps://example.org/b参照。**次\n", None),
        ("**www.example.org/a。**次\n", None),
        ("**甲！？**次\n", None),
        ("**甲。**次**「乙」**次\n", None),
    ],
)
def test_the_fix_of_bold_text_makes_bold_what_was_meant(text: str, fixed: str | None) -> None:
    found = run_rule("emphasis-unrendered", {PATH: text})
    assert found
    fixes = [one for one in found if one.problem.fix]
    assert (apply_every_fix({PATH: text}, fixes)[PATH] if fixes else None) == fixed


@pytest.mark.parametrize("char", ["\0", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u2066"])
def test_control_characters(char: str) -> None:
    (found,) = list_messages("control-character", f"a{char}b\n")
    assert f"U+{ord(char):04X}" in found
    assert char not in found


def test_control_characters_in_code() -> None:
    """Bidirectional controls are meant there; no fix removes other controls from code."""
    for text in ("```\na\u202eb\n```\n", "`a\u2066b`\n"):
        assert list_messages("control-character", text) == []
    (found,) = run_rule("control-character", {PATH: "```\na\x08b\n```\n"})
    assert found.problem.fix is None
    (found,) = run_rule("control-character", {PATH: "a\x08b\n"})
    assert found.problem.fix is not None


def test_direction_marks_among_letters_that_need_them() -> None:
    assert list_messages("control-character", "المصطلح \u2066term\u2069 هنا\n") == []
    assert len(list_messages("control-character", "term \u2067x\u2069\n")) == 1


def test_tabs_count_as_columns() -> None:
    assert list_marked("marker-space", "- a\n\t-\u3000b\n") == ["-\u3000"]
    assert list_marked("marker-space", "a\n\t-\u3000b\n") == []


def test_faults_of_a_note() -> None:
    fault = ReadFailure(Span(0, 0), "encoding", "this note is not UTF-8", "convert it")
    (problem,) = note_unreadable.check(Note(PATH, "", faults=(fault,)))
    assert (problem.place, problem.message, problem.help) == (fault.place, fault.message, fault.help)


def test_conflict_tells_where_its_halves_are() -> None:
    text = "<<<<<<< HEAD\nい\n=======\nう\n>>>>>>> review\n"
    (found,) = run_rule("conflict-marker", {PATH: text})
    assert [other.place.extract_from(text) for other in found.problem.related] == ["=======", ">>>>>>> review"]


def test_echo_of_a_broken_fence_is_not_reported() -> None:
    text = "```markdown\n```sh\na\n```\n```\n\n**b**\n\n```markdown\nc\n```\n"
    assert list_marked("fence-broken", text) == ["```sh"]


SLIPS = "-\u3000b|-\u3000 c|-d|*\u00a0f|##\u3000j|##k|> -\u3000l|-\u3000- m|-\u3000#n|#\u3000o"
OTHERS = "- a|* e|1. g|text||```|<div>|---|> q"
LINES = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(f"{SLIPS}|{OTHERS}".split("|"))).map(
        lambda line: " " * line[0] + line[1]
    ),
    max_size=8,
)


@given(LINES)
def test_a_marker_with_its_space_begins_an_entry_or_a_heading(lines: list[str]) -> None:
    text = "\n".join(lines)
    for diagnostic in run_rule("marker-space", {PATH: text}):
        note = parse(PATH, apply_every_fix({PATH: text}, [diagnostic])[PATH])
        begun = {e.marker.start for e in note.entries} | {h.place.start for h in note.headings}
        assert diagnostic.problem.place.start in begun, text


@given(st.text(st.sampled_from("待避aB1 \t\n*_`[]()#->.:。「」\u200b\u00ad\u2060"), max_size=30))
def test_deleting_safely_changes_nothing_but_the_text(text: str) -> None:
    after = after_fix("hidden-character", text, safe=True)
    for char in "\u200b\u00ad\u2060":
        assert after.count(char) <= text.count(char)

    def plain(rendered: str) -> str:
        return rendered.replace("\u200b", "").replace("\u00ad", "").replace("\u2060", "")

    assert plain(html(after)) == plain(html(text))


@given(st.text(st.sampled_from("待避a1 *。」「.)(:>"), max_size=16))
def test_moving_punctuation_makes_it_bold(text: str) -> None:
    found = run_rule("emphasis-unrendered", {PATH: text})
    for diagnostic in found:
        assert diagnostic.problem.place.extract_from(text).startswith("**")
        assert diagnostic.problem.place.extract_from(text).endswith("**")
        if diagnostic.problem.fix:
            after = apply_every_fix({PATH: text}, [diagnostic])[PATH]
            assert html(after).count("<strong>") > html(text).count("<strong>")


@pytest.mark.parametrize("text", ["```(\0", "```\0(\n", "~~~ {\0\n  a: 1\n", "- ```(\0a"])
def test_code_after_a_fence_with_a_null_character(text: str) -> None:
    for found in run_rule("fence-broken", {PATH: text}):
        assert found.problem.place.start <= found.problem.place.end


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("link-unrendered", "[乙](b.md を見る a.md\n"),
        ("link-unrendered", "[復旧]（a.md と b.md）\n"),
        ("link-unrendered", "[復旧] (a.md、b.md)\n"),
        ("link-unrendered", "[甲](v1.py 以降は b.py)\n"),
        ("image-unrendered", "![図](a.png と b.png)\n"),
        ("image-unrendered", "![図](a.png、詳しくは b.png\n"),
    ],
)
def test_no_fix_makes_a_target_of_what_is_said_about_two_files(rule: str, text: str) -> None:
    [found] = run_rule(rule, {"a.md": text}, ["a.md", "b.md", "a.png", "b.png"])
    assert found.problem.fix is None


def test_a_file_whose_name_holds_another_one_can_be_linked() -> None:
    [found] = run_rule("link-unrendered", {"a.md": "[乙](a.md と b.md)\n"}, ["a.md", "a.md と b.md"])
    assert found.problem.fix
    assert found.problem.fix.safe
