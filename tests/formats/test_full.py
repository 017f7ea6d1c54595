"""The format `full`: whole outputs, as they stand on a terminal of 80 columns."""

import re

import pytest

from techstock.model import ERROR, INFO, Edit, Fix, RelatedSpan, Span
from techstock.text.terminal_width import measure_characters
from tests.formats.support import PATH, find_place, make_diagnostic, render_problem, render_report

SHORT = "# 一\n\n## 1.\n\n- 停止: 止まること。\n- 再開: また動くこと。\n- 停止: 動かなくなること。\n"
LONG = "".join(f"これは{n}番目の長い文です。" for n in range(60))


def test_nothing_found_prints_nothing() -> None:
    assert render_report("full", SHORT, []) == ""


def test_message_excerpt_related_place_and_help() -> None:
    second = Span(SHORT.rindex("停止"), SHORT.rindex("停止") + 2, PATH)
    first = RelatedSpan(find_place(SHORT, "停止"), "first written here")
    one = make_diagnostic(second, "`停止` is written twice", label="again", related=(first,), help="keep one of them")
    assert render_report("full", SHORT, [one]) == (
        """\
a-rule: `停止` is written twice
 --> notes/01-10.md:7:3
  |
7 | - 停止: 動かなくなること。
  |   ^^^^ again
 ::: notes/01-10.md:5:3
  |
5 | - 停止: 止まること。
  |   ---- first written here
  = help: keep one of them
"""
    )


def test_gutter_is_as_wide_as_the_longest_line_number_and_blocks_stand_apart() -> None:
    text = "始まり\n" + "\n" * 98 + "百行目\n"
    far = make_diagnostic(find_place(text, "百行目"), related=(RelatedSpan(find_place(text, "始まり"), "the start"),))
    near = make_diagnostic(find_place(text, "始まり"), help="do it")
    assert render_report("full", text, [far, near]) == (
        """\
a-rule: wrong
   --> notes/01-10.md:100:1
    |
100 | 百行目
    | ^^^^^^
   ::: notes/01-10.md:1:1
    |
  1 | 始まり
    | ------ the start

a-rule: wrong
 --> notes/01-10.md:1:1
  |
1 | 始まり
  | ^^^^^^
  = help: do it
"""
    )


@pytest.mark.parametrize(
    ("safe", "help_text", "advice"),
    [
        (True, "", "  = fix: write `: `\n"),
        (False, "use one colon", "  = help: use one colon\n  = fix (unsafe): write `: `\n"),
        (True, "write `: `", "  = fix: write `: `\n"),  # said once
    ],
)
def test_fix(safe: bool, help_text: str, advice: str) -> None:
    colon = find_place("停止：止まる\n", "：")
    fix = Fix("write `: `", (Edit(colon, ": "),), safe)
    assert (
        render_problem("停止：止まる\n", "：", help=help_text, fix=fix)
        == "  |\n1 | 停止：止まる\n  |     ^^\n" + advice
    )


def test_colours_tell_severity_and_leave_the_text_as_it_is() -> None:
    text = "停止: 止まる\n"
    reports = [
        render_report(
            "full", text, [make_diagnostic(find_place(text, "停止"), severity=level, label="here")], color=True
        )
        for level in (ERROR, "warning", INFO)
    ]
    assert reports[0] == (
        "\x1b[1;31ma-rule\x1b[0m: \x1b[1mwrong\x1b[0m\n"
        " \x1b[36m-->\x1b[0m notes/01-10.md:1:1\n"
        "\x1b[36m  |\x1b[0m\n"
        "\x1b[36m1 |\x1b[0m 停止: 止まる\n"
        "\x1b[36m  |\x1b[0m \x1b[1;31m^^^^\x1b[0m \x1b[1;31mhere\x1b[0m\n"
    )
    assert reports[1] == reports[0].replace("[1;31m", "[1;33m")
    assert reports[2] == reports[0].replace("[1;31m", "[1;34m")


def test_tabs_are_four_columns() -> None:
    assert render_problem("-\t停\t止\n", "止") == "  |\n1 | -    停    止\n  |            ^^\n"
    assert render_problem("-\t停\t止\n", "\t止") == "  |\n1 | -    停    止\n  |        ^^^^^^\n"


def test_line_ends_and_byte_order_mark_are_not_shown() -> None:
    text = "\ufeff一行\r\n二行\r三行\u2028続き\n"
    marks = [
        make_diagnostic(Span(0, 3, PATH), "one"),
        make_diagnostic(find_place(text, "二行\r"), "two"),
        make_diagnostic(find_place(text, "続き"), "three"),
    ]
    assert render_report("full", text, marks) == (
        """\
a-rule: one
 --> notes/01-10.md:1:1
  |
1 | 一行
  | ^^^^

a-rule: two
 --> notes/01-10.md:2:1
  |
2 | 二行
  | ^^^^

a-rule: three
 --> notes/01-10.md:3:4
  |
3 | 三行\\u2028続き
  |           ^^^^
"""
    )


@pytest.mark.parametrize(
    ("marked", "rows"),
    [
        (
            "30番目",
            """\
1 | …。これは29番目の長い文です。これは30番目の長い文です。これは31番目の長い文…
  |                                    ^^^^^^ the thirtieth
""",
        ),
        (
            "これは0番",
            """\
1 | これは0番目の長い文です。これは1番目の長い文です。これは2番目の長い文です。…
  | ^^^^^^^^^ the thirtieth
""",
        ),
        (
            "文です。これは3番",
            """\
1 | …い文です。これは2番目の長い文です。これは3番目の長い文です。これは4番目の…
  |                             ^^^^^^^^^^^^^^^^^ the thirtieth
""",
        ),
        (
            "59番目の長い文です。",
            """\
1 | …文です。これは58番目の長い文です。これは59番目の長い文です。
  |                                          ^^^^^^^^^^^^^^^^^^^^ the thirtieth
""",
        ),
    ],
)
def test_long_lines_are_cut_around_the_place(marked: str, rows: str) -> None:
    assert render_problem(LONG + "\n", marked, label="the thirtieth") == "  |\n" + rows


def test_a_place_too_long_for_a_row_is_cut_and_its_label_gets_a_row() -> None:
    assert render_problem(f"- 全部: {LONG}\n", LONG, label="all of it") == (
        """\
  |
1 | - 全部: これは0番目の長い文です。これは1番目の長い文です。これは2番目の長い…
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |         all of it
"""
    )
    assert render_problem(f"{LONG}\n", LONG[300:500], label="all of it") == (
        """\
  |
1 | …は22番目の長い文です。これは23番目の長い文です。これは24番目の長い文です。…
  |  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |  all of it
"""
    )


def test_a_short_start_of_the_line_stays_and_a_long_one_gives_way_to_the_place() -> None:
    assert render_problem("    - 十六列です: " + "a" * 300, "a" * 70) == (
        f"  |\n1 |     - 十六列です: {'a' * 57}…\n  | {' ' * 18}{'^' * 58}\n"
    )
    assert render_problem("    - これは二十列です: " + "a" * 300, "a" * 70) == (
        f"  |\n1 | …: {'a' * 72}…\n  | {' ' * 3}{'^' * 70}\n"
    )


@pytest.mark.parametrize(
    ("length", "line", "marks"),
    [
        (69, f"…b{'c' * 69}dddd…", f"  {'^' * 69} here"),
        (70, f"…bb{'c' * 70}dd…", f"   {'^' * 70}\n  |    here"),
        (74, f"…{'c' * 74}…", f" {'^' * 74}\n  |  here"),
        (75, f"…{'c' * 74}…", f" {'^' * 75}\n  |  here"),
    ],
)
def test_a_place_that_just_fits_is_shown_whole(length: int, line: str, marks: str) -> None:
    text = "b" * 100 + "c" * length + "d" * 100
    assert render_problem(text, "c" * length, label="here") == f"  |\n1 | {line}\n  | {marks}\n"


def test_a_pile_of_marks_on_one_letter_takes_no_room() -> None:
    text = "始か" + "\u3099" * 500 + "印"
    assert render_problem(text, "印") == "  |\n1 | …印\n  |  ^^\n"
    text += "印" * 99
    assert render_problem(text, "印") == f"  |\n1 | …{'印' * 37}…\n  |  ^^\n"
    assert render_problem(text, "印" * 100) == f"  |\n1 | …{'印' * 37}…\n  |  {'^' * 75}\n"


def test_a_place_before_the_byte_order_mark() -> None:
    report = render_report("full", "\ufeff印\n", [make_diagnostic(Span(0, 0, PATH))])
    assert report == "a-rule: wrong\n --> notes/01-10.md:1:1\n  |\n1 | 印\n  | ^\n"


def test_a_line_that_fits_is_never_cut_for_its_label() -> None:
    text = "- 停止: 新しい要求を受けず、いまの仕事を終えてから止まること。\n"
    assert render_problem(text, "止まること", label="what it means, and this takes a whole lot of words") == (
        """\
  |
1 | - 停止: 新しい要求を受けず、いまの仕事を終えてから止まること。
  |                                                   ^^^^^^^^^^
  |                           what it means, and this takes a whole lot of words
"""
    )


def test_narrow_terminal_and_a_label_wider_than_it() -> None:
    label = "この番号は前にも出てきたものと同じ番号である"
    wanted = """\
  |
1 | …文です。これは30番目の長い文です。…
  |                ^^^^^^
  |  この番号は前にも出てきたものと同じ…
"""
    assert render_problem(LONG, "30番目", label=label, width=40) == wanted
    assert render_problem(LONG, "30番目", label=label, width=7) == wanted  # taken as 40


def test_width_that_is_not_known_is_80() -> None:
    assert render_problem(LONG, "30番目", width=0) == render_problem(LONG, "30番目", width=80)


@pytest.mark.parametrize(
    ("marked", "last"),
    [
        ("二つ目\n- 三つ目\n- 四つ目", "… | and 2 more lines\n"),
        ("二つ目\n- 三つ目\n", "… | and 1 more line\n"),
        ("二つ目\n", ""),
    ],
)
def test_place_over_several_lines(marked: str, last: str) -> None:
    text = "- 一つ目\n- 二つ目\n- 三つ目\n- 四つ目\n"
    assert render_problem(text, marked, label="these") == f"  |\n2 | - 二つ目\n  |   ^^^^^^ these\n{last}"


def test_zero_width_places_have_one_mark() -> None:
    text = "停止\n\n再開\n"
    places = [Span(0, 0, PATH), Span(2, 2, PATH), Span(3, 3, PATH), Span(7, 7, PATH)]
    assert render_report("full", text, [make_diagnostic(place, str(place.start), label="x") for place in places]) == (
        """\
a-rule: 0
 --> notes/01-10.md:1:1
  |
1 | 停止
  | ^ x

a-rule: 2
 --> notes/01-10.md:1:3
  |
1 | 停止
  |     ^ x

a-rule: 3
 --> notes/01-10.md:2:1
  |
2 |
  | ^ x

a-rule: 7
 --> notes/01-10.md:4:1
  |
4 |
  | ^ x
"""
    )


def test_mark_behind_a_line_that_fills_the_row() -> None:
    text = "一" * 38
    full = render_report("full", text, [make_diagnostic(Span(38, 38, PATH), label="end")])
    assert full.split("\n")[3:5] == ["1 | …" + "一" * 35, "  | " + " " * 71 + "^ end"]


def test_hostile_text_is_spelled_and_marks_stand_below_what_is_shown() -> None:
    text = "色\x1b[31mと\u202e逆\u202cと\x9b\ufeff印\n"
    one = make_diagnostic(
        find_place(text, "逆", "a\x1b[2J\u2066.md"),
        "it \x1b]0;x\x07 says\nmore\r",
        label="\u200bhere\x00",
        help="re\u2029move\tit\udc80",
        related=(RelatedSpan(find_place(text, "\x9b\ufeff", "a\x1b[2J\u2066.md"), "a\x85b"),),
    )
    assert render_report("full", {"a\x1b[2J\u2066.md": text}, [one]) == (
        r"""a-rule: it \x1b]0;x\x07 says\nmore\r
 --> a\x1b[2J\u2066.md:1:9
  |
1 | 色\x1b[31mと\u202e逆\u202cと\x9b\ufeff印
  |                   ^^ \u200bhere\x00
 ::: a\x1b[2J\u2066.md:1:12
  |
1 | 色\x1b[31mと\u202e逆\u202cと\x9b\ufeff印
  |                             ---------- a\x85b
  = help: re\u2029move\tit\udc80
"""
    )


def test_emoji_and_decomposed_kana() -> None:
    text = "家族👨‍👩‍👧と❤️と1️⃣と👍🏽と🇯🇵🇫🇷と①の印\n"
    assert render_problem(text, "印").endswith("\n  | " + " " * 29 + "^^\n")
    assert render_problem(text, "‍👩‍") == render_problem(text, "👨‍👩‍👧")  # a place inside of what is seen as one
    assert render_problem("か\u3099く\u3099の\n", "\u3099の") == "  |\n1 | か\u3099く\u3099の\n  |   ^^^^\n"
    assert render_problem("\u3099の\n", "\u3099") == "  |\n1 | \u3099の\n  | ^\n"


def test_a_line_is_not_cut_inside_of_what_is_seen_as_one() -> None:
    for before in ("", "a", "aa"):
        text = "か\u3099x" * 100 + before + "印" + "く\u3099" * 60
        row = render_problem(text, "印").split("\n")[1]
        assert re.fullmatch("1 \\| …x?(?:か\u3099x)+a*印(?:く\u3099)+…", row)


def test_blanks_of_other_widths_are_shown_as_they_are() -> None:
    assert render_problem("-\u3000停止\u00a0した\n", "\u3000") == "  |\n1 | -\u3000停止\u00a0した\n  |  ^^\n"
    assert render_problem("-\u3000停止\u00a0した\n", "\u00a0") == "  |\n1 | -\u3000停止\u00a0した\n  |        ^\n"


def test_no_excerpt_of_what_is_no_note_or_could_not_be_read() -> None:
    related = (RelatedSpan(Span(0, 0, "empty.md"), "no text"), RelatedSpan(Span(0, 0, "b.png"), ""))
    one = make_diagnostic(Span(3, 9, "images/a.png"), "is broken", label="the file", related=related, help="replace it")
    assert render_report("full", {"empty.md": ""}, [one]) == (
        """\
a-rule: is broken
 --> images/a.png:1:1: the file
 ::: empty.md:1:1: no text
 ::: b.png:1:1
  = help: replace it
"""
    )


def test_a_mark_in_a_huge_line_looks_at_its_surroundings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []

    def measure(text: str) -> list[int]:
        measured.append(len(text))
        return measure_characters(text)

    monkeypatch.setattr("techstock.formats._excerpt.measure_characters", measure)
    text = "長い行" * 400_000
    assert "^^" in render_report("full", text, [make_diagnostic(Span(600_000, 900_000, PATH))])
    assert sum(measured) < 200
