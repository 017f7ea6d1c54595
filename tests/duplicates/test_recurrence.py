"""What is learned from all notes: labels, frames, headings that many notes have."""

import pytest

from techstock.duplicates.candidates import get_recurrence, list_checksums
from techstock.duplicates.recurrence import Recurrence, learn_recurrence
from tests.support import make_corpus


def learned(files: dict[str, str]) -> Recurrence:
    return get_recurrence(make_corpus(files))


def test_a_label_says_other_things_below_other_parents_of_a_note() -> None:
    text = "".join(f"- 舟{n}:\n  - 積み荷: 品{n}\n" for n in range(3))
    assert learned({"a.md": text}).labels == {(True, "積み荷")}
    assert learned({"a.md": text.replace("品1", "品0").replace("品2", "品0")}).labels == frozenset()


def test_a_name_that_each_note_defines_once_is_no_label_however_often() -> None:
    files = {f"{n}.md": f"## 話題{n}\n\n- 水門: 川の水を{n}つの溝で止める板。\n" for n in range(20)}
    assert learned(files).labels == frozenset()


def test_a_nested_term_that_says_something_else_each_time_is_a_label() -> None:
    files = {f"{n}.md": f"- 舟{n}:\n  - 色: 色{n}\n" for n in range(8)}
    assert learned(files).labels == {(True, "色")}
    assert learned(dict(list(files.items())[:7])).labels == frozenset()


@pytest.mark.parametrize(("count", "expected"), [(3, frozenset()), (4, frozenset({"返り値"}))])
def test_a_heading_with_other_content_each_time_is_a_frame(count: int, expected: frozenset[str]) -> None:
    text = "".join(f"## 関数{n}\n\n### 返り値\n\n- 値{n}を返す\n\n" for n in range(count))
    assert learned({"a.md": text}).frames == expected


def test_a_copied_section_is_no_frame() -> None:
    files = {f"{n}.md": "## 索引を調べる\n\n- 段階を見る\n" for n in range(5)}
    assert learned(files).frames == frozenset()
    assert learned(files).templates == frozenset()
    assert learned({**files, "x.md": files["0.md"]}).templates == {"索引を調べる"}


def test_numbered_headings_tell_nothing() -> None:
    files = {f"{n}.md": f"## 1.\n\n- 値{n}を返す\n" for n in range(9)}
    assert learned(files) == Recurrence()


def test_the_order_of_notes_does_not_count() -> None:
    files = {f"{n}.md": f"## 環境{n % 2}\n\n- 舟{n}:\n  - 色: 色{n}\n" for n in range(9)}
    notes = list_checksums(make_corpus(files))
    assert learn_recurrence(notes) == learn_recurrence(reversed(notes))
    assert learn_recurrence(notes).listed() == learn_recurrence(reversed(notes)).listed()


@pytest.mark.parametrize(("authors", "expected"), [("aab", False), ("abc", True), (["", "", "", "a"], False)])
def test_notes_of_several_authors_are_an_anthology(authors: list[str], expected: bool) -> None:
    files = {f"{n}.md": f"---\nauthor: {name}\n---\n\n- 語: 意味\n" for n, name in enumerate(authors)}
    assert learned(files).is_anthology is expected
