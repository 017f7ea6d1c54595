"""What the kept copy says after a merge: all that every copy says, once, where it belongs."""

import pytest

from tests.merge.support import merge_entry, merge_text

SENTENCE = "新しい要求を受けず、いまの仕事を終えてから止まること。"


def two(one: str, other: str) -> str:
    """A note with two entries in two sections."""
    return f"## 1.\n\n{one}\n\n## 2.\n\n{other}\n"


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        pytest.param(
            f"- 待避: {SENTENCE}台は手放す。", f"- 待避: 準備をする。{SENTENCE}記録を残す。台は手放す。",
            f"- 待避: 準備をする。{SENTENCE}記録を残す。台は手放す。", id="in order",
        ),
        pytest.param(
            "- 待避: 仕事を終えてから止まる状態のこと", "- 待避: 仕事を終えてから止まる状態のこと。次に備える。",
            "- 待避: 仕事を終えてから止まる状態のこと。次に備える。", id="a full stop where there was none",
        ),
        pytest.param(
            "- Drain: It takes no new work of any kind at all and ends what it has.",
            "- Drain: It takes no new work of any kind at all and ends what it has. Then it goes back, e.g. to a pool.",
            "- Drain: It takes no new work of any kind at all and ends what it has. Then it goes back, e.g. to a pool.",
            id="English",
        ),
        pytest.param(
            "- Drain: takes no new work at all, ends what it has, and then gives back its node to the pool",
            "- Drain: takes no new work at all, ends what it has, and then gives back its node to the pool, slowly",
            "- Drain: takes no new work at all, ends what it has, and then gives back its node to the pool, slowly",
            id="the fuller one in its place",
        ),
        pytest.param(
            f"- 待避: {SENTENCE}", f"- 待避:\n  - {SENTENCE}\n  - 台は手放す。",
            f"- 待避: {SENTENCE}\n  - 台は手放す。", id="nested entries below text",
        ),
        pytest.param(
            f"- 待避:\n  - {SENTENCE}\n  - 台は手放す。", f"- 待避: {SENTENCE}記録を残す。",
            f"- 待避:\n  - {SENTENCE}\n  - 台は手放す。\n  - 記録を残す。", id="text below nested entries",
        ),
        pytest.param(
            f"- 待避:\n  - {SENTENCE}\n  - 例: 入れ替え\n    - 夜",
            f"- 待避:\n  - {SENTENCE}\n  - 準備をする。\n  - 例: 入れ替え\n    - 夜\n    - 昼\n  - 記録:\n    - 紙",
            f"- 待避:\n  - {SENTENCE}\n  - 準備をする。\n  - 例: 入れ替え\n    - 夜\n    - 昼\n  - 記録:\n    - 紙",
            id="entries nested in nested ones",
        ),
        pytest.param(
            f"* 待避:\n    * {SENTENCE}", f"1. 待避:\n   1. {SENTENCE}\n   2. 記録を残す。\n      - 紙",
            f"* 待避:\n    * {SENTENCE}\n    * 記録を残す。\n      - 紙", id="its own markers and indentation",
        ),
        pytest.param(
            f"1. 待避:\n   1) {SENTENCE}\n   2) 台は手放す。", f"- 待避:\n  - 準備をする。\n  - {SENTENCE}",
            f"1. 待避:\n   1) {SENTENCE}\n   2) 台は手放す。\n   3) 準備をする。", id="numbers go on",
        ),
        pytest.param(
            f"- 待避: {SENTENCE}\n\n  ```sh\n  drain\n  ```", f"- 待避: {SENTENCE}\n  ```sh\n  \tstop   # all\n  ```",
            f"- 待避: {SENTENCE}\n\n  ```sh\n  drain\n  ```\n  ```sh\n  \tstop   # all\n  ```",
            id="code, byte for byte",
        ),
        pytest.param(
            f"- 待避: {SENTENCE}", f"- 待避: {SENTENCE}\n  - ![図](https://example.org/a.png)",
            f"- 待避: {SENTENCE}\n  - ![図](https://example.org/a.png)", id="images",
        ),
        pytest.param(
            f"- 待避: {SENTENCE}", f"- 待避: {SENTENCE[:-1]}（[手順](https://example.org/a)）。",
            f"- 待避: {SENTENCE[:-1]}（[手順](https://example.org/a)）。", id="the copy with the link",
        ),
        pytest.param(
            f"- 待避: {SENTENCE}<br>", f"- 待避: {SENTENCE}**記録を残す。** 台は手放す。",
            f"- 待避: {SENTENCE}**記録を残す。** 台は手放す。<br>", id="markup stays whole",
        ),
        pytest.param(
            f"- 待避: {SENTENCE}", f"- 待避: {SENTENCE}\n\n  台は手放す。\n\n  記録を残す。",
            f"- 待避: {SENTENCE}\n\n  台は手放す。\n\n  記録を残す。", id="paragraphs",
        ),
        pytest.param(
            f"- 待避・・・{SENTENCE}", f"- 待避: {SENTENCE}記録を残す。",
            f"- 待避・・・{SENTENCE}記録を残す。", id="no colon",
        ),
    ],
)  # fmt: skip
def test_kept_text(one: str, other: str, kept: str) -> None:
    text = merge_text(two(one, other), 3, keep=1)
    assert text.partition("\n\n## 2.")[0] == f"## 1.\n\n{kept}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("台を止めてから使えるようにする。", "台を止めてから使えないようにする。"),
        ("暗号化は台ごとに必要となるもの。", "暗号化は台ごとに不必要となるもの。"),
        ("サーバーがクライアントを認証する仕組み。", "サーバーをクライアントが認証する仕組み。"),
        (
            "月に 5 ドルを払えば三台までを誰でもいつでも使えるもの。",
            "月に 15 ドルを払えば三台までを誰でもいつでも使えるもの。",
        ),
        (
            "It may be used in every region at once, whatever was chosen for it.",
            "It may be used in every region at once, whatever was chosen for it, except two.",
        ),
    ],
)
def test_what_tells_another_thing_is_kept_and_said(one: str, other: str) -> None:
    plan, texts, _ = merge_entry(two(f"- 待避: {one}", f"- 待避: {other}"), line=3, keep=1)
    kept = texts["a.md"].partition("\n\n## 2.")[0]
    assert one in kept
    assert other in kept
    assert plan.near


def test_three_copies_in_three_notes() -> None:
    files = {
        "a.md": f"## 1.\n\n- 待避: {SENTENCE}台は手放す。\n",
        "b.md": f"## 2.\n\n- 待避: {SENTENCE}記録を残す。\n",
        "c.md": f"## 3.\n\n- 待避: 準備をする。{SENTENCE}記録を残す。\n",
    }
    plan, texts, new = merge_entry(files, "b.md", 3)
    assert (plan.cluster.rule, plan.cluster.kept, new) == ("duplicate-definition", 0, [])
    assert texts == {
        "a.md": f"## 1.\n\n- 待避: 準備をする。{SENTENCE}台は手放す。記録を残す。\n",
        "b.md": "## 2.\n\n- 待避: → [a.md, 1.](a.md#1)\n",
        "c.md": "## 3.\n\n- 待避: → [a.md, 1.](a.md#1)\n",
    }


def test_line_ends_and_mark_stay() -> None:
    text = "\ufeff" + two(f"- 待避: {SENTENCE}", f"- 待避: {SENTENCE}\n  - 台は\n    手放す。").replace("\n", "\r\n")
    merged = merge_text(text, 3)
    assert merged == "\ufeff" + two(f"- 待避: {SENTENCE}\n  - 台は\n    手放す。", "- 待避: → [1.](#1)").replace(
        "\n", "\r\n"
    )


def test_a_second_merge_finds_nothing() -> None:
    text = merge_text(two(f"- 待避: {SENTENCE}", f"- 待避: {SENTENCE}"), 3)
    with pytest.raises(StopIteration):
        merge_entry(text, line=3)
