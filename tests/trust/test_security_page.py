"""`SECURITY.md` names tests that exist."""

import re

from tests.support import ROOT, TESTS

PAGE = (ROOT / "SECURITY.md").read_text("utf-8")


def test_named_tests_exist() -> None:
    files = set(re.findall(r"\]\((tests/[^)]+\.py)\)", PAGE))
    assert files
    assert [file for file in sorted(files) if not (ROOT / file).is_file()] == []
    source = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    functions = set(re.findall(r"`(test_\w+)`", PAGE))
    assert functions
    assert [name for name in sorted(functions) if f"def {name}(" not in source] == []
