"""A patch, held against `git apply`."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from techstock.fix.diff import patch
from tests.support import share

NAMES = ("a.md", "a b/c d.md", 'q"uote.md', "日本/ノート 一.md", "tab\there.md", "back\\slash.md", "é.md", "-x.md")
_line = st.text(st.sampled_from("ab日 \t\r\u2028\x0c\\-+"), max_size=3)
_text = st.lists(_line, max_size=9).map("\n".join)


def applied(root: Path, files: dict[str, tuple[str, str]]) -> dict[str, str]:
    """The files after `git apply` of their patches."""
    for path, (old, _) in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(old.encode())
    text = "".join(row for path, texts in files.items() for row in patch(path, *texts))
    if text:
        command = ["git", "apply", "--whitespace=nowarn", "-"]
        subprocess.run(command, cwd=root, input=text.encode(), check=True, capture_output=True)
    return {path: (root / path).read_bytes().decode() for path in files}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


@settings(max_examples=share(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_text, _text), min_size=len(NAMES), max_size=len(NAMES)))
def test_git_applies_it(repository: Path, pairs: list[tuple[str, str]]) -> None:
    # Git makes no empty file of a patch without a word about it; notes never become empty.
    files = {name: (old or "x", new or "y") for name, (old, new) in zip(NAMES, pairs, strict=True)}
    assert applied(repository, files) == {name: new for name, (_, new) in files.items()}


def test_equal_texts_have_none() -> None:
    assert list(patch("a.md", "x\n", "x\n")) == []


def test_it_reads_as_git_writes_it(repository: Path) -> None:
    old, new = "一\r\n二\r\n三", "一\r\n2\r\n三"
    for name in NAMES:
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_bytes(old.encode())
    subprocess.run(["git", "add", "-A"], cwd=repository, check=True)
    for name in NAMES:
        (repository / name).write_bytes(new.encode())
        command = ["git", "diff", "--", name]
        said = subprocess.run(command, cwd=repository, check=True, capture_output=True).stdout.decode()
        rows = [row for row in said.split("\n") if not row.startswith("index ")]
        assert "".join(patch(name, old, new)).split("\n") == rows
