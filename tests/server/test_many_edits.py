"""Many edits: they end with exactly what `lint` prints, and leave nothing behind in memory."""

import gc
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.corpora.collections import copy_collection
from tests.server.editing import EditingSession, run_lint_here
from tests.support import get_collections, write_files

_EDITS = 10_000
_PIECES = [
    "- 待避: 新しい要求を受けない。\n",
    "## 3. 節\n",
    "**「太」**字\n",
    "[無](無.md)\n",
    "- 名:\n",
    "```\n",
    "😀\r\n",
    "\u2028",
]


class RandomEditor:
    """An editor that does something at random with the notes of a project."""

    def __init__(self, session: EditingSession, chance: random.Random) -> None:
        self._session, self._chance = session, chance
        self._paths = [path.relative_to(session.root).as_posix() for path in sorted(session.root.rglob("*.md"))]
        self._before: dict[str, list[str]] = {}

    def edit(self) -> None:
        """Open, change, undo, save, close, rename or delete a note."""
        actions: list[tuple[int, Callable[[str], None]]] = [
            (60, self._change),
            (15, self._undo),
            (10, self._save),
            (8, self._session.close),
            (4, self._rename),
            (1, self._delete),
        ]
        [(_, action)] = self._chance.choices(actions, [weight for weight, _ in actions])
        opened = sorted(self._session.texts)
        choices = opened if opened and self._chance.random() < 0.8 else self._paths
        path = self._chance.choice(choices)
        if path not in self._session.texts:
            file = self._session.root / path
            self._session.open(path, file.read_bytes().decode() if file.exists() else "")
        action(path)

    def _change(self, path: str) -> None:
        text = self._session.texts[path]
        self._before.setdefault(path, []).append(text)
        lines = text.split("\n")
        at = self._chance.randrange(len(lines))
        kind = self._chance.randrange(4)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, self._chance.choice(_PIECES))
        elif kind == 2:
            lines.insert(self._chance.randrange(len(lines)), lines[at])
        else:
            lines[at] = lines[at][: self._chance.randrange(len(lines[at]) + 1)]
        self._session.open(path, "\n".join(lines))

    def _undo(self, path: str) -> None:
        if before := self._before.get(path):
            self._session.open(path, before.pop())

    def _save(self, path: str) -> None:
        self._session.save(path)

    def _rename(self, path: str) -> None:
        file, number = self._session.root / path, self._chance.randrange(10_000)
        if file.exists():
            target = f"{path.rpartition('/')[0]}/{number}.md".lstrip("/")
            file.rename(self._session.root / target)
            text = self._session.texts[path]
            self._session.close(path)
            self._session.open(target, text)
            self._paths.append(target)

    def _delete(self, path: str) -> None:
        (self._session.root / path).unlink(missing_ok=True)
        self._session.close(path)

    def save_all(self) -> None:
        for path in sorted(self._session.texts):
            self._session.save(path)


def run_edits(root: Path, count: int, seed: int, pause: int) -> None:
    """Make so many edits; compare with `lint` at the end, and after all is closed."""
    session = EditingSession(root)
    editor = RandomEditor(session, random.Random(seed))  # noqa: S311 (the same edits each time)
    for number in range(count):
        editor.edit()
        if number % pause == 0:
            session.work()
    editor.save_all()
    session.look()
    assert session.list_findings() == run_lint_here(root)
    for path in sorted(session.texts):
        session.close(path)
    session.look()
    assert session.list_findings() == run_lint_here(root)


@pytest.mark.collections
def test_ten_thousand_edits_of_real_notes(tmp_path: Path) -> None:
    copy_collection(get_collections() / "corpus/gyoogle", tmp_path / "notes")
    run_edits((tmp_path / "notes").resolve(), _EDITS, seed=1, pause=20)


@pytest.mark.parametrize("seed", [1, 2])
def test_some_edits_of_a_few_notes(tmp_path: Path, seed: int) -> None:
    notes = {f"{folder}/{number}.md": "".join(_PIECES[:5]) * 2 for folder in "ab" for number in range(3)}
    run_edits(write_files(tmp_path / "notes", {**notes, "techstock.toml": ""}).resolve(), 60, seed, pause=5)


def test_memory_after_many_edits_is_that_after_few(tmp_path: Path) -> None:
    root = write_files(
        tmp_path / "notes", {"a.md": "- 港: 船。\n", "b.md": "- 海: 水。\n", "techstock.toml": ""}
    ).resolve()
    session = EditingSession(root)
    counts = []
    for number in range(120):
        session.open("a.md", f"- 港{number}: 船が{number}隻泊まる。\n- 名{number}:\n- 港: 船。\n")
        session.work()
        if number in (20, 119):
            gc.collect()
            counts.append(len(gc.get_objects()))
    assert counts[1] < counts[0] + 200, "objects that no edit needs any more"
