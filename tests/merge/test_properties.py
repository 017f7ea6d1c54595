"""Merges of any copies: nothing is lost, no link breaks, and lint has nothing more to say of them."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from techstock.engine import diagnose
from techstock.merge import MergeError
from techstock.merge.candidates import MERGEABLE_RULES, find_merge_candidates
from techstock.merge.copy_changes import SHARED as PARTLY
from techstock.merge.entry_tree import build_entry_tree
from techstock.merge.plan import plan_merge
from techstock.merge.sentence_containment import has_statement
from techstock.merge.verification import apply_plan, find_missing_content, find_new_problems
from tests.merge.support import PLANS, make_whole_corpus

SHARED = "新しい要求を受けず、いまの仕事を終えてから止まること。"
OWN = (
    "台は手放す。", "記録を残す", "**準備をする。**", "[手順](../n/b.md#二) に従う。", "`stop` を使う。",
    "図 ![a](a.png)。",
    "It ends, e.g. at night.", "夜に始める（昼も）。", "\\*星\\* を付ける。",
)  # fmt: skip
LINES = (
    "- 例: 入れ替え", "- 台は手放す。", "- ![図](a.png)", "- 手順:\n  - 一つ目を止める\n  - 二つ目",
    "```sh\n\tdrain\n```",
    "もう一つの段落。", "1. 一つ目\n2. 二つ目", "- 記録を残す。\n\n  紙に書く。",
)  # fmt: skip


@st.composite
def entries(draw: st.DrawFn) -> str:
    """An entry that shares a sentence with all others of its kind."""
    marker = draw(st.sampled_from(["- ", "* ", "1. ", "-   "]))
    head = draw(st.lists(st.sampled_from(OWN), max_size=3, unique=True))
    head.insert(draw(st.integers(0, len(head))), SHARED)
    blocks = draw(st.lists(st.sampled_from(LINES), max_size=3, unique=True))
    term = draw(st.sampled_from(["待避: ", "**待避**: ", "待避：", "待避・・・"]))
    indent = " " * len(marker)
    rest = "".join(f"\n\n{block}" for block in blocks).replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n")
    return f"{marker}{term}{' '.join(head)}{rest}\n"


@st.composite
def notes(draw: st.DrawFn) -> dict[str, str]:
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    tops = draw(
        st.lists(
            st.sampled_from(["# 二\n\n", "## 一\n\n文。\n\n", "", "- 復旧: 始める。\n\n文。\n\n"]),
            min_size=3,
            max_size=3,
        )
    )
    rest = [f"## 後\n\n- {word}: {word * 60}\n" for word in "空海山"]  # so that no note is a copy of another
    bodies = [f"{top}{draw(entries())}\n{own}" for top, own in zip(tops, rest, strict=True)]
    return {path: body.replace("\n", ends) for path, body in zip(("m/a.md", "n/b.md", "o/c.md"), bodies, strict=True)}


@given(files=notes(), keep=st.integers(0, 2))
@settings(max_examples=40)
def test_nothing_is_lost_and_no_link_breaks(files: dict[str, str], keep: int) -> None:
    corpus = make_whole_corpus({**files, "n/a.png": "", "m/a.png": "", "o/a.png": ""})
    note = corpus.by_path["m/a.md"]
    entry = next(index for index, one in enumerate(note.entries) if SHARED in one.head.extract_from(note.text))
    cluster = next(find_merge_candidates(corpus, note, entry, list(MERGEABLE_RULES)))
    try:
        planned = plan_merge(corpus, replace(cluster, kept=keep % len(cluster.copies)))
        after = apply_plan(corpus, planned)
    except MergeError as error:
        assert "by hand" in str(error)  # noqa: PT017 (refused, with a sentence, is fine)
        return
    before, found = diagnose(corpus, PLANS), diagnose(after, PLANS)
    # A broken link moves with its copy; and what has grown may be near to an entry that was none of the copies.
    assert {one.rule for one in find_new_problems(before, found)} <= {"link-missing", *MERGEABLE_RULES}
    assert len(found) <= len(before)
    kept = cluster.copies[planned.cluster.kept]
    whole = build_entry_tree(after, after.notes[kept.note], kept.entry)
    for copy in (cluster.copies[one.copy] for one in planned.changes if one.kind != PARTLY):
        assert find_missing_content(whole, build_entry_tree(corpus, corpus.notes[copy.note], copy.entry)) == ""
    for path, text in files.items():
        assert after.by_path[path].text.count("\r") == after.by_path[path].text.count("\n") * ("\r" in text)


@given(st.text("ab 。、,不ないのを12", max_size=12), st.text("ab 。、,不ないのを12", max_size=12))
@settings(max_examples=150)
def test_a_text_says_itself_and_what_turns_it_does_not(one: str, other: str) -> None:
    assert has_statement(one, one)
    assert not has_statement(one, f"{one}。{other}台")
