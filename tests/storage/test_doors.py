"""Only the doors of `storage/` open, write, create, rename or delete files, and one module parses what they hold."""

import ast
from pathlib import Path

import pytest

from tests.code_metrics import PACKAGE

OPENING = {"storage/regular_file.py", "storage/protected_files.py", "storage/atomic_file.py"}
CHANGING = {*OPENING, "storage/cache_directory.py"}
PARSING = {"text/bounded_parsing.py"}
OPENERS = {"open", "fdopen", "open_code", "read_text", "read_bytes", "write_text", "write_bytes"}
CHANGERS = {
    "mkdir", "makedirs", "mkfifo", "rename", "renames", "link", "symlink", "unlink", "remove", "rmdir", "removedirs",
    "symlink_to", "hardlink_to", "touch", "chmod", "truncate",
}  # fmt: skip
MODULES = {"shutil", "fileinput", "linecache", "mmap", "dbm", "shelve", "zipfile", "tarfile", "sqlite3"}
PARSERS = {"tomllib", "configparser", "yaml", "pickle", "marshal"}
JSON_PARSERS = {"json.load", "json.loads", "json.JSONDecoder"}
OTHERS = {"Image", "free", "delimiter"}  # Pillow opens bytes that were read; a list; a part of a note


def find_trespasses(source: str, name: str) -> list[str]:
    """Return the calls and imports in a module that pass by the doors."""
    return [text for node in ast.walk(ast.parse(source)) for text in _judge_node(node, name)]


def _judge_node(node: ast.AST, name: str) -> list[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _judge_import(node, name)
    if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return []
    called, receiver = (node.id, "") if isinstance(node, ast.Name) else (node.attr, ast.unparse(node.value))
    if receiver in OTHERS or (isinstance(node, ast.Name) and called != "open"):
        return []
    if f"{receiver}.{called}" in JSON_PARSERS and name not in PARSING:
        return [f"{receiver}.{called}"]
    if called in OPENERS and name not in OPENING and receiver not in ("made", "self"):
        return [f"{receiver}.{called}"]
    changes = called in CHANGERS or (called == "replace" and receiver in ("os", "Path"))
    return [f"{receiver}.{called}"] if changes and receiver != "self" and name not in CHANGING else []


def _judge_import(node: ast.Import | ast.ImportFrom, name: str) -> list[str]:
    module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    names = {f"{module}.{alias.name}".lstrip(".") for alias in node.names}
    forbidden = MODULES if name in PARSING else MODULES | PARSERS
    return [one for one in sorted(names) if one.partition(".")[0] in forbidden or one in JSON_PARSERS]


@pytest.mark.parametrize(
    "source",
    [
        "open('a')", "io.open('a')", "os.open('a', 0)", "Path('a').open()", "file.read_bytes()", "file.read_text('x')",
        "x.write_text('')", "x.write_bytes(b'')", "import shutil", "from shutil import copyfile", "os.fdopen(1)",
        "file.mkdir()", "os.makedirs('a')", "os.replace('a', 'b')", "os.rename('a', 'b')", "path.unlink()", "f = open",
        "import tomllib", "from json import loads", "json.loads(x)", "map(Path.read_text, x)", "path.symlink_to('x')",
    ],
)  # fmt: skip
def test_what_passes_by_the_doors_is_found(source: str) -> None:
    assert find_trespasses(source, "commands/x.py")


@pytest.mark.parametrize("source", ["text.replace('a', 'b')", "replace(note, a=1)", "Image.open(x)", "os.scandir('a')"])
def test_what_does_not_is_not(source: str) -> None:
    assert find_trespasses(source, "commands/x.py") == []


def test_no_module_passes_by_the_doors() -> None:
    """`os.devnull`, which takes the place of a closed stream, is no file of anybody's."""
    sources = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    assert {*sources} >= CHANGING | PARSING
    clean = {name: text.replace("os.open(os.devnull, os.O_WRONLY)", "-1") for name, text in sources.items()}
    assert {name: found for name, text in clean.items() if (found := find_trespasses(text, name))} == {}


def test_the_doors_are_named() -> None:
    page = (Path(PACKAGE).parent / "docs" / "architecture.md").read_text("utf-8")
    for name in sorted(CHANGING | PARSING):
        assert f"`{name.removesuffix('.py').replace('/', '.')}`" in page
