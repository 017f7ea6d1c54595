"""Copies that differ come first where people read, and nowhere else."""

from tests.formats.support import PATH, find_place, make_diagnostic, render_report

TEXTS = {PATH: "- 停止\n- 待避\n", "notes/b.md": "- 復旧\n- 再開\n"}
FOUND = [
    make_diagnostic(find_place(TEXTS[PATH], "停止"), "first", rule="duplicate-term"),
    make_diagnostic(find_place(TEXTS[PATH], "待避"), "second", rule="duplicate-term"),
    make_diagnostic(find_place(TEXTS["notes/b.md"], "復旧", "notes/b.md"), "third", rule="duplicate-term"),
    make_diagnostic(
        find_place(TEXTS["notes/b.md"], "再開", "notes/b.md"),
        "fourth",
        rule="duplicate-term",
        data={"differs": [{"here": "1"}]},
    ),
]
WORDS = ("first", "second", "third", "fourth")


def list_words(name: str) -> list[str]:
    shown = render_report(name, TEXTS, FOUND)
    return sorted(WORDS, key=shown.index)


def test_formats_for_people_begin_with_copies_that_differ() -> None:
    assert list_words("full") == ["fourth", "first", "second", "third"]
    assert list_words("grouped") == ["fourth", "third", "first", "second"]


def test_other_formats_keep_the_order_of_lines() -> None:
    for name in ("concise", "json", "jsonl", "github", "gitlab", "sarif", "junit"):
        assert list_words(name) == list(WORDS), name
