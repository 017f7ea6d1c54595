"""Kept results change nothing but the time: whatever is edited, the duplicate rules report what they would without."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from techstock.cache.store import StoredValues
from techstock.duplicates import pair_search, problems
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.matching import judge_pair
from techstock.engine import diagnose
from techstock.model import Diagnostic
from techstock.storage.cache_directory import CacheDirectory
from tests.support import make_corpus, plan_rules, scale_examples

RULES = ("duplicate-definition", "duplicate-term", "term-conflict", "term-repeated", "near-duplicate", "file-copy")
PLANS = plan_rules(RULES)
PATHS = ("a.md", "b.md", "c.md", "d/e.md", "d/f.md", "d/a.en.md", "journal/2020-01-01.md")

LONG = "新しい要求を受けず、いまの仕事をすべて終えてから止まる。そのあと別の場所で始まる。"
RUN = (
    "- 舟: 水に浮く乗り物のことで、人や荷物を運ぶために使われるもの。\n"
    "- 帆: 風を受ける布のことで、柱に張って舟を進めるために使うもの。\n"
    "- 錨: 舟を止める重りのことで、綱に付けて水の底に沈めておくもの。\n"
    "- 櫂: 舟を漕ぐ棒のことで、先が平たく、水を掻いて進むためのもの。\n"
)
BLOCKS = (
    f"- 待避: {LONG}\n",
    f"- 退避: {LONG}\n",
    f"- 待避 (水門): {LONG[:24]}止まる。\n",
    f"- 待避 (港): {LONG[3:30]}止まる。\n",
    "- 待避: 台風のあいだ船を港に移すこと。\n- 水門: 水の道を閉じる戸のこと。\n",
    f"- 待避:\n  - {LONG[:25]}\n  - 別の場所で再び始まる、しばらくあとで。\n",
    "- 待避: いまの仕事を終えてから止まること。\n- 待避: 新しい要求を受けない。\n",
    RUN,
    RUN.replace("もの", "道具"),
    "- 舟: → [港](c.md#港)\n- 帆: → [港](c.md#港)\n- 錨: 舟を止める重りのことで、綱に付けて水の底に沈めておくもの。\n",
    "".join(f"- 語{word}:\n  - 現場: {word}の建物の三階で、朝に開く所がある\n" for word in "甲乙丙丁"),
    "- 語戊:\n  - 現場: 東の建物の三階で、朝に開く所がある\n",
    "- 語己:\n  - 現場: 東の建物の三階で、朝に開く所があり、夜に閉じる\n",
    f"### 待避\n\n{LONG}\n\n### 復旧\n\n止まった仕事を再び始めること。\n\n### 移動\n\nほかの場所で始めること。\n",
    f"{LONG}この段落はどこにもない言葉で終わる、長い文である。\n",
    "## 港\n",
    "## 手順\n",
    f"<!-- techstock: ignore duplicate-definition -->\n- 待避: {LONG}\n",
)
texts = st.lists(st.sampled_from(BLOCKS), min_size=0, max_size=6).map(lambda blocks: "# 題\n\n" + "\n".join(blocks))
edits = st.lists(st.tuples(st.sampled_from(PATHS), st.one_of(st.none(), texts)), min_size=1, max_size=2).map(dict)


def check(notes: Mapping[str, str | None], scope: str, kept: StoredValues | None) -> list[Diagnostic]:
    corpus = make_corpus({path: text for path, text in notes.items() if text is not None})
    return diagnose(replace(corpus, duplicate_scope=scope, kept=kept), PLANS)


@settings(max_examples=scale_examples(30))
@given(
    first=st.fixed_dictionaries(dict.fromkeys(PATHS, texts)),
    changes=st.lists(edits, min_size=1, max_size=4),
    scope=st.sampled_from(["corpus", "directory", "file"]),
)
def test_any_edits(first: dict[str, str | None], changes: list[dict[str, str | None]], scope: str) -> None:
    kept, notes = StoredValues(None, b""), first
    for change in ({}, *changes):
        notes = notes | change
        assert check(notes, scope, kept) == check(notes, scope, None)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return the paths of the entries that were compared, pair by pair; the test may clear the list."""
    seen: list[tuple[str, str]] = []
    judge = judge_pair

    def judge_seen(views: ComparisonContext, first: int, second: int) -> object:
        one, other = (views.corpus.notes[views.units[index].note].path for index in (first, second))
        seen.append((one, other))
        return judge(views, first, second)

    monkeypatch.setattr(pair_search, "judge_pair", judge_seen)
    return seen


def test_only_what_changed_is_compared(compared: list[tuple[str, str]]) -> None:
    kept = StoredValues(None, b"")
    notes = {path: f"# {path}\n\n{RUN}" for path in ("a.md", "b.md", "c.md")}
    check(notes, "corpus", kept)
    assert {("a.md", "b.md"), ("a.md", "c.md"), ("b.md", "c.md")} <= set(compared)
    compared.clear()
    check(notes, "corpus", kept)
    assert compared == []
    notes["b.md"] += "\n- 岸: 舟を着ける所。\n"
    check(notes, "corpus", kept)
    assert compared
    assert all("b.md" in pair for pair in compared)


def test_near_duplicates_drop_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """They compare all entries of the same notes once more."""
    kept = StoredValues(None, b"")
    notes = {"a.md": f"# 朝\n\n- 待避: {LONG}\n", "b.md": f"# 夜\n\n- 待避: {LONG}\n\n{RUN}"}
    found = check(notes, "corpus", kept)
    assert [one.rule for one in found] == ["duplicate-definition"]
    built: list[str] = []
    monkeypatch.setattr(problems, "_build_cluster_problem", lambda *_: built.append("one"))
    assert check(notes, "corpus", kept) == found
    assert built == []


def check_steps(notes: dict[str, str], path: str, texts: list[str]) -> list[list[Diagnostic]]:
    """Return what is reported with each of these texts at a path, and require that kept results change nothing."""
    kept, found = StoredValues(None, b""), []
    for text in texts:
        notes = {**notes, path: text}
        found.append(check(notes, "corpus", kept))
        assert found[-1] == check(notes, "corpus", None)
    return found


def test_a_link_to_a_note_that_changed_is_followed_anew() -> None:
    """A link behind an arrow stands for what it leads to: the result of two notes depends on a third."""
    passage = "- 舟: → [港](c.md#港)\n- 帆: → [港](c.md#港)\n- 櫂: 漕ぐ棒。\n"
    notes = {"a.md": f"# 朝\n\n{passage}", "b.md": f"# 夜\n\n{passage}"}
    long = "".join(f"{line}{line[4:20]}また{line[6:30]}\n" for line in RUN.splitlines())
    with_run, without = f"# 港\n\n{long}", "# 港\n"
    first, second, third = check_steps(notes, "c.md", [with_run, without, with_run])
    assert first == third
    assert first != second


def test_a_label_that_another_note_makes_is_one_everywhere() -> None:
    notes = {path: f"- 語{word}:\n  - 現場: 東の建物の三階で開く\n" for path, word in (("a.md", "戊"), ("b.md", "己"))}
    label = "".join(f"- 語{word}:\n  - 現場: {word}の話\n" for word in "甲乙丙丁")
    first, second, third = check_steps(notes, "c.md", ["", label, ""])
    assert first == third
    assert first != second


def test_a_paragraph_that_becomes_a_template_is_no_candidate() -> None:
    """Which entries of two notes are candidates depends on all notes."""
    template = "この段落はどの記事にも置かれている、書き方の決まりを述べる長い文であり、何の定義でもないものである。\n"
    own = "止まった仕事を、記録から読み直して、その続きから始め、待っている人に、始まったことを残らず知らせる。\n"
    lists = (
        "".join(f"- {word}: {word}についてほかでは読めないことを述べる、{word}の長い項目。\n" for word in words)
        for words in ("甲乙丙丁戊", "東西南北上")
    )
    a, b = (f"{template}\n{own}\n{list_}" for list_ in lists)
    others = {f"n{number}.md": f"# {number}\n\n{template}" for number in range(6)}
    first, second, third = check_steps(
        {"a.md": a, "b.md": b, **others}, "c.md", ["# 続\n", f"# 続\n\n{template}", "# 続\n"]
    )
    assert first == third
    assert first != second


def test_results_survive_the_process(tmp_path: Path, compared: list[tuple[str, str]]) -> None:
    notes = {"a.md": f"# 朝\n\n{RUN}", "d/b.md": f"# 夜\n\n{RUN}"}
    folder = CacheDirectory(str(tmp_path / "cache"))
    values = StoredValues(folder, b"k" * 20)
    found = check(notes, "corpus", values)
    values.save({"", "d"})
    compared.clear()
    assert check(notes, "corpus", StoredValues(folder, b"k" * 20)) == found
    assert compared == []
    assert check(notes, "corpus", StoredValues(folder, b"x" * 20)) == found
    assert compared
