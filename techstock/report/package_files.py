"""The files of this package that are no Python: the style, the script and the words of the page."""

from pathlib import Path

from techstock.storage.regular_file import read_regular_file

_MAX_SIZE = 1 << 18  # bytes


def read_package_file(name: str) -> str:
    """Return the text of a file beside this module."""
    return read_regular_file(Path(__file__).with_name(name), _MAX_SIZE, follow_links=True).decode("utf-8")
