"""The page's own words."""

import re
from string import Formatter

from techstock.merge.copy_changes import REMOVED, REPLACED, SHARED
from techstock.model import LEVELS
from techstock.report.images import STATES
from techstock.report.words import Words, list_languages, load_words
from tests.code_metrics import PACKAGE


def find_fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def test_every_language_has_every_key_and_its_fields() -> None:
    assert set(list_languages()) == {"en", "ja"}
    for key, row in load_words().items():
        assert row.keys() == set(list_languages()), key
        assert all(row.values()), key
        assert len({frozenset(find_fields(text)) for text in row.values()}) == 1, key


def test_every_key_is_used() -> None:
    """A key is written in the code, or made of a name that is."""
    source = "".join(path.read_text("utf-8") for path in (PACKAGE / "report").glob("*.py"))
    source += (PACKAGE / "commands" / "report.py").read_text("utf-8")
    words = {*re.findall(r'"([a-z-]+)"', source), *LEVELS, REPLACED, SHARED, REMOVED}
    words |= {f"state-{name}" for name in STATES}
    assert load_words().keys() - words == set()


def test_numbers_are_written_with_separators() -> None:
    assert Words("en").say("copies", count=1500) == "1,500 copies"
    assert Words("en").say("title", name="{x}") == "Report on {x}"
