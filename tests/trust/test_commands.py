"""Any bytes in files that a command reads, any words on its command line: a report, or exit 2 with a sentence."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.parse.test_offsets import documents
from tests.support import make_project, scale_examples
from tests.trust.support import check_run, lint_checked, run_here

NOTE = "## 1.\n\n" + "".join(
    f"- {term}: 新しい要求を受けず、いまの仕事を終えてから止まる。\n" for term in ("待避", "退避")
)
TEXTS = st.one_of(st.binary(max_size=80), documents().map(str.encode))
EVERY = ("--config", 'select=["*"]')


@settings(max_examples=scale_examples(25))
@given(TEXTS)
@example(b"\xff\xfe\0a")
@example(b"\0" * 3000)
def test_a_note(data: bytes) -> None:
    """What is said of it stands in it; a fix leaves nothing to fix; nothing is written elsewhere."""
    with TemporaryDirectory() as name:
        root = make_project(Path(name), {"a.md": data, "b.md": NOTE})
        _, found = lint_checked("--no-cache", *EVERY, cwd=root)
        lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert all(one["line"] <= lines for one in found if one["path"] == "a.md")  # type: ignore[operator]
        check_run(run_here("lint", "-q", "--no-cache", "--fix", *EVERY, cwd=root))
        assert check_run(run_here("lint", "-q", "--no-cache", "--diff", *EVERY, cwd=root)).out == ""
        assert sorted(path.name for path in root.iterdir()) == ["a.md", "b.md"]


@settings(max_examples=scale_examples(50))
@given(
    st.sampled_from(["techstock.toml", "pyproject.toml", "known.txt", ".techstock_cache/notes.index", ".git"]), TEXTS
)
def test_a_file_beside_the_notes(path: str, data: bytes) -> None:
    with TemporaryDirectory() as name:
        root = make_project(Path(name), {"a.md": NOTE, path: data})
        check_run(run_here("lint", *(["--baseline", "known.txt"] if path == "known.txt" else []), cwd=root))


_WORDS = """
a.md . .. / - -- --config --fix --since a.md:1 --jobs --output-format json= json=/dev/full --baseline --root --explain
--cache-dir --stdin-filename a.md/b techstock.toml/x 1 --verbose --no-cache
"""
_WORD = st.one_of(st.text(max_size=12), st.sampled_from([*_WORDS.split(), "a\0b", "\ud800", "x" * 5000, "9" * 5000]))
_COMMAND = st.sampled_from(["lint", "lint", "explain", "rules", "baseline", "cache", ""])


def test_a_command_line(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"notes/a.md": NOTE, "notes/techstock.toml": ""})

    @given(_COMMAND, st.lists(_WORD, max_size=4))
    def any_words(command: str, words: list[str]) -> None:
        check_run(run_here(*filter(None, [command]), *words, cwd=root / "notes"))

    any_words()
