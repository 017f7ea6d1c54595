"""A cache whose checksums fit, and whose content somebody made up, is damage: it costs time and never ends a run."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest

from techstock.cache.index import _HEADER, _MAGIC
from tests.cli.support import Done, run
from tests.support import make_project, scale_examples

NOTES = {
    "a.md": "# 題\n\n## 1.\n\n- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。\n- 別:\n\n"
    "![図](a.png) [b](b.md#x)\n",
    "b.md": "## 2.\n\n- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。\n-\u3000復旧: 再び始めること。\n\n"
    "<!-- techstock: ignore colon-style -->\n\n**強調。**続き ```\n",
    "techstock.toml": 'select = ["*"]\n',
}
WRONG: tuple[Any, ...] = (
    None, -1, 1 << 62, -(1 << 62), 0.5, float("nan"), "", "x" * 9, b"", b"\xff", [], {}, [[]], [0], {"a": [1]}, True,
    [None, "x", -5],
)  # fmt: skip
Step = int | str | bytes
KINDS = ("concise", "json")


def list_nodes(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Yield the path of every value within a decoded one."""
    items = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, inner in items:
        yield (*path, key)
        yield from list_nodes(inner, (*path, key))


def replace_node(value: Any, path: tuple[Step, ...], new: Any) -> Any:
    """Return the value with another one at `path`."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replace_node(value[path[0]], path[1:], new)
    return copy


class Cache:
    """The files of a cache, and a way to write them with other content and checksums that fit."""

    def __init__(self, root: Path) -> None:
        folder = root / ".techstock_cache"
        self.file = folder / "notes.index"
        self.whole = self.file.read_bytes()
        self.key = _HEADER.unpack_from(self.whole)[1]
        self.index: list[Any] = msgspec.msgpack.decode(self.whole[_HEADER.size :], strict=False)
        self.pack = folder / self.index[1][0]
        self.facts = self.pack.read_bytes()
        self.names = {path: path.read_bytes() for path in folder.iterdir()}

    def write_index(self, index: Any) -> None:
        body = msgspec.msgpack.encode(index)
        self.file.write_bytes(_HEADER.pack(_MAGIC, self.key, crc32(body), len(body)) + body)

    def write_facts(self, number: int, facts: bytes) -> None:
        """Write other facts for one note, behind those that there are."""
        self.pack.write_bytes(self.facts + facts)
        entry = self.index[4][number].copy()
        entry[7:10] = [len(self.facts), len(facts), crc32(facts)]
        self.write_index(replace_node(self.index, (4, number), entry))

    def restore(self) -> None:
        for path in self.pack.parent.iterdir():
            if path not in self.names:
                path.unlink()
        for path, data in self.names.items():
            path.write_bytes(data)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "notes", NOTES)


def lint(root: Path, kind: str = "json") -> Done:
    return run("lint", "-q", "--output-format", kind, cwd=root)


@pytest.fixture
def cache(root: Path) -> Cache:
    lint(root)
    return Cache(root)


def require_sound_run(done: Done) -> None:
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""


def test_wrong_content_of_the_index(root: Path, cache: Cache) -> None:
    choose = random.Random(7)  # noqa: S311 (the same each time)
    nodes = [*list_nodes(cache.index)]
    for number in range(scale_examples(40)):
        node, new = choose.choice(nodes), choose.choice(WRONG)
        cache.write_index(replace_node(cache.index, node, new))
        require_sound_run(lint(root, KINDS[number % 2]))
        cache.restore()


def test_wrong_content_of_facts(root: Path, cache: Cache) -> None:
    choose = random.Random(8)  # noqa: S311
    for number in range(scale_examples(40)):
        note = choose.randrange(2)
        start, length = cache.index[4][note][7:9]
        facts = msgspec.msgpack.decode(cache.facts[start : start + length])
        node, new = choose.choice([*list_nodes(facts)]), choose.choice(WRONG)
        cache.write_facts(note, msgspec.msgpack.encode(replace_node(facts, node, new)))
        index = msgspec.msgpack.decode(cache.file.read_bytes()[_HEADER.size :])
        for entry in index[4]:  # nothing is known of what rules found
            entry[4:6] = [-1, {}]
        index[5] = [{}, {}, b"", b""]
        cache.write_index(index)
        require_sound_run(lint(root, KINDS[number % 2]))
        cache.restore()


@pytest.mark.parametrize(
    "facts", [b"", b"\xc1", b"\x91" * 50_000, msgspec.msgpack.encode([[]] * 12), b"\x90", b"\xd9\x01\xff"]
)
def test_facts_that_are_none(root: Path, cache: Cache, facts: bytes) -> None:
    fresh = run("lint", "-q", "--no-cache", "--output-format", "json", cwd=root)
    cache.write_facts(0, facts)
    done = lint(root)
    assert (done.stdout, done.stderr) == (fresh.stdout, "")


def test_damage_is_mended_and_said(root: Path, cache: Cache) -> None:
    cache.write_index(replace_node(cache.index, (4, 0, 3, 5), [99]))
    done = run("lint", "-v", cwd=root)
    assert "0 of 2 notes kept from before" in done.stderr
    assert "cache not used: damaged" in done.stderr
    assert "2 of 2 notes kept from before" in run("lint", "-v", cwd=root).stderr


def test_a_problem_outside_of_its_note(root: Path, cache: Cache) -> None:
    fresh = lint(root).stdout
    number, raw = next(iter(cache.index[4][1][5].items()))
    problem = raw[0]
    for place in ([0, 10**6, "b.md"], [-5, 3, "b.md"], [9, 3, "b.md"], [0, 1, "gone.md"], [0, 10**6]):
        found = {number: [problem | {"place": place}]}
        cache.write_index(replace_node(cache.index, (4, 1, 5), found))
        assert lint(root).stdout == fresh
        cache.restore()
