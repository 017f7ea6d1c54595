"""What the rules say of real notes: counts by collection and rule, kept in `tests/expected/golden.txt`.

A change of a count is not an error by itself, but it must be seen: `python -m tests.corpora` shows what came and went,
holds the collections that take longer, too, and writes the file anew.

Only `misaka-saa` has its image files: elsewhere `image-missing`, and many a `link-missing`, come of the selection.
"""

from collections import Counter
from pathlib import Path

import pytest

from techstock.model import Diagnostic
from tests.support import TESTS, get_collections, read_corpus, run_every_rule

EXPECTED = TESTS / "expected" / "golden.txt"
FOLDERS = ("aws-notes", "gyoogle", "kottiee-saa-ja", "misaka-saa", "techstay-notes", "til")


def findings(folder: Path) -> list[Diagnostic]:
    """Of every rule, those that are off by default as warnings."""
    return run_every_rule(read_corpus(folder))


def counts() -> str:
    lines = []
    for folder in FOLDERS:
        count = Counter(diagnostic.rule for diagnostic in findings(get_collections() / "corpus" / folder))
        lines += [f"{folder} {rule} {count[rule]}\n" for rule in sorted(count)]
    return "".join(lines)


@pytest.mark.no_cover  # everybody measures the same, with real notes or without
def test_counts_by_rule() -> None:
    lines = EXPECTED.read_text("utf-8").splitlines(keepends=True)
    assert counts() == "".join(line for line in lines if line.partition(" ")[0] in FOLDERS)
