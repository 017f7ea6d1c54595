"""Which notes are copies of others: measured on all of their text."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techstock import registry
from techstock.duplicates.candidates import find_similar_notes
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Corpus, Diagnostic
from techstock.parse import parse
from tests.support import make_corpus

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


@pytest.mark.parametrize(("kept", "count"), [(10, 1), (8, 1), (7, 0)])
def test_how_much_is_a_copy(kept: int, count: int) -> None:
    paragraphs = PROSE.split("\n\n")[:-1]
    changed = [p if n < kept else p.replace("川", "空").replace("舟", "鳥") for n, p in enumerate(paragraphs)]
    text = "\n\n".join(changed)
    assert len(found({"a.md": f"{PROSE}{ENTRY}", "b.md": f"{text}\n\n{ENTRY}"})) == count


def test_a_few_lines_are_no_file() -> None:
    assert found({"a.md": ENTRY, "b.md": ENTRY}) == []


TABLE = "| 名 | 意味 |\n|---|---|\n" + "".join(
    f"| {n}の舟 | {n}の川を渡るために使われるもの |\n" for n in "甲乙丙丁戊己庚辛"
)
CODE = "```sh\n" + "".join(f"boat --lock {n} --open --wait {7 * n} --river north\n" for n in range(20)) + "```\n"


@pytest.mark.parametrize("text", [PROSE, TABLE, CODE])
def test_notes_without_an_entry_are_compared(text: str) -> None:
    [one] = found({"a.md": f"# 舟\n\n{text}", "b.md": f"# 舟\n\n{text}\nあとから足した段落。\n"})
    assert (one.problem.place.path, one.problem.data) == ("a.md", {"share": 1.0})


def test_the_partner_shares_most() -> None:
    paragraphs = PROSE.split("\n\n")[:-1]
    texts = {"a.md": paragraphs, "b.md": [*paragraphs[:9], "別の話。" * 40], "c.md": [*paragraphs, "別の話。" * 30]}
    some = found({path: "\n\n".join(parts) for path, parts in texts.items()})
    [one] = [d for d in some if d.problem.place.path == "a.md"]
    assert (one.problem.related[0].place.path, one.problem.data) == ("c.md", {"share": 1.0})


def test_many_copies_of_one_note_are_found_each_once() -> None:
    some = found({f"{n:02}.md": PROSE for n in range(20)})
    assert [d.problem.place.path for d in some] == [f"{n:02}.md" for n in range(1, 20)]


@given(st.lists(st.lists(st.integers(0, 14), min_size=6, max_size=14, unique=True), min_size=2, max_size=6))
@settings(max_examples=60)
def test_no_copy_is_missed(chosen: list[list[int]]) -> None:
    lines = [f"{n}番目の段落では、{'川の水と舟の関わりについて' * (1 + n % 4)}述べていく。" for n in range(15)]
    corpus = make_corpus({f"{n}.md": "\n".join(lines[index] for index in some) for n, some in enumerate(chosen)})
    likely = set(find_similar_notes(corpus))
    for a, b in combinations(range(len(chosen)), 2):
        smaller = min((chosen[a], chosen[b]), key=lambda some: sum(len(lines[index]) for index in some))
        shared = sum(len(lines[index]) for index in set(chosen[a]) & set(chosen[b]))
        if shared >= 0.8 * sum(len(lines[index]) for index in smaller):
            assert (a, b) in likely


LINKS = "".join(
    f"- [[{n}の舟についての、とても長い名前のノート]]\n- [{n}](https://example.com/{n})\n" for n in "甲乙丙丁戊己庚"
)


def test_what_only_leads_somewhere_counts_for_nothing() -> None:
    assert found({"a.md": f"# 舟\n\n{LINKS}", "b.md": f"# 舟\n\n{LINKS}\nあとから足した段落。\n"}) == []
    own = PROSE.replace("舟", "車").replace("川", "道")
    [one] = found({"a.md": f"{PROSE}\n{LINKS}", "b.md": f"{PROSE}\n{own}\n"})
    assert one.problem.data == {"share": 1.0}


def test_journals_and_publications_are_no_copies() -> None:
    assert found({"diary/2025-01-01.md": PROSE, "diary/2025-01-02.md": PROSE}) == []
    papers = {f"{n}.md": f"---\nauthor: {n}\n---\n# {n}\n\n{PROSE}{n}の考え。\n" for n in "甲乙丙"}
    assert found(papers) == []
    assert len(found({path: text.replace("author", "by") for path, text in papers.items()})) == 2


def test_versions_are_kept_on_purpose() -> None:
    """Three notes whose paths differ in a number only are versions; two may be a slip, as is a whole copy."""
    versions = {f"舟{n}.md": f"# 舟\n\n{PROSE}{ENTRY}\n版{n}で足した段落。\n" for n in range(1, 4)}
    assert found(versions) == []
    assert len(found({name: versions[name] for name in ("舟1.md", "舟2.md")})) == 1
    assert len(found(dict.fromkeys(versions, versions["舟1.md"]))) == 2
    assert len(found({f"{name}": text for name, text in zip("abc", versions.values(), strict=True)})) == 2


def test_short_notes_of_one_kind_have_lines_in_common() -> None:
    part = "".join(PROSE.split("\n\n")[n] + "\n\n" for n in range(4))
    [one] = found({"a.md": part, "b.md": f"{part}{ENTRY}"})
    assert one.problem.data == {"share": 1.0}
    assert found({"a.md": f"{part}あとから足した短い段落。\n", "b.md": f"{part}{ENTRY}"}) == []


def test_each_project_has_its_own_readme() -> None:
    text = f"# 舟\n\n{PROSE}{ENTRY}"
    for name in ("README.md", "LICENSE-oar.md"):
        assert found({f"a/{name}": text, f"b/{name}": text}) == []
    assert len(found({"a/README.md": text, "b/ship.md": text})) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("v1.md", "v2.md", 0),
        ("impl04/_oar.md", "impl05/_oar.md", 0),
        ("impl/oar.md", "impl/prototypes/02/oar.md", 0),
        ("memo_20230830.md", "memo_20231230.md", 0),
        ("river3.md", "river4.md", 1),
        ("v1/a.md", "v1/b.md", 1),
        ("11-20.md", "21-30.md", 1),
    ],
)
def test_a_word_for_versions_tells_one_pair(one: str, other: str, expected: int) -> None:
    text = f"# 舟\n\n{PROSE}{ENTRY}"
    assert len(found({one: f"{text}\n初めの段落。\n", other: f"{text}\n次の段落。\n"})) == expected
    assert len(found({one: text, other: text})) == 1  # a copy of all text is none
