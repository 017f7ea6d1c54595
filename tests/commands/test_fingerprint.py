"""`techstock lint --fingerprint`: one finding, to look at or to ignore."""

import json
from pathlib import Path

import pytest

from techstock.cli import main
from tests.support import make_project

FILES: dict[str, str | bytes] = {"techstock.toml": "", "a.md": "- 待避:\n- 復旧:\n"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(make_project(tmp_path, FILES))
    return tmp_path


def find(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, str]:
    """Return the fingerprints of what is reported, by the name in backticks."""
    main(["lint", "--no-cache", "--output-format", "json", *arguments])
    return {one["message"].split("`")[1]: one["fingerprint"] for one in json.loads(capsys.readouterr().out)}


def test_only_that_finding_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = find(capsys)
    assert known.keys() == {"待避", "復旧"}
    assert find(capsys, "--fingerprint", known["復旧"]).keys() == {"復旧"}
    assert main(["lint", "--no-cache", "--fingerprint", "0" * 20]) == 0
    assert f"no problem has the fingerprint `{'0' * 20}`" in capsys.readouterr().err


def test_only_that_finding_is_ignored(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = find(capsys)
    chosen = ["--add-ignores", "--reason", "later", "--fingerprint", known["復旧"]]
    assert main(["lint", "--no-cache", *chosen]) == 0
    assert "1 problem ignored by comments in 1 note" in capsys.readouterr().err
    text = (root / "a.md").read_text("utf-8")
    assert text.count("<!-- techstock: ignore definition-missing later -->") == 1
    assert find(capsys).keys() == {"待避"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--fingerprint", "x"], "`x` is no fingerprint"), (["--fix", "--fingerprint", "0" * 20], "not fixes")],
)
def test_wrong_use(root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(["lint", *arguments]) == 2
    assert said in capsys.readouterr().err
