"""What the rules make of answers."""

from techstock.engine.examples import Example
from tests.support import run_example


def moved(note: str) -> list[bool]:
    """For each problem of `image-moved`, whether it has a fix."""
    example = Example(True, {"note.md": note}, {}, 0, web="ok::https://img.example.org/new.png")
    return [bool(found.problem.fix) for found in run_example("image-moved", example)]


def test_one_definition_is_one_finding() -> None:
    assert moved("![a][x] ![b][x]\n\n[x]: https://img.example.org/old.png\n") == [True]


def test_two_places_are_two() -> None:
    assert moved("![a](https://img.example.org/old.png) ![b](https://img.example.org/old.png)\n") == [True, True]


def test_what_is_written_in_another_way_has_no_fix() -> None:
    assert moved('<img src="https://img.example.org/a.png?a&amp;b">\n') == [False]
