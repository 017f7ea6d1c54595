"""What is kept is right for every command, and for notes that a run changes itself."""

import os
import random
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from techstock import registry
from techstock.cache import CacheDirectory, NoteStore, key
from techstock.cache.note_record import NoteSummary
from techstock.cli import main
from techstock.engine import RuleRun, diagnose
from techstock.load.corpus_loader import LoadedCorpus, LoadOptions, load_corpus
from techstock.model import WARNING
from techstock.parse import parse
from tests.cache.support import make_text, run_with
from tests.cli.support import run
from tests.project.disk import posix_only
from tests.support import make_project

PLANS = [
    RuleRun(registry.load_rule(name), WARNING) for name in ("marker-space", "definition-missing", "section-number-gap")
]


def load_kept(root: Path) -> LoadedCorpus:
    """Load the notes of a project, with what an earlier call has kept."""
    statuses = {path.name: path.stat() for path in root.glob("*.md")}
    wish = LoadOptions(os.fsencode(root), 10_000, statuses=statuses)
    got = load_corpus(
        list(statuses), wish, NoteStore(NoteSummary, CacheDirectory(str(root / "kept")), b"k" * 20), PLANS
    )
    got.save()
    return got


def test_problems_belong_to_a_text_not_to_a_path(tmp_path: Path) -> None:
    """`--fix` checks notes that it has changed, and goes back to the first ones where fixes fight."""
    make_project(tmp_path, {"a.md": "# 題\n\n- a:\n\n-\u3000b: c\n", "b.md": "# 題\n\n- a:\n", "c.md": "# 題\n"})
    load_kept(tmp_path)
    got = load_kept(tmp_path)
    assert got.kept == 3
    corpus = got.corpus
    changed = {"a.md": parse("a.md", "# 題\n"), "c.md": parse("c.md", "# 題\n\n-\u3000d: e\n")}
    notes = tuple(changed.get(note.path, note) for note in corpus.notes)
    for scope in (None, {"a.md", "b.md"}, {"c.md"}):
        new = diagnose(replace(corpus, notes=notes), PLANS, scope, got.verdicts)
        assert new == diagnose(replace(corpus, notes=notes), PLANS, scope)
        assert diagnose(corpus, PLANS, scope, got.verdicts) == diagnose(corpus, PLANS, scope)
    assert not got.verdicts.learned
    assert [found.rule for found in diagnose(replace(corpus, notes=notes), PLANS, {"a.md", "c.md"})] == ["marker-space"]


COMMANDS = [
    ["lint", "--diff"], ["lint", "--diff", "--unsafe-fixes", "--select", "*"], ["lint", "--fix", "--preset", "strict"],
    ["lint", "--fix-only", "b.md"], ["lint", "--baseline", "known"],
    ["lint", "--add-ignores", "--reason", "later"], ["images", "--offline"],
    ["baseline", "--baseline", "known"], ["baseline", "--baseline", "known", "--prune"], ["explain", "a.md:3"],
]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_and_writes_the_same(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    seed: int,
) -> None:
    choose = random.Random(seed)  # noqa: S311 (no secret)
    monkeypatch.setattr(key, "SETTLE_TIME", -(10**15))  # stamps are trusted at once
    ignore = "<!-- techstock: ignore entry-form -->\n\n"
    notes = {name: f"# 題\n\n- 語: 意味。\n\n{ignore}{make_text(choose)}" for name in ("a.md", "b.md", "b.ja.md")}
    make_project(tmp_path / "one", {**notes, "techstock.toml": ""})
    monkeypatch.chdir(tmp_path / "one")
    main(["baseline", "-q", "--baseline", "known"])
    (tmp_path / "one" / "a.md").write_text(f"# 題\n\n- 語: 意味。\n\n{make_text(choose)}", "utf-8")
    main(["lint", "-q", "--select", "*"])
    main(["lint", "-q"])
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    capsys.readouterr()
    results = []
    for folder, options in (("one", []), ("other", ["--no-cache"])):
        monkeypatch.chdir(tmp_path / folder)
        code = main([*command, *options])
        written = {path.name: path.read_bytes() for path in sorted((tmp_path / folder).iterdir()) if path.is_file()}
        results.append((code, capsys.readouterr(), written))
    assert results[0] == results[1]
    assert results[0][0] in {0, 1}


@posix_only
def test_a_trusted_note_that_changes_before_it_is_fixed(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.md": "# 題\n\n-\u3000b: c\n", "techstock.toml": ""})
    old = "import techstock.cache.key as s\ns.SETTLE_TIME = -10**15\n"
    run_with(old, "lint", "-q", cwd=tmp_path)
    late = "import techstock.load.corpus_loader as g\ngather, times = g.load_corpus, iter('x')\n"
    late += "def changed(*a, **k):\n    found = gather(*a, **k)\n"
    late += "    if next(times, ''): open('a.md', 'a').write('\\n-\\u3000d: e\\n')\n    return found\n"
    late += "g.load_corpus = changed\n"
    done = run_with(old + late, "lint", "-q", "--fix", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "a.md").read_text("utf-8") == "# 題\n\n- b: c\n\n- d: e\n"
    assert run("lint", "-q", cwd=tmp_path).returncode == 0
