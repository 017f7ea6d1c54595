"""What tests share: parse a few notes, run one rule, apply its fixes."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from techstock import catalog
from techstock.engine.example import diagnosed
from techstock.examples import Example
from techstock.model import WARNING, Corpus, Diagnostic, Edit
from techstock.parse import parse


def corpus(files: Mapping[str, str]) -> Corpus:
    return Corpus(tuple(parse(path, text) for path, text in sorted(files.items())))


def run(name: str, files: Mapping[str, str], **options: Any) -> list[Diagnostic]:
    """The diagnostics of one rule over these notes; it runs as a warning."""
    return diagnosed(replace(catalog.load(name), level=WARNING), Example(True, dict(files), options, 0))[0]


def fixed(files: Mapping[str, str], found: list[Diagnostic]) -> dict[str, str]:
    """The notes with every fix applied; edits must not overlap."""
    edits: dict[str, list[Edit]] = {}
    for diagnostic in found:
        for edit in diagnostic.problem.fix.edits if diagnostic.problem.fix else ():
            edits.setdefault(edit.place.path, []).append(edit)
    result = dict(files)
    for path, changes in edits.items():
        text, end = result[path], len(result[path])
        for edit in sorted(changes, key=lambda edit: edit.place, reverse=True):
            assert edit.place.end <= end, f"edits overlap in {path}"
            text = text[: edit.place.start] + edit.text + text[edit.place.end :]
            end = edit.place.start
        result[path] = text
    return result


def collections() -> Path:
    """The folder of real notes that `TECHSTOCK_COLLECTIONS` names; the test is skipped without it."""
    folder = os.environ.get("TECHSTOCK_COLLECTIONS", "")
    if not folder:
        pytest.skip("TECHSTOCK_COLLECTIONS names no folder of real notes")
    return Path(folder)
