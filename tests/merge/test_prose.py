"""Merging of definitions in prose: a link replaces what the kept copy says, and the rest is refused."""

import pytest

from techstock.duplicates.prose import list_compared_entries
from techstock.merge import MergeError
from techstock.merge.candidates import MERGEABLE_RULES, find_merge_candidates
from techstock.merge.plan import plan_merge
from techstock.merge.verification import apply_plan
from tests.merge.support import make_whole_corpus
from tests.support import get_texts

SAID = "新しい要求を受けない状態のこと。受けた仕事は、終わるまで続ける。"
OTHERS = "### 櫂\n\n舟を漕ぐ板のこと。\n\n### 錨\n\n舟を止める重りのこと。\n"
PARAGRAPH = "桟橋は舟を着けるところで、潮が引いているあいだは荷を下ろせないから、朝のうちに時刻を確かめておく。"


def merge(files: dict[str, str], path: str, line: int) -> dict[str, str]:
    corpus = make_whole_corpus(files)
    note = corpus.by_path[path]
    entries = list_compared_entries(note)
    entry = next(n for n, one in enumerate(entries) if note.lines.find_position(one.place.start)[0] == line)
    cluster = next(find_merge_candidates(corpus, note, entry, list(MERGEABLE_RULES)))
    return get_texts(apply_plan(corpus, plan_merge(corpus, cluster)))


def test_a_link_replaces_the_paragraphs_below_a_heading() -> None:
    files = {
        "a.md": f"# 港\n\n### 待避\n\n{SAID}\n\n{OTHERS}",
        "b/b.md": f"# 舟\n\n{OTHERS[:14]}\n### 待避\n\n{SAID}\n",
    }
    files["b/b.md"] = f"# 舟\n\n### 待避\n\n{SAID}\n\n### 帆\n\n布。\n\n### 柱\n\n木。\n"
    after = merge(files, "b/b.md", 3)
    assert after["a.md"] == files["a.md"]
    assert after["b/b.md"] == files["b/b.md"].replace(SAID, "→ [待避](../a.md#待避)")


def test_a_paragraph_and_an_entry_link_to_the_heading_above() -> None:
    text = f"# 題\n\n## 朝。\n\n{PARAGRAPH}\n"
    files = {"a.md": text, "b.md": f"夜の話。\n\n{PARAGRAPH}\n"}
    assert merge(files, "b.md", 3)["b.md"] == "夜の話。\n\n→ [朝。](a.md#朝)\n"
    files = {"a.md": f"# 港\n\n### 待避\n\n{SAID}\n\n{OTHERS}", "b.md": f"- 待避: {SAID}\n- 帆: 布。\n"}
    assert merge(files, "b.md", 1)["b.md"] == "- 待避: → [a.md, 待避](a.md#待避)\n- 帆: 布。\n".replace("a.md, ", "")


@pytest.mark.parametrize(
    ("own", "why"),
    [
        (f"{SAID}\n\n#### 細目\n\n板を並べる。", "subheadings"),
        (f"{SAID}\n\n- 板を並べる。", "a list"),
        (f"{SAID}\n\n```\nx\n```", "a fence"),
        (f"{SAID}そのあと止まる。", "says something"),
        (f"{SAID}![](x.png)", "an image"),
        (f"{SAID.replace('仕事', '[仕事](c.md)')}", "a link"),
        (f"{SAID} <!-- techstock: ignore note-title -->", "a comment"),
        (f"{SAID}値は $f(x)$ だ。", "a formula"),
    ],
)
def test_what_would_be_lost_is_refused(own: str, why: str) -> None:
    kept = f"# 港\n\n### 待避\n\n{SAID}\n\n{OTHERS}"
    files = {"a.md": kept, "b.md": f"# 舟\n\n### 待避\n\n{own}\n\n### 帆\n\n布。\n\n### 柱\n\n木。\n"}
    with pytest.raises(MergeError, match=why):
        merge(files, "b.md", 3)


def test_an_entry_with_nested_entries_is_refused() -> None:
    files = {"a.md": f"# 港\n\n### 待避\n\n{SAID}\n\n{OTHERS}", "b.md": f"- 待避: {SAID}\n  - 朝のうち。\n"}
    with pytest.raises(MergeError, match="nested"):
        merge(files, "b.md", 1)
