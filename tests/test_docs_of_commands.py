"""What the pages on `init` and `terms` show is what these commands say."""

import re
from pathlib import Path

import pytest

from techstock.cli import main
from tests.cli.support import project

ROOT = Path(__file__).parent.parent
NOTES = {f"notes/{path.name}": path.read_bytes() for path in (ROOT / "notes").glob("*.md")}


@pytest.mark.parametrize("page", ["init.md", "terms.md"])
def test_the_page_shows_a_real_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], page: str
) -> None:
    shown = re.findall(
        r"^```console\n\$ techstock (.*?)\n(.*?)^```$", (ROOT / "docs" / page).read_text("utf-8"), re.M | re.S
    )
    assert shown
    monkeypatch.chdir(project(tmp_path, NOTES, git=True))
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    for command, output in shown:
        assert main(command.split()) == 0
        assert "".join(capsys.readouterr()) == output
