"""Search for the items that make a check fail, with as few checks as the good ones allow."""

from collections.abc import Callable, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")


def find_failing(items: Sequence[_Item], passes: Callable[[Sequence[_Item]], bool]) -> list[_Item]:
    """Return the items that `passes` refuses, in their order: all are tried together, then ever smaller parts."""
    if not items or passes(items):
        return []
    if len(items) == 1:
        return list(items)
    half = len(items) // 2
    return find_failing(items[:half], passes) + find_failing(items[half:], passes)
