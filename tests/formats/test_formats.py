"""Formats are found by their file names."""

from pathlib import Path

import pytest

from techstock import formats


def test_names_are_the_files_of_the_package() -> None:
    files = Path(formats.__file__).parent.glob("[a-z]*.py")
    assert formats.list_formats() == tuple(sorted(file.stem for file in files))


@pytest.mark.parametrize("name", formats.list_formats())
def test_every_format_says_what_it_is_in_one_line(name: str) -> None:
    found = formats.load_format(name)
    assert found.name == name
    assert 10 < len(found.law) < 100
    assert "\n" not in found.law
    assert not found.law.endswith(".")


@pytest.mark.parametrize("name", ["", "fulll", "_excerpt", "-excerpt"])
def test_unknown_names(name: str) -> None:
    with pytest.raises(KeyError):
        formats.load_format(name)
