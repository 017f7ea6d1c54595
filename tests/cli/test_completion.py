"""The completion files know every command and option, and complete them in a real shell."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from techstock.cli import list_commands, main
from tests.documentation.commands import options

FOLDER = Path(__file__).parents[2] / "techstock" / "cli" / "completions"
SHELLS = ("bash", "fish", "zsh")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_option_is_there(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """If not: `python docs/completions.py`, with shtab installed."""
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert text == (FOLDER / f"techstock.{shell}").read_text("utf-8")
    missing = [name for name in list_commands() if not re.search(rf"\b{name}\b", text)]
    for command in list_commands():
        for option in options(command):
            written = option.lstrip("-") if shell == "fish" else option
            if not re.search(rf"(?<![\w-]){re.escape(written)}(?![\w-])", text):
                missing.append(f"{command} {option}")
    assert missing == []


def test_bash_completes(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("no bash on this machine")
    script = f"""
source {FOLDER}/techstock.bash
COMP_WORDS=(techstock lint --fi); COMP_CWORD=2
_shtab_techstock
printf '%s ' "${{COMPREPLY[@]}}"
COMP_WORDS=(techstock ter); COMP_CWORD=1
_shtab_techstock
printf '%s ' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run([bash, "--norc", "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["--fingerprint", "--fix", "--fix-only", "terms"]


@pytest.mark.parametrize("arguments", [[], ["csh"], ["bash", "zsh"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", *arguments]) == 2
    assert capsys.readouterr().err == "error: `techstock completion` takes one of `bash`, `fish` and `zsh`\n"
