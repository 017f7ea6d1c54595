"""The study behind all this numbers its cases; each has a test that names it."""

import re
from pathlib import Path

from techstock import registry
from techstock.model.web import STATES
from techstock.rules import image_broken, image_not_image, image_unverified

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "images.md").read_text("utf-8")


def test_every_case_has_a_test() -> None:
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    named = {
        int(number)
        for name in re.findall(r"def test(_r\d[a-z0-9_]*)", tests)
        for number in re.findall(r"_r(\d+)", name)
    }
    assert named == set(range(1, 64))


def test_every_reason_is_explained() -> None:
    """Each reason that the code gives is on the page, and those that are reported have a sentence."""
    code = "".join(path.read_text("utf-8") for path in (HERE.parents[1] / "techstock" / "web").glob("*.py"))
    given = set(re.findall(r"WebStatus\((?:BROKEN|UNKNOWN|BLOCKED|SKIPPED), \"([a-z-]+)\"", code))
    assert len(given) > 10
    assert [reason for reason in given if reason not in PAGE] == []
    said = {*image_broken._WHY, *image_not_image._WHY, *image_unverified._WHY}
    assert given - said == {"example", "excluded", "expiring"}
    assert [reason for reason in said if reason not in PAGE] == []
    assert [state for state in STATES if f"| {state} |" not in PAGE] == []


def test_every_rule_about_the_web_is_on_the_page() -> None:
    rules = [name for name in registry.list_rule_names() if "--online" in registry.load_rule(name).page]
    assert len(rules) == 5
    assert [name for name in rules if f"`{name}`" not in PAGE] == []
