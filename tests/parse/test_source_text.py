"""The text of a line begins behind the marks of the quotes it continues, and no other."""

import pytest

from techstock.parse import parse


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("> a\n> b\n", ["a", "b"]),
        (">a\n   >b\nc\n", ["a", "b", "c"]),
        ("> a\n>     > b\n", ["a", "> b"]),
        ("> > a\n> > b\n>c\n", ["a", "b", "c"]),
        ("> > a\n>     > b\n", ["a", "> b"]),
        ("> - a\n>   b\n> c\nd\n", ["a", "b", "c", "d"]),
        ("> - a\n    > b\n", ["a", "> b"]),
        ("- > a\n  > b\n  c\n", ["a", "b", "c"]),
        ("- > a\n      > b\n", ["a", "> b"]),
        ("- - > a\n    > b\n", ["a", "b"]),
        ("10. > a\n    > b\n", ["a", "b"]),
        ("-     \n  > a\n  > b\n", ["a", "b"]),
        (">\ta\n>\tb\n", ["a", "b"]),
        ("> -\t> a\n> \t> b\n", ["a", "b"]),
    ],
)
def test_lines_of_a_paragraph(text: str, lines: list[str]) -> None:
    note = parse("note.md", text)
    texts = [place.extract_from(text) for block in note.blocks for place in block.texts]
    assert texts == lines
