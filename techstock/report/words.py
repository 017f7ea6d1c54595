"""The page's own words, in each language, from `words.toml`."""

from collections.abc import Mapping
from functools import cache

from techstock.report.package_files import read_package_file
from techstock.text.bounded_parsing import parse_toml


@cache
def load_words() -> Mapping[str, Mapping[str, str]]:
    """Return the texts of all keys, each by language."""
    return parse_toml(read_package_file("words.toml"))


def list_languages() -> tuple[str, ...]:
    """Return the languages that the page's words are known in."""
    return tuple(load_words()["language"])


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, **given: str | int) -> str:
        """Return the text for a key; a number is written with separators. Raise `KeyError` for a key without one."""
        text = load_words()[key][self.language]
        if not given:
            return text
        return text.format(**{name: f"{value:,}" if isinstance(value, int) else value for name, value in given.items()})
