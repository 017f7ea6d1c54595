"""`techstock init`: what it shows and writes."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from techstock import __version__
from tests.commands.init_notes import CONFIG, OLD, WRITTEN, init, lint, read_project
from tests.support import make_project


def test_everything_is_shown_and_nothing_is_written(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_project(repository)
    assert init(repository, monkeypatch) == 0
    out, err = capsys.readouterr()
    assert err == "nothing is written; `techstock init --yes` writes what is shown\n"
    assert read_project(repository) == before
    assert not (repository / ".techstock_cache").exists()
    assert out.startswith(
        "4 notes read; what they have in common:\n\n"
        "  languages       Japanese 4\n"
        "  section level   2, 3 of 3 numbered notes (100 %)\n"
        "  number form     `61.`, 30 of 30 section numbers (100 %)\n"
        "  numbered        30 of 30 sections of numbered notes (100 %)\n"
        "  without a gap   27 of 27 steps from number to number (100 %)\n"
        "  entries         30 of 30 in numbered sections (100 %): term, image or link\n"
        "  colon           `term: definition`, 31 of 32 terms (96 %)\n"
        "                  `term：definition`, 1 of 32 terms (3 %)\n"
        "  collections     `n`: 1 to 30 in 3 notes\n"
        "\n1 problem today\n       1 definition-missing\n"
    )
    assert init(repository, monkeypatch, "--yes") == 0
    shown = out.split("\n")
    for name in WRITTEN[1:]:
        assert all(
            f"    {line}".rstrip() in shown for line in (repository / name).read_text("utf-8").rstrip().split("\n")
        )
    short = capsys.readouterr().out
    assert "repos:" not in short
    assert short.startswith(out.split("\n\ntechstock-baseline.txt:")[0])


def test_what_is_written(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repository, monkeypatch, "--yes") == 0
    err = capsys.readouterr().err
    assert err.startswith(f"written: {', '.join(f'`{name}`' for name in WRITTEN)}\nnext:\n  git add {WRITTEN[0]} ")
    assert "  pre-commit install " in err
    assert "  techstock lint " in err
    assert read_project(repository).keys() == {*OLD, *WRITTEN}
    assert (repository / "techstock.toml").read_text("utf-8") == CONFIG
    assert f"rev: v{__version__}\n" in (repository / WRITTEN[2]).read_text("utf-8")
    assert "    branches: [trunk]\n" in (repository / WRITTEN[3]).read_text("utf-8")
    assert lint() == 0
    (repository / "n" / "memo.md").write_text("- 待避:\n- 復旧：始める。\n- 配置:\n", "utf-8")
    assert lint() == 1


def test_the_workflow_and_the_hook_hold_before_others(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert init(repository, monkeypatch, "--yes") == 0
    bin_ = Path(sys.executable).parent
    suffix = ".exe" if os.name == "nt" else ""
    for tool in (
        [str(bin_ / f"zizmor{suffix}"), "--offline", "--no-progress", "--quiet", "--pedantic", WRITTEN[3]],
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", WRITTEN[3]],
        [sys.executable, "-m", "pre_commit", "validate-config", WRITTEN[2]],
    ):
        done = subprocess.run(tool, cwd=repository, check=False, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_is_like_our_own(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same actions at the same commits, so that what updates ours is not forgotten there."""
    assert init(repository, monkeypatch, "--yes") == 0
    uses = re.compile(r"uses: (actions/\S+ # \S+)")
    ours = (Path(__file__).parents[2] / ".github" / "workflows" / "notes.yml").read_text("utf-8")
    assert uses.findall((repository / WRITTEN[3]).read_text("utf-8")) == uses.findall(ours) != []


def test_again(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repository, monkeypatch, "--yes") == 0
    before = read_project(repository)
    capsys.readouterr()
    assert init(repository, monkeypatch, "--yes") == 0
    out, err = capsys.readouterr()
    assert err == "nothing is left to write\n"
    assert read_project(repository) == before
    assert out.endswith(
        "\ntechstock.toml names a baseline already; `techstock baseline` rewrites it\n"
        "\ntechstock.toml configures techstock; to be added by hand:\n\n"
        "    # Conventions of these notes, found by `techstock init`\n"
        '    rules.colon-style.level = "warning"  # 31 of 32 terms (96 %)\n'
        '    rules.colon-style.colon = ":"\n'
        "\n`.pre-commit-config.yaml` has techstock already\n"
        "\n`.github/workflows/notes.yml` has techstock already\n"
    )


def test_what_is_there_stays_and_is_said(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {
        "techstock.toml": "rules.colon-style.level = 'off'\n",
        ".pre-commit-config.yaml": "repos: []\n",
        ".github/workflows/notes.yml": "name: mine\n",
    }
    make_project(repository, there)
    before = read_project(repository)
    assert init(repository, monkeypatch, "--yes") == 0
    out, err = capsys.readouterr()
    left = read_project(repository)
    assert left.pop("techstock-baseline.txt")
    assert left == before
    assert err.startswith("written: `techstock-baseline.txt`\nnext:\n  add the lines above to techstock.toml\n")
    assert "techstock.toml configures techstock; to be added by hand:\n\n    # Conventions" in out
    assert '    baseline = "techstock-baseline.txt"  # known problems; `techstock baseline` rewrites it\n' in out
    assert "colon-style.level" not in out
    assert (
        "`.pre-commit-config.yaml` is there already and not changed; to be added below\n"
        "its `repos:`, and `default_install_hook_types: [pre-commit, pre-push]` above it:\n\n      - repo:" in out
    )
    assert (
        "`.github/workflows/notes.yml` is there already and not changed; another file\ncould hold:\n\n    name: n"
        in out
    )


def test_an_old_baseline_is_not_touched(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_project(repository, {"techstock-baseline.txt": "mine\n"})
    assert init(repository, monkeypatch, "--yes") == 0
    assert "`techstock-baseline.txt` is there already and not changed" in capsys.readouterr().out
    assert (repository / "techstock-baseline.txt").read_text() == "mine\n"
    assert "baseline" not in tomllib.loads((repository / "techstock.toml").read_text("utf-8"))
