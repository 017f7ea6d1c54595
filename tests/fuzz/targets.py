"""What takes bytes from strangers: each target takes any bytes, and raises nothing but what the program answers with.

A target holds more than silence where it can: offsets inside the text, a configuration that is an error or is whole.
"""

import os
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import msgspec

from techstock.cache.index import decode_index
from techstock.cache.note_record import PARTS, NoteSummary, decode_fact, split_facts
from techstock.config import ConfigError, load_settings
from techstock.config.rule_levels import list_enabled_rules
from techstock.engine.baseline import BaselineError
from techstock.engine.baseline import parse_baseline as baseline
from techstock.images.content import detect_image_format, inspect_image, parse_data_uri
from techstock.model.web import STATES
from techstock.parse import parse
from techstock.parse.term_colon import find_term
from tests.parse.test_offsets import places
from tests.support import make_corpus, run_every_rule

_HEAD = struct.Struct(">16s20sIQ")
Target = Callable[[bytes], None]


def note(data: bytes) -> None:
    """Parse a note; each place is inside it."""
    text = data.decode("utf-8", "replace")
    found = parse("note.md", text)
    for place in places(found):
        assert 0 <= place.start <= place.end <= len(text)


def rules(data: bytes) -> None:
    """Run every rule over two notes, those that are off by default too."""
    one, _, other = data.decode("utf-8", "replace").partition("\x1e")
    for diagnostic in run_every_rule(make_corpus({"01-10.md": one, "b.md": other})):
        assert diagnostic.problem.message


def entry(data: bytes) -> None:
    """Find the term of an entry, in this order in the text."""
    text = data.decode("utf-8", "replace")
    found = find_term(text, [(2, 4), (4, 9)])
    if found:
        assert 0 <= found.start < found.end <= found.colon < found.definition <= len(text)


def configuration(data: bytes) -> None:
    """Read a `techstock.toml`, and decide which rules run."""
    root = _folder()
    (root / "techstock.toml").write_bytes(data)
    try:
        config, _ = load_settings(root, root)
        list_enabled_rules(config)
    except ConfigError as error:
        _sentence(str(error))


def cache_file(data: bytes) -> None:
    """Read an index whose checksum is right, and facts: whoever writes a cache writes the checksum too."""
    key = b"k" * 20
    decode_index(data, key, NoteSummary)
    decode_index(_HEAD.pack(b"techstock index\n", key, crc32(data), len(data)) + data, key, NoteSummary)
    with suppress(msgspec.DecodeError):
        pieces = split_facts(data)
        for name in PARTS[: len(pieces)]:
            list(decode_fact(pieces, name))


def image(data: bytes) -> None:
    """Tell what the bytes of an image are."""
    detect_image_format(data[:65_536])
    inspect_image(data, lambda *_: "ok")
    parse_data_uri("data:" + data.decode("latin-1"))


def known(data: bytes) -> None:
    """Read a baseline."""
    try:
        baseline(data.decode("utf-8", "replace"))
    except BaselineError as error:
        _sentence(str(error))


def answer(data: bytes) -> None:
    """Be a server of images that answers every request so, piece by piece: there is a verdict."""
    from tests.web.support import ask_in_memory

    found = ask_in_memory(data.split(b"\x1e"))
    assert found.state in STATES
    _sentence(found.reason or "well")


TARGETS: dict[str, Target] = {
    "note": note,
    "rules": rules,
    "entry": entry,
    "configuration": configuration,
    "cache": cache_file,
    "image": image,
    "baseline": known,
    "answer": answer,
}


def _sentence(message: str) -> None:
    assert message
    assert len(message) < 2000


@cache
def _folder() -> Path:
    return Path(_temporary().name)


@cache
def _temporary() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix=f"techstock-{os.getpid()}-")
