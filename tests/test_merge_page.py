"""The page on merging shows a real run, on the notes that it shows."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from techstock.cli import main
from tests.test_project_files import ROOT

PAGE = (ROOT / "docs" / "merge.md").read_text("utf-8")


def test_the_page_on_merging_shows_a_real_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = re.findall(r"`([\w-]+\.md)`:\n\n```markdown\n(.*?)^```$", PAGE, re.M | re.S)
    assert len(notes) == 2
    monkeypatch.chdir(tmp_path)
    for (name, text), day in zip(notes, ("2023-05-02", "2024-11-20"), strict=True):
        Path(name).write_text(text, "utf-8")
        date, who = f"{day}T12:00:00+0900", ("-c", "user.name=a", "-c", "user.email=a@b")
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
            kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
            env = kept | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": os.devnull}
            subprocess.run(["git", *who, *words], check=True, env=env, stdin=subprocess.DEVNULL)
    shown = re.search(r"^```console\n\$ techstock (merge [^\n]+)\n(.*?)^```$", PAGE, re.M | re.S)
    assert shown
    assert main(shown[1].split()) == 0
    said = capsys.readouterr()
    assert said.out + said.err == shown[2]
    assert main([*shown[1].split(), "--apply", "-q"]) == 0
    assert main(["lint", "-q"]) == 0
