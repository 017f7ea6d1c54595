"""Any bytes, wherever techstock reads some, are a problem or an error in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fix.documents import corpora
from tests.fuzz.targets import TARGETS
from tests.fuzz.words import words
from tests.parse.test_offsets import documents


def _bytes(target: str) -> st.SearchStrategy[bytes]:
    pieces = st.lists(st.one_of(st.sampled_from(words(target)), st.binary(max_size=6)), max_size=30)
    loose = st.one_of(pieces.map(b"".join), st.binary(max_size=200))
    if target == "note":
        return st.one_of(loose, documents().map(str.encode))
    if target == "rules":
        return st.one_of(loose, corpora.map(lambda files: b"\x1e".join(text.encode() for text in files.values())))
    return loose


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes(name: str) -> None:
    target = TARGETS[name]

    @given(_bytes(name))
    def holds(data: bytes) -> None:
        target(data)

    holds()
