"""A target with very many folders costs no more than a long one."""

from pathlib import Path

import pytest

from tests.cache.support import lint_report
from tests.support import make_project


@pytest.mark.parametrize("target", ["a/" * 40_000 + "x.png", "a/" * 2_000 + "x.png", "a/" * 500 + "x.md"])
def test_very_many_folders(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(
        make_project(tmp_path, {"a.md": f"# 題\n\n![図]({target})\n[先]({target})\n", "techstock.toml": ""})
    )
    code, report = lint_report(capsys, "--no-cache")
    assert code == 1
    assert '"rule": "image-missing"' in report
