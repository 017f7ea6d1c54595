"""What the server says of saved notes is what `lint` says, whatever was edited, saved, renamed and deleted before."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server.editing import EditingSession, run_lint_here
from tests.support import make_repository, scale_examples, write_files

PATHS = ["a.md", "b.md", "01-10.md", "d/e.md", "d/f.md"]
DEFINITION = "新しい要求を受けず、残る仕事を終えるまで待つ状態のことを言う。"
TEXTS = [
    "",
    f"# 題\n\n## 1. 待つ\n\n- 待避: {DEFINITION}\n- 港: 船が泊まる所。\n",
    f"## 1. 一\n\n- 待避: {DEFINITION}\n\n## 3. 三\n\n[a](a.md#1-待つ) [無](無.md)\n",
    f"\ufeff- 待避: {DEFINITION}\r\n- 港：船。\r\n- 海: 水。\r\n",
    f"<!-- techstock: ignore duplicate-definition 同じでよい -->\n- 待避: {DEFINITION}\n",
    f'- 待避: {DEFINITION} <!-- techstock: ignore duplicate-definition with="a.md#待避" -->\n- 名:\n',
    "**「太字」**である。😀![絵](絵.png)\n\n```\n",
    "- 用語:\n- 用語: 二度。\n  - 用語: 三度。\n",
    "a\u2028b\x0cc\x85d\n\n- 港: \n",
    "## 2. 二\n\n- 港: 船が泊まる所。\n\n## 2. 二\n\n[戻る](#2-二) [[a]]\n",
]
OPERATIONS = ["open", "open", "open", "save", "undo", "close", "rename", "delete", "write", "configure"]
CONFIGURATIONS = ["", 'preset = "strict"\n', 'exclude = ["d/"]\n', "[rules.section-number-gap]\nlevel = 'error'\n"]
STEPS = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, len(PATHS) - 1), st.integers(0, len(TEXTS) - 1)), max_size=14
)


def run_step(session: EditingSession, step: tuple[str, int, int], undone: dict[str, str]) -> None:
    operation, note, number = step
    path, text = PATHS[note], TEXTS[number]
    file = session.root / path
    if operation == "open":
        undone[path] = session.texts.get(path, text)
        session.open(path, text)
    elif operation == "undo" and path in undone and path in session.texts:
        session.open(path, undone[path])
    elif operation == "save" and path in session.texts:
        session.save(path)
    elif operation == "close" and path in session.texts:
        session.close(path)
    elif operation == "rename" and file.exists():
        target = PATHS[number % len(PATHS)]
        if target not in session.texts and path not in session.texts:
            (session.root / target).parent.mkdir(exist_ok=True)
            file.replace(session.root / target)
    elif operation == "delete":
        file.unlink(missing_ok=True)
    elif operation == "write":
        write_files(session.root, {path: text})
    elif operation == "configure":
        write_files(session.root, {"techstock.toml": CONFIGURATIONS[number % len(CONFIGURATIONS)]})


def check_script(root: Path, steps: list[tuple[str, int, int]]) -> None:
    session = EditingSession(root)
    undone: dict[str, str] = {}
    for number, step in enumerate(steps):
        run_step(session, step, undone)
        if number % 3 == 0:
            session.work()
    for path in sorted(session.texts):
        session.save(path)
    session.look()
    assert session.list_findings() == run_lint_here(root)
    for path in sorted(session.texts):
        session.close(path)
    session.look()
    assert session.list_findings() == run_lint_here(root)


@settings(max_examples=scale_examples(40))
@given(st.tuples(*[st.integers(0, len(TEXTS) - 1)] * len(PATHS)), STEPS)
def test_any_script_of_edits(contents: tuple[int, ...], steps: list[tuple[str, int, int]]) -> None:
    root = Path(tempfile.mkdtemp()).resolve()
    try:
        write_files(root, {"techstock.toml": ""})
        write_files(root, {path: TEXTS[number] for path, number in zip(PATHS, contents, strict=True)})
        check_script(root, steps)
    finally:
        shutil.rmtree(root)


def test_what_git_knows_is_noticed(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r", files={"a.md": "![絵](絵.png)\n", "b.md": "- 港:\n"}).resolve()
    session = EditingSession(root)
    session.work()
    assert [one[1] for one in session.list_findings()] == ["image-missing", "definition-missing"]
    write_files(root, {"絵.png": b"no image", ".gitignore": "b.md\n"})
    session.look()
    assert session.list_findings() == run_lint_here(root)
    assert "image-untracked" in [one[1] for one in session.list_findings()]


def test_a_baseline_is_respected(tmp_path: Path) -> None:
    from techstock.cli import main

    root = write_files(tmp_path / "r", {"a.md": "- 港:\n", "techstock.toml": 'baseline = "known.json"\n'}).resolve()
    assert main(["baseline", "--root", str(root), "-q"]) == 0
    session = EditingSession(root)
    session.work()
    assert session.list_findings() == run_lint_here(root) == []
    session.open("a.md", "- 港:\n- 海:\n")
    session.work()
    assert [one[2] for one in session.list_findings()] == [2]


def test_a_broken_configuration_leaves_all_as_it_was(tmp_path: Path) -> None:
    root = write_files(tmp_path / "r", {"a.md": "- 港:\n", "techstock.toml": ""}).resolve()
    session = EditingSession(root)
    session.work()
    before = session.list_findings()
    assert len(before) == 1
    write_files(root, {"techstock.toml": "select = 3\n"})
    session.look()
    assert session.list_findings() == before
    write_files(root, {"techstock.toml": 'ignore = ["definition-missing"]\n'})
    session.look()
    assert session.list_findings() == []


def test_an_undone_change_leaves_what_was_kept_before(tmp_path: Path) -> None:
    """The problems of rules on other files are kept for the notes that were loaded, and for no others."""
    text = "[港](b.md)\n"
    root = write_files(tmp_path / "r", {"a.md": text, "b.md": "- 港: 船。\n", "techstock.toml": ""}).resolve()
    EditingSession(root).work()
    session = EditingSession(root)
    found = []
    for now in (text, "[無](無.md)\n", text):
        session.open("a.md", now)
        session.work()
        found.append([one[1] for one in session.list_findings()])
    assert found == [[], ["link-missing"], []]


def test_problems_of_closed_notes_are_shown_only_if_wanted(tmp_path: Path) -> None:
    root = write_files(tmp_path / "r", {"a.md": "- 港:\n", "b.md": "- 海:\n", "techstock.toml": ""}).resolve()
    session = EditingSession(root, every_note=False)
    session.work()
    assert session.list_findings() == []
    session.open("a.md", "- 港:\n")
    session.work()
    assert [one[0] for one in session.list_findings()] == ["a.md"]
    session.close("a.md")
    session.work()
    assert session.list_findings() == []


def test_a_dropped_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    """Editors drop the mark, and write it again when they save."""
    text = "- 港：船。\r\n- 海: 水。\r\n- 山: 土。\r\n"
    root = write_files(tmp_path / "r", {"a.md": f"\ufeff{text}", "techstock.toml": 'preset = "strict"\n'}).resolve()
    session = EditingSession(root)
    session.open("a.md", text)
    session.work()
    assert session.list_findings() == run_lint_here(root)
