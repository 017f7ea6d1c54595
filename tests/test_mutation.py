"""What mutants are tried on: the modules and tests that `pyproject.toml` names are there."""

import re

import pytest

from tests.mutation import ROOT, Result, chosen, settings

PARTS = re.compile(r"part: \[(.*)\]")


def test_modules_and_their_tests_exist() -> None:
    known = settings()
    assert 85 <= known.least <= 100
    for module, tests in known.modules.items():
        assert (ROOT / module).is_file()
        assert tests
        for test in tests:
            file, _, name = test.partition("::")
            assert f"def {name}" in (ROOT / file).read_text("utf-8")


def test_the_workflow_takes_them_all() -> None:
    found = PARTS.search((ROOT / ".github" / "workflows" / "mutation.yml").read_text("utf-8"))
    assert found
    known = settings()
    parts = [f"techstock/{part}" for part in found[1].split(", ")]
    assert chosen(known, parts) == chosen(known, []) == list(known.modules)
    assert all(chosen(known, [part]) for part in parts)
    with pytest.raises(SystemExit, match="is no module"):
        chosen(known, ["techstock/parts"])


def test_the_share_that_is_killed() -> None:
    assert Result("a.py", 8, {"one": "", "two": ""}).share == 75
