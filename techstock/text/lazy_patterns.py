"""Regular expressions that are compiled at their first use: to compile all of them takes longer than a small lint."""

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split")


class _LazyPattern:
    """A stand-in for a pattern, which has its methods from the first use on."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        pattern = re.compile(self._source, self._flags)
        vars(self).update((method, getattr(pattern, method)) for method in _METHODS)
        return getattr(pattern, name)


def compile_lazily(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled when one of its methods is first used."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))
