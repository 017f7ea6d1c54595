"""The format `full` marks the characters in which two copies differ."""

from techstock.duplicates.near_rules import diff_characters
from techstock.model import RelatedSpan, Span
from tests.formats.support import PATH, find_place, make_diagnostic, render_problem, render_report

COPIES = """\
- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。
- 退避: 新しい要求は受けず、今の仕事を終えてから止まる。
"""
FIRST, SECOND = COPIES.split("\n")[:2]


def find_differences(text: str, path: str = PATH) -> tuple[Span, ...]:
    """Return the places where the two lines of `text` differ."""
    first, second = text.split("\n")[:2]
    mine, theirs = diff_characters(first, second)
    behind = len(first) + 1
    ranges = [*mine, *((start + behind, end + behind) for start, end in theirs)]
    return tuple(Span(start, end, path) for start, end in ranges)


def test_both_copies_show_their_own_characters() -> None:
    one = make_diagnostic(
        find_place(COPIES, SECOND[2:]),
        "much the same is written twice",
        label="again",
        related=(RelatedSpan(find_place(COPIES, FIRST[2:]), "first written here"),),
        differs=find_differences(COPIES),
    )
    assert render_report("full", COPIES, [one]) == (
        """\
a-rule: much the same is written twice
 --> notes/01-10.md:2:3
  |
2 | - 退避: 新しい要求は受けず、今の仕事を終えてから止まる。
  |   ~~^^^^^^^^^^^^^^~~^^^^^^^^~~^^^^^^^^^^^^^^^^^^^^^^^^^^ again
 ::: notes/01-10.md:1:3
  |
1 | - 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。
  |   ~~--------------~~--------~~~~--------------------------
  |   first written here
"""
    )


def test_only_what_lies_in_the_marked_text_of_the_same_note_is_marked() -> None:
    text = "- 待避: 受けず\n- 復旧: 続ける\n"
    far = (find_place(text, "待避"), find_place(text, "復旧"), find_place(text, "受け", "notes/11-20.md"))
    assert render_problem(text, "受けず", differs=far) == "  |\n1 | - 待避: 受けず\n  |         ^^^^^^\n"
    over = (find_place(text, "避: 受"), find_place(text, "ず\n- 復"))
    assert render_problem(text, "受けず", differs=over) == "  |\n1 | - 待避: 受けず\n  |         ~~^^~~\n"


def test_a_place_between_two_characters_has_none() -> None:
    text = "停止\n再開\n"
    assert render_problem(text, "停止", differs=(Span(1, 1, PATH),)) == "  |\n1 | 停止\n  | ^^^^\n"
    assert render_report("full", text, [make_diagnostic(Span(2, 2, PATH), differs=(Span(0, 2, PATH),))]).endswith(
        "\n  |     ^\n"
    )


def test_characters_that_are_cut_off_are_not_marked() -> None:
    text = f"- 全部: {'始' * 20}中{'終' * 60}\n"
    row = "  |         " + "^" * 40 + "~~" + "^" * 25 + "\n"
    assert render_problem(text, text[6:-1], differs=(find_place(text, "中"), Span(60, 80, PATH))).endswith(row)
    row = "  |         " + "^" * 65 + "~^\n"  # the last sign is below the dots
    text = f"- 全部: {'始' * 32}ab{'終' * 60}\n"
    assert render_problem(text, text[6:-1], differs=(Span(39, 80, PATH),)).endswith(row)


def test_tabs_and_characters_that_are_spelled_take_their_columns() -> None:
    text = "- 甲\tか\u3099\u200b乙\n"
    tab, mark, space = find_place(text, "\t"), find_place(text, "\u3099"), find_place(text, "\u200b")
    assert render_problem(text, "甲\tか\u3099\u200b乙", differs=(tab, mark, space)) == (
        "  |\n1 | - 甲    か\u3099\\u200b乙\n  |   ^^~~~~^^~~~~~~^^\n"
    )


def test_differs_stay_out_of_other_formats() -> None:
    one, plain = (
        make_diagnostic(find_place(COPIES, SECOND), differs=find_differences(COPIES)),
        make_diagnostic(find_place(COPIES, SECOND)),
    )
    for name in ("json", "concise", "grouped"):
        assert render_report(name, COPIES, [one]) == render_report(name, COPIES, [plain])


def test_colour_goes_over_all_marks() -> None:
    one = make_diagnostic(find_place(COPIES, "待避"), differs=(find_place(COPIES, "避"),))
    assert "\x1b[1;33m^^~~\x1b[0m" in render_report("full", COPIES, [one], color=True)
