"""A patch, held against `git apply`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from techstock.fix.patch import format_patch
from tests.support import make_project, run_git, scale_examples, write_files

NAMES = ("a.md", "a b/c d.md", 'q"uote.md', "日本/ノート 一.md", "tab\there.md", "back\\slash.md", "é.md", "-x.md")
_line = st.text(st.sampled_from("ab日 \t\r\u2028\x0c\\-+"), max_size=3)
_text = st.lists(_line, max_size=9).map("\n".join)


def applied(root: Path, files: dict[str, tuple[str, str]]) -> dict[str, str]:
    """The files after `git apply` of their patches."""
    write_files(root, {path: old for path, (old, _) in files.items()})
    text = "".join(row for path, texts in files.items() for row in format_patch(path, *texts))
    if text:
        run_git(root, "apply", "--whitespace=nowarn", "-", stdin=text)
    return {path: (root / path).read_bytes().decode() for path in files}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("repository"), {}, git=True)


@settings(max_examples=scale_examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_text, _text), min_size=len(NAMES), max_size=len(NAMES)))
def test_git_applies_it(repository: Path, pairs: list[tuple[str, str]]) -> None:
    # Git makes no empty file of a patch without a word about it; notes never become empty.
    files = {name: (old or "x", new or "y") for name, (old, new) in zip(NAMES, pairs, strict=True)}
    assert applied(repository, files) == {name: new for name, (_, new) in files.items()}


def test_equal_texts_have_none() -> None:
    assert list(format_patch("a.md", "x\n", "x\n")) == []


def test_it_reads_as_git_writes_it(repository: Path) -> None:
    old, new = "一\r\n二\r\n三", "一\r\n2\r\n三"
    make_project(repository, dict.fromkeys(NAMES, old), git=True)
    for name in NAMES:
        (repository / name).write_bytes(new.encode())
        said = run_git(repository, "diff", "--", name)
        rows = [row for row in said.split("\n") if not row.startswith("index ")]
        assert "".join(format_patch(name, old, new)).split("\n") == rows
