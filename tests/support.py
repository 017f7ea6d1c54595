"""What tests share: parse a few notes, run one rule, apply its fixes."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from msgspec.structs import replace

from techstock import catalog
from techstock.engine.example import diagnosed, judged
from techstock.examples import Example
from techstock.model import WARNING, Corpus, Diagnostic, Edit
from techstock.parse import parse
from techstock.sketch import Sketch


def corpus(files: Mapping[str, str], beside: Iterable[str] | None = None) -> Corpus:
    notes = tuple(parse(path, text) for path, text in sorted(files.items()))
    return Corpus(notes, files=None if beside is None else Sketch(files, beside))


def run(name: str, files: Mapping[str, str], beside: Iterable[str] | None = None, **options: Any) -> list[Diagnostic]:
    """The diagnostics of one rule over these notes, as a warning; `beside` are the files there are, if told."""
    return judged(replace(catalog.load(name), level=WARNING), corpus(files, beside), options)


def run_example(name: str, example: Example) -> list[Diagnostic]:
    """The diagnostics of one rule over an example; it runs as a warning."""
    return diagnosed(replace(catalog.load(name), level=WARNING), example)[0]


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


def share(percent: int) -> int:
    """So many of a hundred examples: of costly ones fewer are tried, in a thorough run too (`tests/conftest.py`)."""
    assert settings.default
    return max(settings.default.max_examples * percent // 100, 1)


def collections() -> Path:
    """The folder of real notes that `TECHSTOCK_COLLECTIONS` names; the test is skipped without it."""
    folder = os.environ.get("TECHSTOCK_COLLECTIONS", "")
    if not folder:
        pytest.skip("TECHSTOCK_COLLECTIONS names no folder of real notes")
    return Path(folder)
