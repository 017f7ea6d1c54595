"""What rules say that see several notes is kept for these very notes, and for no others."""

from pathlib import Path

import pytest

from techstock import registry
from techstock.cache import rule_results
from techstock.duplicates import clusters
from techstock.model import Corpus, Note
from tests.cache.support import lint_report
from tests.support import make_project

SAME = "- 待避: 新しい要求を受けず、いまの仕事を終えてから止まる。そのあと別の場所で始まる。\n"
OTHER = "- 復旧: 止まった仕事を、記録から読み直して、その続きから始める。そのあとで知らせる。\n"
NOTES = {
    "a.md": f"# 題\n\n{SAME}",
    "b.md": f"# 別\n\n{SAME}",
    "sub/c.md": f"# 続\n\n{OTHER}",
    "techstock.toml": 'duplicate-scope = "directory"\n',
}


@pytest.fixture
def decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many notes each search for duplicates saw, if it was a new one; the working directory holds `NOTES`."""
    monkeypatch.chdir(make_project(tmp_path, NOTES))
    seen: list[int] = []
    decide = clusters.compare_candidate_entries

    def counting(corpus: Corpus) -> clusters.DuplicateResults:
        if "pairs" not in corpus.memo:
            seen.append(len(corpus.notes))
        return decide(corpus)

    monkeypatch.setattr(clusters, "compare_candidate_entries", counting)
    return seen


def test_nothing_changed(decided: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    first = lint_report(capsys)
    assert first[0] == 1
    assert decided
    decided.clear()
    assert lint_report(capsys) == first
    assert lint_report(capsys, "--ignore", "marker-space") == first
    assert decided == []


def test_something_changed(decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint_report(capsys)
    (tmp_path / "sub" / "c.md").rename(tmp_path / "c.md")  # its text is known, its folder is another one
    (tmp_path / "d.md").write_text(f"# 新\n\n{OTHER}", "utf-8")
    decided.clear()
    assert lint_report(capsys)[1].count('"rule": "duplicate-definition"') == 2
    assert decided
    (tmp_path / "d.md").unlink()
    assert lint_report(capsys) == lint_report(capsys, "--no-cache")


def test_only_the_folder_that_changed_is_looked_at(
    decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lint_report(capsys)
    (tmp_path / "sub" / "c.md").write_text(f"# 続\n\n{OTHER}{OTHER}", "utf-8")
    decided.clear()
    found = lint_report(capsys)
    assert decided == [1]
    assert found == lint_report(capsys, "--no-cache")


def test_all_notes_are_looked_at_where_they_are_compared(
    decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "techstock.toml").write_text("", "utf-8")
    first = lint_report(capsys)
    decided.clear()
    assert lint_report(capsys) == first
    assert decided == []
    (tmp_path / "sub" / "c.md").write_text(f"# 続\n\n{SAME}", "utf-8")
    found = lint_report(capsys)
    assert decided == [3]
    assert found == lint_report(capsys, "--no-cache")
    assert "sub/c.md" in found[1]


def test_a_new_label_counts_in_all_folders(
    decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A term with other content under three entries of a note is a label, in all folders."""
    (tmp_path / "a.md").write_text(
        "# 題\n\n- 語:\n  - 現場: 東の建物の三階で、朝に開く。\n  - 現場: 西の建物の地下で、夜に開く。\n", "utf-8"
    )
    assert "term-repeated" in lint_report(capsys)[1]
    nested = "".join(f"- 語{name}:\n  - 現場: {name}だけの話。\n" for name in "abc")
    (tmp_path / "sub" / "c.md").write_text(f"# 続\n\n{nested}", "utf-8")
    assert lint_report(capsys, "--select", "note-title") == (
        0,
        lint_report(capsys, "--select", "note-title", "--no-cache")[1],
    )
    decided.clear()
    found = lint_report(capsys)
    assert "term-repeated" not in found[1]
    assert sorted(decided) == [1, 2]
    assert found == lint_report(capsys, "--no-cache")


def test_what_other_rules_said_stays(decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two hooks that run different rules in turn do not work for each other."""
    first = lint_report(capsys)
    (tmp_path / "sub" / "c.md").write_text(f"# 続\n\n{OTHER}{OTHER}", "utf-8")
    lint_report(capsys, "--select", "note-title")
    decided.clear()
    assert lint_report(capsys) != first
    assert decided == [1]


def test_another_scope_of_duplicates(decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sub" / "c.md").write_text(f"# 続\n\n{SAME}", "utf-8")
    near = lint_report(capsys)
    assert lint_report(capsys, "--duplicate-scope", "corpus") != near
    assert lint_report(capsys) == near


def test_a_note_that_cannot_be_read(decided: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint_report(capsys)
    (tmp_path / "b.md").write_bytes(b"\xff")
    assert lint_report(capsys) == lint_report(capsys) == lint_report(capsys, "--no-cache")


def test_the_digest_is_of_all_that_counts(
    decided: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The comparison with a run that keeps nothing would notice if it were not."""
    monkeypatch.setattr(rule_results, "_digest_notes", lambda _, notes, __: f"of {Path(notes[0].path).parent}".encode())
    lint_report(capsys)
    (tmp_path / "b.md").unlink()
    assert lint_report(capsys) != lint_report(capsys, "--no-cache")


def test_a_run_that_keeps_nothing_works_out_nothing_to_keep(
    decided: list[int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = lint_report(capsys)
    for name in ("_digest_folders", "encode"):
        monkeypatch.delattr(rule_results, name)
    assert lint_report(capsys, "--no-cache") == kept


def test_such_rules_see_nothing_but_notes() -> None:
    """A rule that looked at files or answers of the web would find none, whatever there is."""
    corpus = Corpus((Note("a.md", ""),), "corpus", files=object(), web=(("x", object()),))  # type: ignore[arg-type]
    assert corpus.alone == Corpus(corpus.notes, "corpus")
    assert not [
        name
        for name in registry.list_rule_names()
        if registry.load_rule(name).sight != registry.BESIDE and registry.load_rule(name).needs
    ]
