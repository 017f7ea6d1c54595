"""Names that three notes use and none defines."""

import pytest

from techstock.model import Corpus
from techstock.parse import parse
from techstock.survey.undefined_terms import find_undefined_terms

USE = "- 台は RPO を守り、Step Functions で復旧する。\n"


def list_undefined(*texts: str, paths: str = "abcdefgh") -> list[str]:
    notes = tuple(parse(f"{path}.md", text) for path, text in zip(paths, texts, strict=False))
    return [term.term for term in find_undefined_terms(Corpus(notes))]


def test_abbreviations_and_names_in_sentences() -> None:
    found = find_undefined_terms(Corpus(tuple(parse(f"{name}.md", USE) for name in "abc")))
    assert [term.term for term in found] == ["RPO", "Step Functions"]
    assert [stand.place.path for stand in found[0].places] == ["a.md", "b.md", "c.md"]
    assert all(stand.definition == -1 for stand in found[0].places)
    assert list_undefined(USE, USE) == []


@pytest.mark.parametrize(
    "known",
    [
        "- RPO: 目標。\n- Step Functions: 手順。\n",
        "- 目標復旧時点 (RPO): 目標。\n- AWS Step Functions: 手順。\n",
        "## 3. RPO\n\n## Step Functions\n",
        "- RPO\n  - 目標。\n- Step Functions\n  - 手順。\n",
        "| 名 |\n|---|\n| RPO |\n| Step Functions |\n",
        "- 台の RPO（目標復旧時点）と Step Functions（手順）を見る。\n",
        "- 目標復旧時点（RPO）と手順（Step Functions）を見る。\n",
        "- RPO とは、目標である。\n\nStep Functions は手順である。\n",
        "- RPO → 目標。\n- Step Functions・・・手順。\n",
    ],
)
def test_what_is_explained_anywhere_is_defined(known: str) -> None:
    assert list_undefined(USE, USE, USE, known) == []


def test_an_entry_without_a_definition_defines_nothing() -> None:
    assert list_undefined(USE, USE, USE, "- RPO:\n- Step Functions:\n") == ["RPO", "Step Functions"]


@pytest.mark.parametrize(
    "text",
    [
        "- 3 GB まで OK とする。\n",  # a unit, a word
        "- 決して NOT としない。これは not である。\n",  # shouted
        "If It Drains, Then It Stops.\n",  # English begins sentences with capitals
        "- `RPO` と https://example.org/RPO を見る。\n",  # no running text
        "- 台は Web にある。\n",  # one word without inner capitals may be anything
        "- OSI 7 の層。\n",  # the number may belong to what follows
        "- 台の CATASTROPHIC な停止。\n",  # longer than an abbreviation
    ],
)
def test_what_may_be_no_term(text: str) -> None:
    assert list_undefined(text, text, text) == []


def test_translations_of_one_note_are_one() -> None:
    notes = tuple(parse(path, USE) for path in ("a.md", "a.ja.md", "a.en.md", "b.md"))
    assert find_undefined_terms(Corpus(notes)) == []


def test_the_plural_is_the_same_and_longer_names_are_not() -> None:
    assert list_undefined("- VPC を使う。\n", "- VPCs を使う。\n", "- 二つの VPC を繋ぐ。\n") == ["VPC"]
    queue = "- 列は SQS Queue にある。\n"
    assert list_undefined(queue, queue, queue, "- SQS: 列。\n") == []
