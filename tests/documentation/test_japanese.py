"""README.ja.md says what README.md says: the same sections, links, commands and outputs."""

import re
from typing import NamedTuple

import pytest

from tests.documentation.pages import ROOT, blocks, outside, spans

ENGLISH, JAPANESE = ((ROOT / file).read_text("utf-8") for file in ("README.md", "README.ja.md"))
_EACH_OTHER = {"README.md", "README.ja.md"}


class Part(NamedTuple):
    """What of a section is the same in every language, in any order of words; `level` is that of its heading."""

    level: int
    links: list[str]
    code: list[str]


def parts(text: str) -> list[Part]:
    found = re.split(r"^(?=#{1,6} )", outside(text), flags=re.M)[1:]
    return [Part(len(part) - len(part.lstrip("#")), sorted(_links(part)), sorted(spans(part))) for part in found]


def _links(text: str) -> list[str]:
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if target not in _EACH_OTHER]


def fences(text: str) -> list[tuple[str, str]]:
    """Language and text of every fence; comments in settings are written in the language of the page."""
    return [
        (block.language, re.sub(r" +# .*", "", block.text) if block.language in ("toml", "yaml") else block.text)
        for block in blocks(text)
    ]


def test_sections_links_and_code() -> None:
    assert parts(JAPANESE) == parts(ENGLISH)


def test_commands_and_their_output() -> None:
    assert fences(JAPANESE) == fences(ENGLISH)


def test_each_leads_to_the_other_at_its_beginning() -> None:
    assert "](README.ja.md)" in "".join(ENGLISH.split("\n")[:4])
    assert "](README.md)" in "".join(JAPANESE.split("\n")[:4])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(docs/fixes.md)", "(docs/fix.md)"),
        ("`--unsafe-fixes`", "`--unsafe`"),
        ("## Fix them", "### Fix them"),
        ("## Fix them", "## Before\n\n## Fix them"),
        ("$ techstock lint --diff notes", "$ techstock lint notes"),
        ("1 problem would be fixed in 1 note\n", "1 problem fixed in 1 note\n"),
        ('"strict"  ', '"default"'),
    ],
)
def test_a_change_of_one_alone_is_seen(old: str, new: str) -> None:
    assert old in ENGLISH
    changed = ENGLISH.replace(old, new, 1)
    assert (parts(changed), fences(changed)) != (parts(JAPANESE), fences(JAPANESE))
