"""The formats with one row for each problem: `concise` and `grouped`."""

from techstock.model import ERROR, INFO, Place
from tests.formats.support import PATH, at, found, rendered

TEXT = "\ufeff# 一\r\n\r\n- 停止: 止まること。\r\n- 再開: また動くこと。\r\n"
OTHER = "\n" * 99 + "0123456789👍x\n"
TEXTS = {PATH: TEXT, "notes/b.md": OTHER}
FOUND = [
    found(at(TEXT, "停止"), "`停止` is\nwrong \x1b[1m", severity=ERROR),
    found(at(TEXT, "動く"), "the second", rule="another-rule"),
    found(Place(0, 0, "images/\udc80\u202e.png"), "is broken", severity=INFO),
    found(Place(0, 0, "notes/b.md"), "the first line", severity=INFO),
    found(at(OTHER, "x", "notes/b.md"), "far away", severity=INFO),
]


def test_concise() -> None:
    assert rendered("concise", TEXTS, FOUND) == (
        r"""notes/01-10.md:3:3: a-rule `停止` is\nwrong \x1b[1m
notes/01-10.md:4:9: another-rule the second
images/\udc80\u202e.png:1:1: a-rule is broken
notes/b.md:1:1: a-rule the first line
notes/b.md:100:12: a-rule far away
"""
    )


def test_concise_in_colour() -> None:
    assert rendered("concise", TEXTS, FOUND[1:2], color=True) == (
        "\x1b[1mnotes/01-10.md:4:9\x1b[0m: \x1b[1;33manother-rule\x1b[0m the second\n"
    )


def test_grouped() -> None:
    assert rendered("grouped", TEXTS, FOUND) == (
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
    assert rendered("grouped", TEXTS, FOUND[1:2], color=True) == (
        "\x1b[1mnotes/01-10.md\x1b[0m\n  \x1b[36m4:9\x1b[0m  \x1b[1;33mwarning\x1b[0m  another-rule  the second\n"
    )


def test_nothing_found_prints_nothing() -> None:
    assert rendered("concise", TEXTS, []) == ""
    assert rendered("grouped", TEXTS, []) == ""
