"""What an entry is by its own form, and by its note and the headings above it."""

import pytest

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import collect_compared_entries
from techstock.duplicates.entry_kinds import is_journal_path
from techstock.duplicates.matching import get_entry_kind
from tests.support import make_corpus

LONG = "新しい要求を受けず、いまの仕事を終えてから止まること。"


def kinds(text: str, path: str = "a.md") -> list[str]:
    notes = make_corpus({path: text})
    views = ComparisonContext(notes, collect_compared_entries(notes), "directory")
    return [get_entry_kind(views, unit) for unit in views.units]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"- 待避: {LONG}\n", "definition"),
        (f"- {LONG}\n", "definition"),
        (f"1. {LONG}\n2. 止まる\n", "step"),
        (f"### 問題 4\n\n- 待避: {LONG}\n", "answer"),
        (f"## Question 12: Draining\n\n### Why\n\n- {LONG}\n", "answer"),
        (f"## 問題の見つけ方\n\n- 待避: {LONG}\n", "definition"),
        (f"## Q&A 4\n\n- 待避: {LONG}\n", "definition"),
        (f"1. 開ける\n   - {LONG}\n2. 止まる\n", "step"),
        ("- 舟 -> 水門: 開けてと頼む\n", "step"),
        (f"## 参考文献\n\n- {LONG}\n", "source"),
        (f"## References\n\n- {LONG}\n", "source"),
        ("- 手引き https://example.org/very/long/path\n", "source"),
        ("- [題](a.md): 水門の動かし方を述べる\n", "source"),
        ("- [M]. 港の歴史. 2011.\n", "source"),
        ("- 港の人. 港の歴史 (2011),\n", "source"),
        ("- 港の人, pp. 12-40.\n", "source"),
        ("- 港の人 et al, 港の歴史\n", "source"),
        ("- 2011 年の港の歴史\n", "definition"),
        ("- 舟 => 水門: 開けてと頼む\n", "step"),
        ("- `tons` - weight in tons or `null`\n- `name` - name of the ship\n", "field"),
        ("- `32` bytes: x の座標\n- `32` bytes: y の座標\n", "field"),
        ("- salt `0x00`\n- code `0x01`\n", "field"),
        (f"> - {LONG}\n", "quote"),
        (f"## 2023-05-13\n\n- {LONG}\n", "journal line"),
        (f"## [1.2.0](x) (2023-05-13)\n\n- **parser**: {LONG}\n", "journal line"),
        ("- なぜ水門は朝に開くのか？\n", "question"),
        ("- 水門:\n  - 朝に開く\n", "heading"),
    ],
)
def test_kind_of_the_first_entry(text: str, kind: str) -> None:
    assert kinds(text)[0] == kind


@pytest.mark.parametrize(
    "text",
    [
        f"1. {LONG}\n",  # one entry is no procedure
        f"1. 甲\n   - 待避: {LONG}\n2. 乙\n",  # a term in a step is defined
        f"- `drain`: {LONG}\n",  # one name in code is no list of fields
        "- 手引きによれば水門は朝に開く: https://example.org/a\n- 水門\n",
        f"## 1.1 Explain the advantages\n\n- {LONG}\n",  # a section number is no release
    ],
)
def test_what_is_a_definition_all_the_same(text: str) -> None:
    assert "definition" in kinds(text)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2023-05-13.md", True), ("diary/20230513.md", True), ("CHANGELOG.md", True), ("release-notes.md", True),
        ("plan.excalidraw.md", True), ("excalidraw.md", False),
        ("01-10.md", False), ("2023.md", False), ("changes-in-law.md", False),
    ],
)  # fmt: skip
def test_journals_by_their_path(path: str, expected: bool) -> None:
    assert is_journal_path(path) is expected
    assert (kinds(f"- {LONG}\n", path) == ["journal line"]) is expected


def test_a_heading_below_which_entries_mostly_lead_somewhere_lists_sources() -> None:
    text = "".join(f"## 章{n}\n\n- 一\n\n### もっと読む\n\n- [甲{n}](https://e.org/{n})\n- 本{n}\n\n" for n in range(4))
    notes = make_corpus({"a.md": text})
    views = ComparisonContext(notes, collect_compared_entries(notes), "directory")
    assert {get_entry_kind(views, unit) for unit in views.units if unit.text.startswith("本")} == {"definition"}
    more = text.replace("- 本", "- [乙](https://e.org/x)\n- 本")
    notes = make_corpus({"a.md": more})
    views = ComparisonContext(notes, collect_compared_entries(notes), "directory")
    assert {get_entry_kind(views, unit) for unit in views.units if unit.text.startswith("本")} == {"source"}
