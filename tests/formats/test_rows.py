"""The formats with one row for each problem: `concise` and `grouped`."""

from techstock.model import ERROR, INFO, Span
from tests.formats.support import PATH, find_place, make_diagnostic, render_report

TEXT = "\ufeff# 一\r\n\r\n- 停止: 止まること。\r\n- 再開: また動くこと。\r\n"
OTHER = "\n" * 99 + "0123456789👍x\n"
TEXTS = {PATH: TEXT, "notes/b.md": OTHER}
FOUND = [
    make_diagnostic(find_place(TEXT, "停止"), "`停止` is\nwrong \x1b[1m", severity=ERROR),
    make_diagnostic(find_place(TEXT, "動く"), "the second", rule="another-rule"),
    make_diagnostic(Span(0, 0, "images/\udc80\u202e.png"), "is broken", severity=INFO),
    make_diagnostic(Span(0, 0, "notes/b.md"), "the first line", severity=INFO),
    make_diagnostic(find_place(OTHER, "x", "notes/b.md"), "far away", severity=INFO),
]


def test_concise() -> None:
    assert render_report("concise", TEXTS, FOUND) == (
        r"""notes/01-10.md:3:3: a-rule `停止` is\nwrong \x1b[1m
notes/01-10.md:4:9: another-rule the second
images/\udc80\u202e.png:1:1: a-rule is broken
notes/b.md:1:1: a-rule the first line
notes/b.md:100:12: a-rule far away
"""
    )


def test_concise_in_colour() -> None:
    assert render_report("concise", TEXTS, FOUND[1:2], color=True) == (
        "\x1b[1mnotes/01-10.md:4:9\x1b[0m: \x1b[1;33manother-rule\x1b[0m the second\n"
    )


def test_grouped() -> None:
    assert render_report("grouped", TEXTS, FOUND) == (
        r"""notes/01-10.md
  3:3  error    a-rule        `停止` is\nwrong \x1b[1m
  4:9  warning  another-rule  the second

images/\udc80\u202e.png
  1:1  info  a-rule  is broken

notes/b.md
    1:1   info  a-rule  the first line
  100:12  info  a-rule  far away
"""
    )


def test_grouped_in_colour() -> None:
    assert render_report("grouped", TEXTS, FOUND[1:2], color=True) == (
        "\x1b[1mnotes/01-10.md\x1b[0m\n  \x1b[36m4:9\x1b[0m  \x1b[1;33mwarning\x1b[0m  another-rule  the second\n"
    )


def test_nothing_found_prints_nothing() -> None:
    assert render_report("concise", TEXTS, []) == ""
    assert render_report("grouped", TEXTS, []) == ""
