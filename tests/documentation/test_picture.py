"""The picture in the README is what `techstock lint notes` prints."""

import runpy
from xml.etree import ElementTree

from tests.documentation.pages import ROOT

MADE = runpy.run_path(str(ROOT / "docs" / "terminal_picture.py"))


def test_the_picture_is_the_real_output() -> None:
    """If not: `python docs/terminal_picture.py`."""
    assert (ROOT / "docs" / "terminal.svg").read_text("utf-8") == MADE["draw_picture"](MADE["run_command"]())


def test_nothing_is_loaded_and_nothing_is_wider_than_the_picture() -> None:
    tree = ElementTree.fromstring((ROOT / "docs" / "terminal.svg").read_text("utf-8"))  # noqa: S314 (our own file)
    width = float(tree.attrib["width"])
    texts = list(tree.iter("{http://www.w3.org/2000/svg}text"))
    assert len(texts) > 50
    assert all(float(text.attrib["x"]) + float(text.attrib["textLength"]) <= width for text in texts)
    assert not [name for node in tree.iter() for name in node.attrib if "href" in name or name == "style"]


def test_marks_stand_below_what_they_mark() -> None:
    """Full-width characters take two columns, and a terminal breaks what is too long."""
    picture = MADE["draw_picture"]("停止 x\n  ^^\n" + "長" * 41)
    rows = [(float(x), text) for x, text in _find_texts(picture)]
    assert {text: x for x, text in rows}["^^"] == 16 + 2 * 8.4
    assert [text for _, text in rows][-2:] == ["長" * 40, "長"]


def test_no_space_is_left_to_the_browser() -> None:
    """Browsers join spaces and leave out those at the ends, and would stretch what remains."""
    texts = [text for _, text in _find_texts(MADE["draw_picture"](" a  b c \n-\u3000長　い\n"))]
    assert texts[1:] == ["a", "b c", "-", "長", "い"]
    drawn = _find_texts((ROOT / "docs" / "terminal.svg").read_text("utf-8"))
    assert all(" ".join(text.split()) == text for _, text in drawn)


def _find_texts(picture: str) -> list[tuple[str, str]]:
    tree = ElementTree.fromstring(picture)  # noqa: S314 (our own file)
    return [(node.attrib["x"], node.text or "") for node in tree.iter("{http://www.w3.org/2000/svg}text")]
