"""What becomes of the copies that go: links that lead where they should, and nothing else changes."""

import re
from contextlib import suppress

import pytest

from techstock.merge import MergeError
from techstock.merge.plan import plan_merge
from techstock.merge.verification import apply_plan
from tests.merge.support import find_cluster, make_whole_corpus, merge_entry, merge_text
from tests.support import make_corpus, run_rule

SENTENCE = "新しい要求を受けず、いまの仕事を終えてから止まること。"


def merge_sections(one: str, other: str, line: int = 3) -> str:
    """Merge two sections, keeping the first copy, and return the second section."""
    return merge_text(f"## 一章\n\n{one}\n\n## 二章\n\n{other}\n", line, keep=1).partition("## 二章\n\n")[2].rstrip()


@pytest.mark.parametrize(
    ("one", "other", "pointer"),
    [
        (f"- 待避: {SENTENCE}", f"- **待避**: {SENTENCE}", "- **待避**: → [一章](#一章)"),
        (f"- 待避: {SENTENCE}", f"- **待避:** {SENTENCE}", "- **待避:** → [一章](#一章)"),
        (f"- 待避: {SENTENCE}", f"- **待避: {SENTENCE}**", "- 待避: → [一章](#一章)"),
        (f"- 待避：{SENTENCE}", f"* 待避：{SENTENCE}", "* 待避：→ [一章](#一章)"),
        (f"- 待避: {SENTENCE}", f"10. 待避 : {SENTENCE}", "10. 待避 : → [一章](#一章)"),
        (f"- 待避:\n  - {SENTENCE}", f"- 待避:\n\n  - {SENTENCE}\n", "- 待避: → [一章](#一章)"),
        (f"- 待避・・・{SENTENCE}", f"- 待避・・・{SENTENCE}", "- 待避・・・→ [一章](#一章)"),
        (f"- 待避 → {SENTENCE}", f"- 待避 → {SENTENCE}", "- 待避 → [一章](#一章)"),
        (f"- {SENTENCE * 3}", f"- {SENTENCE * 3}", "- → [一章](#一章)"),
        (f"- 待避 (drain): {SENTENCE}", f"- drain: {SENTENCE}", "- drain: → [待避 (drain)](#一章)"),
        (f"- 止める\n  - {SENTENCE}\n  - {SENTENCE * 2}", f"- 止める\n  - {SENTENCE}\n  - {SENTENCE * 2}",
         "- 止める → [一章](#一章)"),
        (f"- ~~待避~~ (drain): {SENTENCE}", f"- drain: {SENTENCE}", "- drain: → [一章](#一章)"),
        (f"- 待避[^1]: {SENTENCE}", f"- 待避: {SENTENCE}", "- 待避: → [一章](#一章)"),
        (f"- R&amp;D: {SENTENCE}", f"- R&D: {SENTENCE}", "- R&D: → [一章](#一章)"),
    ],
)  # fmt: skip
def test_pointer(one: str, other: str, pointer: str) -> None:
    assert merge_sections(one, other) == pointer


def test_two_terms_that_share_a_sentence_keep_what_is_their_own() -> None:
    shared = "新しい要求を受けず、いまの仕事を終えてから止まり、そのあと別の場所で始まるもの。"
    one, other = f"- 入れ替え: {shared}毎月する。", f"- 待避: 夜に始める。{shared}記録を残す。\n  - 台: 三つ"
    assert merge_sections(one, other) == "- 待避: 夜に始める。→ [入れ替え](#一章) 記録を残す。\n  - 台: 三つ"


def test_a_copy_in_the_same_list_goes() -> None:
    text = f"- 待避: {SENTENCE}\n\n- 復旧: 仕事を再び始める。\n\n- 待避: 台を空ける。\n  - 夜\n\n- 休止: 電源を切る。\n"
    assert merge_text(text) == (
        f"- 待避: {SENTENCE}台を空ける。\n  - 夜\n\n- 復旧: 仕事を再び始める。\n\n- 休止: 電源を切る。\n"
    )
    last = f"- 待避: {SENTENCE}\n- 復旧: 止まった仕事を再び始める。\n- 待避: 台を空ける。\n\nあと。\n"
    assert merge_text(last) == f"- 待避: {SENTENCE}台を空ける。\n- 復旧: 止まった仕事を再び始める。\n\nあと。\n"


@pytest.mark.parametrize(
    ("headings", "anchor"),
    [
        ("## 手順", "手順"),
        ("# 手順\n\n## 手順", "手順-1"),
        ("# 手順\n\n# 手順\n\n- ## 手順\n\n## 手順", "手順-3"),
        ("## `a` *b* [c](d.md) & e!", "a-b-c--e"),
        ("## 61. Ａ", "61-ａ"),
    ],
)
def test_anchors(headings: str, anchor: str) -> None:
    files = {"x/a b.md": f"{headings}\n\n- 待避: {SENTENCE}\n", "y/b.md": f"- 待避: {SENTENCE}\n", "x/d.md": "# d\n"}
    _, texts, new = merge_entry(files, "y/b.md", 1)
    assert re.search(r"\]\((.*)\)", texts["y/b.md"])[1] == f"../x/a%20b.md#{anchor}"  # type: ignore[index]
    assert new == []
    assert run_rule("link-missing", texts, texts) == []


def test_without_a_heading_the_link_leads_to_the_note() -> None:
    files = {"a.md": f"- 待避: {SENTENCE}\n", "b.md": f"- 待避: {SENTENCE}\n"}
    assert merge_entry(files, "a.md", 1)[1]["b.md"] == "- 待避: → [a.md](a.md)\n"


def test_links_and_images_of_another_folder() -> None:
    taken = (
        "図は ![a](img/a%20b.png)、手順は [x](../c.md#d) と [y][z] と [w](#図)、"
        '<a href="e.html">外</a> と [[メモ]] と <https://example.org/> にある。'
    )
    files = {
        "a.md": f"## 1.\n\n- 待避: {SENTENCE}\n",
        "n/o/b.md": f"## 図\n\n- 待避: {SENTENCE}{taken}\n\n[z]: <p q.md>\n",
        "n/c.md": "# d\n",
        "n/o/p q.md": "x\n",
    }
    files |= {"n/o/img/a b.png": "", "n/o/e.html": ""}
    _, texts, _ = merge_entry(files, "a.md", 3, keep=1)
    assert texts["a.md"] == (
        f"## 1.\n\n- 待避: {SENTENCE}図は ![a](n/o/img/a%20b.png)、手順は [x](n/c.md#d) と [y](n/o/p%20q.md) と "
        '[w](n/o/b.md#図)、<a href="n/o/e.html">外</a> と [[メモ]] と <https://example.org/> にある。\n'
    )
    assert run_rule("link-missing", texts, texts) == []


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (f"- 待避: {SENTENCE}註は[^1]。\n\n[^1]: 註\n", "footnote"),
        (f"- 待避: {SENTENCE}[外](../../../x.md) にもある。\n", "leads out of the project"),
        (f"- 待避: {SENTENCE}\n  - ### 台\n\n    手放す。\n", "change"),
    ],
)
def test_what_cannot_be_taken_along(other: str, why: str) -> None:
    files = {"a.md": f"## 1.\n\n- 待避: {SENTENCE}\n", "n/b.md": f"## 2.\n\n{other}"}
    with pytest.raises(MergeError, match=why):
        merge_entry(files, "a.md", 3, keep=1)


SHARED = "新しい要求を受けず、いまの仕事を終えてから止まり、そのあと別の場所で始まるもの。"


@pytest.mark.parametrize(
    "terms",
    [
        ("EBS (ストレージ)", "EFS (ストレージ)"),
        ("Windows (既定の置き場所)", "Linux (既定の置き場所)"),
        ("ALB（ロードバランサー）", "NLB (ロードバランサー)", "GLB (ロードバランサー)"),
        ("東口 (gate)", "西口 (gate)"),
        ("Windows (default)", "Linux (default)"),
    ],
)
def test_terms_with_only_a_parenthesis_in_common_are_not_merged(terms: tuple[str, ...]) -> None:
    files = {f"{number}.md": f"## 1.\n\n- {term}: {SHARED}\n" for number, term in enumerate(terms)}
    with pytest.raises(MergeError, match="have only what stands in parentheses in common"):
        merge_entry(files, "0.md", 3)
    for rule in ("duplicate-term", "term-conflict", "term-repeated", "near-duplicate"):
        assert run_rule(rule, {"a.md": "".join(f"- {term}: {SENTENCE}\n" for term in terms)}) == []
        assert run_rule(rule, {path: text.replace(SHARED, SENTENCE) for path, text in files.items()}) == []


def test_no_name_is_lost_in_one_list() -> None:
    text = f"- EBS: {SENTENCE}\n- 復旧: 止まった仕事を再び始める。\n- EBS (Elastic Block Store): {SENTENCE}\n"
    assert merge_text(text, keep=1).endswith("- EBS (Elastic Block Store): → [EBS](a.md)\n")
    assert merge_text(text, keep=2).startswith("- 復旧")


def test_no_name_is_lost_in_what_is_nested() -> None:
    nested = "  - {}: 仕事の結果を置いておくところ\n"
    text = f"## 一\n\n- 待避: {SENTENCE}\n{{}}\n## 二\n\n- 待避: {SENTENCE}\n{{}}"
    both = merge_text(text.format(nested.format("Windows (置き場所)"), nested.format("Linux (置き場所)")), 3, keep=1)
    assert "Windows" in both
    assert "Linux" in both
    with pytest.raises(MergeError, match=r"`EBS \(Elastic Block Store\)` in `a.md` would be lost"):
        merge_text(text.format(nested.format("EBS"), nested.format("EBS (Elastic Block Store)")), 3, keep=1)


def test_a_heading_in_a_copy_that_goes_keeps_all_of_it() -> None:
    files = {
        "a.md": f"# 台\n\n- 待避: {SENTENCE}\n",
        "b.md": f"- 待避: {SENTENCE}\n\n  ### 台\n\n## 台\n\n[上](#台) と [下](#台-1)\n",
    }
    with pytest.raises(MergeError):
        merge_entry(files, "a.md", 3, keep=1)


def test_clusters_of_other_rules() -> None:
    near = {
        "a.md": "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること、台はそのあとで手放す。\n",
        "b.md": "- 待避の動き: 新しい要求を受けず、いまの仕事が終わってから止まること、台はそのあとで手放す。\n",
    }
    assert find_cluster(make_whole_corpus(near), "a.md", 1).rule == "near-duplicate"
    assert merge_entry(near, "a.md", 1)[1]["b.md"] == "- 待避の動き: → [待避](a.md)\n"
    apart = "## 1.\n\n- 待避: 新しい要求を受けない状態のこと。\n\n## 2.\n\n- 待避: 台風の前に船を港へ移すこと。\n"
    assert find_cluster(make_whole_corpus(apart), "a.md", 3).rule == "term-conflict"
    assert merge_text(apart, 3).startswith(
        "## 1.\n\n- 待避: 新しい要求を受けない状態のこと。台風の前に船を港へ移すこと。\n"
    )


def test_different_code_is_told() -> None:
    text = "## 1.\n\n- {0}\n  ```\n  a\n  ```\n\n## 2.\n\n- {0}\n  ```\n  {1}\n  ```\n"
    assert [merge_entry(text.format(SENTENCE, code), line=3)[0].doubled for code in ("a", "b")] == [False, True]


def test_a_broken_link_may_move_but_none_may_break() -> None:
    files = {"a.md": f"# 一\n\n- 待避: {SENTENCE}\n", "n/b.md": f"- 待避: {SENTENCE}[図](weg.md) を見る。\n"}
    _, texts, new = merge_entry(files, "a.md", 3, keep=1)
    assert "[図](n/weg.md) を見る。" in texts["a.md"]
    assert [one.rule for one in new] == ["link-missing"]


@pytest.mark.parametrize(
    "marks",
    [
        "。![[x.png]][r]", "。![r]", "…![[x.png]][r]", "？![[#待避]][r]", "！![a](x.png)", "。![[x.png|![a](x.png)]]",
        "![<img src=\"x.png\">][r]", "[[#h|![a][r]]]", "[![[x.png]][r]](q.md)",
    ],
)  # fmt: skip
def test_links_that_overlap_are_planned(marks: str) -> None:
    """An embed and a reference may share characters, and begin within a run of marks that ends a sentence."""
    shared = "待避: 新しい要求を受けず、いまの仕事を終えてから止まること。"
    files = {"s/a.md": f"- {shared}図は次のとおり{marks} である。\n\n# h\n\n[r]: r.md\n", "z.md": f"- {shared}\n"}
    corpus = make_corpus(files, ["s/r.md", "s/x.png", "s/q.md"], scope="corpus")
    for keep in (1, 2):
        with suppress(MergeError):  # what cannot be taken along is said
            after = apply_plan(corpus, plan_merge(corpus, find_cluster(corpus, "z.md", 1, keep)))
            assert SENTENCE in "".join(note.text for note in after.notes)


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_the_note_that_gains_is_written_first(keep: int) -> None:
    shared = "待避: 新しい要求を受けず、いまの仕事を終えてから止まること。"
    extra = ("台の記録は三年のあいだ残す。", "", "札は夜のうちに倉へ戻しておく。")
    files = {f"{name}.md": f"- {shared}{more}\n" for name, more in zip("abc", extra, strict=True)}
    planned, _, _ = merge_entry(files, "b.md", 1, keep)
    assert next(iter(planned.texts)) == f"{'abc'[keep - 1]}.md"
    assert len(planned.texts) == 3


@pytest.mark.parametrize(
    ("mark", "link"),
    [(" ^drain", "[[n/b#^drain|x]]"), ('<a id="drain"></a>', "[x](n/b.md#drain)"), (" ^drain", "![[b#^drain]]")],
)
def test_what_other_notes_link_to_stays(mark: str, link: str) -> None:
    files = {"a.md": f"- 待避: {SENTENCE}\n", "n/b.md": f"## 二\n\n- 待避: {SENTENCE}{mark}\n", "c.md": f"文 {link}\n"}
    with pytest.raises(MergeError, match=r"`c.md:1` links to `drain`, which would be gone"):
        merge_entry(files, keep=1)
    assert merge_entry({**files, "c.md": "文\n"}, keep=1)[1]["n/b.md"].endswith("- 待避: → [a.md](../a.md)\n")


LONG = "新しい要求を受けず、いまの仕事を終えてから止まり、そのあと別の場所で始まるものであり、記録を残すこと。"


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("`a-b` を使う。", "`a_b` を使う。", "`a-b` を使う。`a_b` を使う。"),
        ("`GET` を使う。", "`get` を使う。", "`GET` を使う。`get` を使う。"),
        ("`x->y` と書く。", "`x<-y` と書く。", "`x->y` と書く。`x<-y` と書く。"),
        ("気温は 5 度。", "気温は -5 度。", "気温は 5 度。気温は -5 度。"),
        ("対応する。", "✅ 対応する。", "対応する。✅ 対応する。"),
        ("✅ 対応する。", "❌ 対応する。", "✅ 対応する。❌ 対応する。"),
        ("夜に始める。", "~~夜に始める。~~", "夜に始める。~~夜に始める。~~"),
        ("[説明](c.md#a)", "[説明](c.md#b)", "[説明](c.md#a)。[説明](c.md#b)"),
        ("![図](x.png)", "![図](y.png)", "![図](x.png)。![図](y.png)"),
        ("", "%%下書き%%", "%%下書き%%"),
        ("", "{{ ref }}", "{{ ref }}"),
        ("次。", "すごい![[x と書く。", "次。すごい![[x と書く。"),
        ("", "https://example.org/b?q=1", " https://example.org/b?q=1"),
        ("https://example.org/b", "https://example.org/a", "https://example.org/b https://example.org/a"),
        ("https://example.org/b", "記録を残す。", "https://example.org/b 記録を残す。"),
        ("<https://example.org/b>", "記録を残す。", "<https://example.org/b>。記録を残す。"),
        ("10² になる。", "102 になる。", "10² になる。102 になる。"),
    ],
)
def test_what_only_one_copy_says_is_in_the_result(one: str, other: str, kept: str) -> None:
    merged = merge_text(f"## 一章\n\n- 待避: {LONG}{one}\n\n## 二章\n\n- 待避: {LONG}{other}\n", 3, keep=1)
    assert merged.partition("\n\n## 二章")[0] == f"## 一章\n\n- 待避: {LONG}{kept}"


@pytest.mark.parametrize(
    ("one", "other", "lost"),
    [
        ("![図](x.png)", "![図 72](x.png)", "72"),
        ("", "<!-- 七月に直す -->", "七"),
        ("[題](c.md)", '[題](c.md "七")', "七"),
        ("記録を残す。", '<span title="七">記録</span>を残す。', "七"),
        ("\n  - S3: 置く場所。", "\n  - Amazon S3: 置く場所。", "amazon"),
    ],
)
def test_a_merge_that_would_lose_something_is_refused(one: str, other: str, lost: str) -> None:
    with pytest.raises(MergeError, match=f"`{lost}` in `a.md` would be lost; merge these by hand"):
        merge_text(f"## 一章\n\n- 待避: {LONG}{one}\n\n## 二章\n\n- 待避: {LONG}{other}\n", 3, keep=1)


@pytest.mark.parametrize("names", [("S3", "Amazon S3"), ("待避", "待避 (drain)")])
def test_every_name_stays_in_one_list(names: tuple[str, str]) -> None:
    text = "".join(f"- {name}: {LONG}\n- 他 {number}: 別の話。\n" for number, name in enumerate(names))
    for keep in (1, 2):
        try:
            merged = merge_text(text, keep=keep)
        except MergeError:
            continue
        assert all(name in merged for name in names)


def test_a_shared_sentence_whose_links_differ_is_not_replaced() -> None:
    linked = LONG.replace("別の場所", "[別の場所](d.md)")
    with pytest.raises(MergeError, match="has a link, code or a sign that the copy to keep has not"):
        merge_text(f"## 一章\n\n- 入れ替え: 毎月する。{LONG}\n\n## 二章\n\n- 待避: 夜に始める。{linked}\n", 3, keep=1)
