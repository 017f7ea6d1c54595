"""Links and images that stayed text."""

from techstock.links.unrendered import find_unrendered_targets
from tests.support import parse_note


def test_a_line_of_brackets_is_looked_at_near_each_of_them() -> None:
    """To read the rest of the line at each parenthesis would take minutes."""
    found = find_unrendered_targets(parse_note("[a](" * 1_500 + "\n\n![b](my picture.png)\n"))
    assert [one.target for one in found][-1] == "my picture.png"
