"""Which notes are copies of others: measured on all of their text."""

import pytest

from techstock import registry
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Corpus, Diagnostic
from techstock.parse import parse

ENTRY = "- 舟: 水に浮く乗り物のことで、人や荷物を運ぶために使われるもの。\n"
PROSE = "".join(
    f"{n}番目の段落では、川の水と舟の関わりについて、昔から今までのことを述べていく。\n\n"
    for n in "甲乙丙丁戊己庚辛壬癸"
)


def found(files: dict[str, str]) -> list[Diagnostic]:
    notes = tuple(parse(path, text) for path, text in sorted(files.items()))
    return [
        d for d in diagnose(Corpus(notes), [RuleRun(registry.load_rule("file-copy"), WARNING)]) if d.rule == "file-copy"
    ]


def test_all_text_counts() -> None:
    [one] = found({"a.md": f"# 舟\n\n{PROSE}{ENTRY}", "b.md": f"# 舟\n\n{PROSE}{ENTRY}\nあとから足した段落。\n"})
    assert (one.problem.place.path, one.problem.related[0].place.path) == ("a.md", "b.md")
    assert one.problem.data == {"share": 1.0}
    other = PROSE.replace("舟", "車").replace("川", "道")
    assert found({"a.md": f"# 舟\n\n{PROSE}{ENTRY}", "b.md": f"# 車\n\n{other}{ENTRY}"}) == []


def test_of_two_that_are_equal_the_later_is_the_copy() -> None:
    text = f"# 舟\n\n{PROSE}{ENTRY}"
    [one] = found({"91-100.md": text, "101-110.md": text})
    assert one.problem.place.path == "101-110.md"


def test_one_finding_for_each_note_with_the_nearest() -> None:
    text = f"# 舟\n\n{PROSE}{ENTRY}"
    near = text + "\n" + "".join(f"{n}を足す。\n\n" for n in "一二三")
    some = found({"a.md": near, "b.md": text, "c.md": text.replace("甲番目", "子番目")})
    assert [d.problem.place.path for d in some] == ["b.md", "c.md"]


@pytest.mark.parametrize(("kept", "count"), [(10, 1), (8, 0)])
def test_how_much_is_a_copy(kept: int, count: int) -> None:
    paragraphs = PROSE.split("\n\n")[:-1]
    changed = [p if n < kept else p.replace("川", "空").replace("舟", "鳥") for n, p in enumerate(paragraphs)]
    text = "\n\n".join(changed)
    assert len(found({"a.md": f"{PROSE}{ENTRY}", "b.md": f"{text}\n\n{ENTRY}"})) == count


def test_a_few_lines_are_no_file() -> None:
    assert found({"a.md": ENTRY, "b.md": ENTRY}) == []
