"""Packs by themselves: they give what they hold, whatever an index says of them."""

import os
from pathlib import Path
from zlib import crc32

import pytest
from msgspec.structs import replace

from techstock.cache import CacheDirectory, CachedNote
from techstock.cache.key import NO_STAMP
from techstock.cache.store import PackFiles

THERE, GONE = "0" * 16 + ".facts", "1" * 16 + ".facts"
WHOLE = CachedNote("a.md", NO_STAMP, b"", 1, pack=0, start=0, length=5, check=crc32(b"facts"))


def test_a_pack_gives_only_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room is made for what is asked of it before it is known to be there."""
    (tmp_path / THERE).write_bytes(b"facts")
    opened: list[str] = []
    real = CacheDirectory.open_facts

    def counted(self: CacheDirectory, name: str) -> int:
        opened.append(name)
        return real(self, name)

    monkeypatch.setattr(CacheDirectory, "open_facts", counted)
    packs = PackFiles(CacheDirectory(str(tmp_path)), [THERE, GONE])
    for start, length in ((0, 1 << 62), (1 << 40, 1 << 40), (-1, 5), (0, -1), (5, 1)):
        assert packs.read_facts(replace(WHOLE, start=start, length=length)) is None
    assert packs.read_facts(WHOLE) == b"facts"
    assert packs.read_facts(replace(WHOLE, start=5, length=0, check=0)) == b""
    assert [packs.get_size(pack) for pack in (0, 1, 1)] == [5, -1, -1]
    assert opened == [THERE, GONE]


@pytest.mark.parametrize("there", [True, False])
def test_packs_that_cannot_be_opened_close_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    closed: list[int] = []
    packs = PackFiles(CacheDirectory(str(tmp_path)) if there else None, [GONE])
    assert packs.get_size(0) == -1
    monkeypatch.setattr(os, "close", closed.append)
    del packs
    assert closed == []
