"""How well pairs of real notes are told apart that people labelled by reading them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import get_collections

SELECT = "duplicate-*,file-copy,term-repeated"  # what is on by default
PRECISION, RECALL = 0.98, 0.92


def test_labelled_pairs(tmp_path: Path) -> None:
    folder = get_collections()
    notes, scorer = folder / "corpus" / "aws-notes", folder / "tools" / "score_duplicates.py"
    labels = notes.with_name("aws-notes.duplicates.jsonl")
    if not (scorer.exists() and labels.exists()):
        pytest.skip("no labelled pairs beside the notes")
    found = tmp_path / "found.json"
    command = [sys.executable, "-m", "techstock", "lint", str(notes), "--root", str(notes), "--isolated", "--no-cache"]
    command += ["--select", SELECT, "--output-format", f"json={found}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stderr
    score = [sys.executable, str(scorer), str(labels), str(notes), str(found)]
    said = subprocess.run(score, capture_output=True, text=True, check=True).stdout
    match = re.search(r"precision ([0-9.]+) .*recall ([0-9.]+)", said)
    assert match, said
    assert float(match[1]) >= PRECISION, said
    assert float(match[2]) >= RECALL, said
