"""What the judges are worth: bugs planted in the fixer and in merges, each of which they must find."""

import re
from collections.abc import Sequence
from functools import partial

import pytest

from techstock.engine import fix_safety
from techstock.fix import fix_loop
from techstock.fix.edits import FollowedFixes
from techstock.fix.fix_loop import fix_corpus
from techstock.links import inbound_links
from techstock.merge import copy_changes, verification
from techstock.merge.combine import CombinedCopy
from techstock.model import WARNING, Corpus, Diagnostic, Edit, Fix, Problem, Span
from tests.harm.judge import judge_bold, judge_fixing, judge_note
from tests.harm.merging import list_candidates, merge_cluster
from tests.merge.support import make_whole_corpus
from tests.support import make_corpus

LINKED = {"a.md": "# 題\n\n## 学習\u2f64データ\n\nk1\n", "b.md": "# 乙\n\n[x](a.md#学習データ)\n"}
COUNTED = {"a.md": "## 待避\n\nk1\n\n##\u3000待避\n\nk2\n\n## 待避\n\nk3\n", "b.md": "[x](a.md#待避-1)\n"}
LONG = "新しい要求を受けず、いまの仕事を終えてから止まり、そのあと別の場所で始まるものであり、記録を残すこと。"


def follow_nothing(_: Corpus, chosen: Sequence[Diagnostic], __: object) -> FollowedFixes:
    return FollowedFixes(tuple(chosen), ())


def test_a_link_that_is_made_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**LINKED, "b.md": "# 乙\n\n[x](A.md#学習データ)\n"}
    assert judge_fixing(files, unsafe=True) == []
    monkeypatch.setattr(inbound_links._UpdatePlan, "_check_new_link", check_nothing)
    assert [harm.partition(" at ")[0] for harm in judge_fixing(files, unsafe=True)] == ["dead link: made"]


@pytest.mark.parametrize("files", [LINKED, COUNTED], ids=["text", "number"])
def test_an_edit_that_changes_an_anchor(files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert judge_fixing(files, unsafe=True) == []
    monkeypatch.setattr(fix_loop, "follow_links", follow_nothing)
    assert any(harm.startswith("dead link") for harm in judge_fixing(files, unsafe=True))


def test_a_form_of_links_that_is_not_understood_stops_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**LINKED, "b.md": "[[a#学習\u2f64データ]]\n"}
    monkeypatch.setattr(inbound_links, "_find_wiki_fragment", lambda *_: None)
    outcome = fix_corpus(make_corpus(files, beside=files), partial(plant, "\u2f64", "用"), unsafe=True)
    assert outcome.groups == ()
    assert len(outcome.linked) == 1


def test_a_link_that_gains_what_a_heading_loses_is_no_harm() -> None:
    files = {
        "a.md": "## ０１．甲\n\nk1\n\n## 2. 乙\n\nk2\n\n## ０３．丙\n\nk3\n",
        "b.md": "## 1. 丁\n\nk4\n\n## ０２．戊\n\nk5\n\n## 3. 己\n\n[x](a.md#2-乙)\n",
    }
    assert judge_fixing(files, unsafe=True) == []


def test_a_heading_whose_term_gets_another_spelling_is_the_same() -> None:
    files = {
        "a.md": "# 題\n\n## SpeedrunDays\n\nSpeedRunDays と SpeedRunDays、SpeedRunDays。\n",
        "b.md": "# 乙\n\n[x](a.md#speedrundays) と サーバー、サーバー、サーバー。[y](#サーバ)\n\n## サーバ\n\n文。\n",
    }
    assert judge_fixing(files, unsafe=True) == []


def plant(pattern: str, new: str, corpus: Corpus) -> list[Diagnostic]:
    """A rule whose fix replaces each match of a pattern in `a.md`, and says that this is safe."""
    note = corpus.by_path["a.md"]
    found = []
    for match in re.finditer(pattern, note.text):
        place = Span(*match.span(), note.path)
        fix = Fix("do it", (Edit(place, match.expand(new)),), safe=False)
        found.append(Diagnostic("planted", WARNING, Problem(place, "wrong", fix=fix), (str(place),)))
    return found


@pytest.mark.parametrize(
    ("text", "pattern", "new", "harm"),
    [
        ("文 $f * g$ と $a * b$ の後。\n", r"\$f \* g\$ と \$a \* b", "$f $", "lost word"),
        ("- 待避 (drain): 話。\n", r" \(drain\)", "", "lost word"),
        ("本文の語。\n\n続き。\n", "本文", "<!-- 本文", "lost word"),
        ("[題](b.md) と [題](c.md)\n", r"b\.md", "c.md", "lost link"),
        ("![図](b.png)\n", r"!\[図\]\(", "[図](", "lost image"),
        ("文 #か\u3099い {{ a }}\n", "か\u3099", "が", "changed for programs"),
        ("文 {{ a：b }} ^id\n", "：", ": ", "changed for programs"),
    ],
    ids=["math", "term", "comment", "link", "image", "tag", "template"],
)
def test_a_fix_that_says_less_than_it_does(text: str, pattern: str, new: str, harm: str) -> None:
    corpus = make_corpus({"a.md": text})
    [one] = plant(pattern, new, corpus)
    edits = one.problem.list_edits_of("a.md")
    changed = text.replace(edits[0].place.extract_from(text), edits[0].text)
    assert any(found.startswith(harm) for found in judge_note(text, changed, [], []))
    assert list(judge_note(text, text, [], [])) == []


def test_bold_text_that_moves_to_other_words() -> None:
    old, place = "**注意：**これは**重要：**です。\n", "**注意：**これは**重要：**"
    good, wrong = "**注意**：これは**重要**：です。\n", "**注意：**これは**重要**：です。\n"
    assert list(judge_bold(old, good, place)) == []
    assert [harm.partition(":")[0] for harm in judge_bold(old, wrong, place)] == ["wrong bold", "wrong bold"]


def merge_harm(text: str) -> list[str]:
    corpus = make_whole_corpus(text)
    return [kind for cluster in list_candidates(corpus) for kind in merge_cluster(corpus, cluster).harm]


def check_nothing(*_: object) -> None:
    return None


@pytest.mark.parametrize(
    ("text", "always_true"),
    [
        (f"- S3: {LONG}\n- 他: 別の話。\n- Amazon S3: {LONG}\n", (copy_changes, "_has_words_of")),
        (f"## 一\n\n- 待避: {LONG}`a-b`\n\n## 二\n\n- 待避: {LONG}`a_b`\n", (CombinedCopy, "_covers")),
        (f"## 一\n\n- 待避: {LONG}\n\n## 二\n\n- 待避: {LONG}[題](c.md) 72\n", (CombinedCopy, "_covers")),
    ],
    ids=["name", "code", "link"],
)
def test_a_merge_that_drops_something(
    text: str, always_true: tuple[object, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert merge_harm(text) == []
    monkeypatch.setattr(*always_true, lambda *_: True)
    assert merge_harm(text) == []  # refused: the plan is checked
    monkeypatch.setattr(verification, "_check_content", check_nothing)
    assert any(harm.startswith("lost") for harm in merge_harm(text))


def test_a_fix_of_math_that_the_engine_lets_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "文 $\u2f64$ の語。\n"
    corpus = make_corpus({"a.md": text})
    [one] = plant("\u2f64", "用", corpus)

    def settle() -> Fix | None:
        [settled] = fix_safety.settle_safety([one.problem], corpus.by_path.get)
        return settled.fix

    assert settle() is None
    monkeypatch.setattr(fix_safety, "touches_protected_text", lambda *_: False)
    assert settle() is not None
