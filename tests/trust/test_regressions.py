"""What once went wrong does so no more."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

FOLDER = Path(__file__).parent.parent / "regressions"
FILES = sorted(file for file in FOLDER.glob("*/*"))


def test_there_are_some_and_each_has_a_target() -> None:
    assert FILES
    assert {file.parent.name for file in FILES} <= TARGETS.keys()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_replayed(file: Path) -> None:
    TARGETS[file.parent.name](file.read_bytes())
