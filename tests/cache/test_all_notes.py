"""What rules say that see all notes is kept for these very notes, and for no others."""

from pathlib import Path

import pytest

from techstock import catalog
from techstock.engine import verdicts
from techstock.model import Corpus, Note
from techstock.similarity import findings
from tests.cache.support import said
from tests.cli.support import project

SAME = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。そのあと別の場所で始まる。\n"
OTHER = "- 復旧: 止まった仕事を、記録から読み直して、その続きから始める。そのあとで知らせる。\n"
NOTES = {"a.md": f"# 題\n\n{SAME}", "b.md": f"# 別\n\n{SAME}", "sub/c.md": f"# 続\n\n{OTHER}", "techstock.toml": ""}


@pytest.fixture
def decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many notes each search for duplicates saw; the working directory holds `NOTES`."""
    monkeypatch.chdir(project(tmp_path, NOTES))
    seen: list[int] = []
    decide = findings.decide_pairs

    def counting(corpus: Corpus) -> findings.Decision:
        seen.append(len(corpus.notes))
        return decide(corpus)

    monkeypatch.setattr(findings, "decide_pairs", counting)
    return seen


def test_nothing_changed(decided: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys)
    assert first[0] == 1
    assert decided
    decided.clear()
    assert said(capsys) == first
    assert said(capsys, "--ignore", "marker-space") == first
    assert decided == []


def test_something_changed(decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys)
    (tmp_path / "sub" / "c.md").rename(tmp_path / "c.md")  # its text is known, its folder is another one
    (tmp_path / "d.md").write_text(f"# 新\n\n{OTHER}", "utf-8")
    decided.clear()
    assert said(capsys)[1].count('"rule": "duplicate-definition"') == 2
    assert decided
    (tmp_path / "d.md").unlink()
    assert said(capsys) == said(capsys, "--no-cache")


def test_another_scope_of_duplicates(decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sub" / "c.md").write_text(f"# 続\n\n{SAME}", "utf-8")
    near = said(capsys)
    assert said(capsys, "--duplicate-scope", "corpus") != near
    assert said(capsys) == near


def test_a_note_that_cannot_be_read(decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys)
    (tmp_path / "b.md").write_bytes(b"\xff")
    assert said(capsys) == said(capsys) == said(capsys, "--no-cache")


def test_the_digest_is_of_all_that_counts(
    decided: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The comparison with a run that keeps nothing would notice if it were not."""
    monkeypatch.setattr(verdicts, "_inputs", lambda *_: b"always the same")
    said(capsys)
    (tmp_path / "b.md").unlink()
    assert said(capsys) != said(capsys, "--no-cache")


def test_a_run_that_keeps_nothing_works_out_nothing_to_keep(
    decided: list[int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = said(capsys)
    for name in ("_inputs", "encode"):
        monkeypatch.delattr(verdicts, name)
    assert said(capsys, "--no-cache") == kept


def test_such_rules_see_nothing_but_notes() -> None:
    """A rule that looked at files or answers of the web would find none, whatever there is."""
    corpus = Corpus((Note("a.md", ""),), "corpus", files=object(), web=(("x", object()),))  # type: ignore[arg-type]
    assert corpus.alone == Corpus(corpus.notes, "corpus")
    assert {name for name in catalog.names() if catalog.load(name).paired} < {
        name for name in catalog.names() if catalog.load(name).alone
    }
    assert not [name for name in catalog.names() if catalog.load(name).alone and catalog.load(name).needs]
