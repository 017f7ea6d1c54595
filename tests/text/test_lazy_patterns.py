import re

import pytest

from techstock.text.lazy_patterns import compile_lazily


def test_it_is_compiled_at_its_first_use() -> None:
    broken = compile_lazily("(")
    with pytest.raises(re.error):
        broken.match("")


@pytest.mark.parametrize("text", ["", "a-b", "A b"])
def test_it_finds_what_the_pattern_finds(text: str) -> None:
    source = "[a-z]+"
    lazy, pattern = compile_lazily(source, re.I), re.compile(source, re.I)
    assert lazy.findall(text) == pattern.findall(text)
    assert [match.span() for match in lazy.finditer(text, 1)] == [match.span() for match in pattern.finditer(text, 1)]
    assert lazy.sub("_", text) == pattern.sub("_", text)
    assert lazy.split(text) == pattern.split(text)
    for method in ("match", "fullmatch", "search"):
        mine, theirs = getattr(lazy, method)(text), getattr(pattern, method)(text)
        assert (mine and mine.group()) == (theirs and theirs.group())
    assert (lazy.pattern, lazy.flags) == (pattern.pattern, pattern.flags)
