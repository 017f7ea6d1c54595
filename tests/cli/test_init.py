"""`techstock init`: what it shows and writes."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from techstock import __version__
from tests.cli.beginning import CONFIG, OLD, WRITTEN, files, init, lint
from tests.cli.support import project
from tests.project.disk import git


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    project(tmp_path, OLD)
    git(tmp_path, "init", "-q", "-b", "trunk")
    return tmp_path


def test_everything_is_shown_and_nothing_is_written(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(repo)
    assert init(repo, monkeypatch) == 0
    out, err = capsys.readouterr()
    assert err == "nothing is written; `techstock init --yes` writes what is shown\n"
    assert files(repo) == before
    assert not (repo / ".techstock_cache").exists()
    assert out.startswith(
        "4 notes read; what they keep to:\n\n"
        "  languages       Japanese 4\n"
        "  section level   2, 3 of 3 numbered notes (100 %)\n"
        "  number form     `61.`, 30 of 30 section numbers (100 %)\n"
        "  numbered        30 of 30 sections of numbered notes (100 %)\n"
        "  without a gap   27 of 27 steps from number to number (100 %)\n"
        "  strict entries  30 of 30 entries (100 %) are a term, an image or a link\n"
        "  colon           `term: definition`, 31 of 32 terms (96 %)\n"
        "                  `term：definition`, 1 of 32 terms (3 %)\n"
        "  collections     `n`: 1 to 30 in 3 notes\n"
        "\ntechstock-baseline.txt:\n\n"
        "    2 problems that there are; from then on new ones are reported\n"
        "         1 colon-style\n         1 definition-missing\n"
    )
    assert init(repo, monkeypatch, "--yes") == 0
    shown = out.split("\n")
    for name in WRITTEN[1:]:
        assert all(f"    {line}".rstrip() in shown for line in (repo / name).read_text("utf-8").rstrip().split("\n"))


def test_what_is_written(repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repo, monkeypatch, "--yes") == 0
    assert capsys.readouterr().err == f"written: {', '.join(f'`{name}`' for name in WRITTEN)}\n"
    assert files(repo).keys() == {*OLD, *WRITTEN}
    assert (repo / "techstock.toml").read_text("utf-8") == CONFIG
    assert f"rev: v{__version__}\n" in (repo / WRITTEN[2]).read_text("utf-8")
    assert "    branches: [trunk]\n" in (repo / WRITTEN[3]).read_text("utf-8")
    assert lint() == 0
    (repo / "n" / "memo.md").write_text("- 待避:\n- 復旧：始める。\n- 配置：置く。\n", "utf-8")
    assert lint() == 1


def test_the_workflow_and_the_hook_hold_before_others(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert init(repo, monkeypatch, "--yes") == 0
    bin_ = Path(sys.executable).parent
    suffix = ".exe" if os.name == "nt" else ""
    for tool in (
        [str(bin_ / f"zizmor{suffix}"), "--offline", "--no-progress", "--quiet", "--pedantic", WRITTEN[3]],
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", WRITTEN[3]],
        [sys.executable, "-m", "pre_commit", "validate-config", WRITTEN[2]],
    ):
        done = subprocess.run(tool, cwd=repo, check=False, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_is_like_our_own(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same actions at the same commits, so that what updates ours is not forgotten there."""
    assert init(repo, monkeypatch, "--yes") == 0
    uses = re.compile(r"uses: (actions/\S+ # \S+)")
    ours = (Path(__file__).parents[2] / ".github" / "workflows" / "notes.yml").read_text("utf-8")
    assert uses.findall((repo / WRITTEN[3]).read_text("utf-8")) == uses.findall(ours) != []


def test_again(repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repo, monkeypatch, "--yes") == 0
    before = files(repo)
    capsys.readouterr()
    assert init(repo, monkeypatch, "--yes") == 0
    out, err = capsys.readouterr()
    assert err == "nothing is left to write\n"
    assert files(repo) == before
    assert out.endswith(
        "\ntechstock.toml configures techstock and says all of this\n"
        "\n`.pre-commit-config.yaml` has techstock already\n"
        "\n`.github/workflows/notes.yml` has techstock already\n"
    )


def test_what_is_there_stays_and_is_said(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {
        "techstock.toml": "rules.colon-style.level = 'off'\n",
        ".pre-commit-config.yaml": "repos: []\n",
        ".github/workflows/notes.yml": "name: mine\n",
    }
    project(repo, there)
    before = files(repo)
    assert init(repo, monkeypatch, "--yes") == 0
    out, err = capsys.readouterr()
    assert files(repo) == before
    assert err == "nothing is left to write\n"
    assert "techstock.toml configures techstock; what it does not say yet:\n\n    # What" in out
    assert '    baseline = "techstock-baseline.txt"  # `techstock baseline` writes it\n' in out
    assert "colon-style.level" not in out
    assert (
        "`.pre-commit-config.yaml` is there already and not changed; to be added below its `repos:`:\n\n      - repo:"
        in out
    )
    assert (
        "`.github/workflows/notes.yml` is there already and not changed; beside it could stand:\n\n    name: n" in out
    )


def test_an_old_baseline_is_not_touched(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(repo, {"techstock-baseline.txt": "mine\n"})
    assert init(repo, monkeypatch, "--yes") == 0
    assert "`techstock-baseline.txt` is there already and not changed" in capsys.readouterr().out
    assert (repo / "techstock-baseline.txt").read_text() == "mine\n"
    assert "baseline" not in tomllib.loads((repo / "techstock.toml").read_text("utf-8"))
