"""The contents of the files that `techstock init` proposes."""

import re
from collections.abc import Iterable

import msgspec

from techstock import __version__
from techstock.cli.learned import Setting
from techstock.config.toml import dotted, written

BASELINE = "techstock-baseline.txt"
HOOKS, WORKFLOWS, WORKFLOW = ".pre-commit-config.yaml", ".github/workflows", "notes.yml"
_REPOSITORY = "https://github.com/techstock/techstock"
_KEPT = "What these notes keep to, as `techstock init` learned it"
_FREE = "`techstock init` found nothing that 95 % of 20 cases or more keep to; rules learn what they need of a note"
_PLAIN_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}")


class Draft(msgspec.Struct, frozen=True):
    """A file to write: its path below the root and its text. `old` is its previous text, empty for a new file."""

    path: str
    text: str
    old: str = ""


def configuration(settings: Iterable[Setting], prefix: tuple[str, ...] = ()) -> str:
    """Return settings as TOML; `prefix` is the table that contains them."""
    settings = list(settings)
    kept = any(setting.key[0] != "baseline" for setting in settings)
    lines = [f"# {_KEPT if kept else _FREE}"]
    lines += [f"[{dotted(prefix)}]"] if prefix else []
    for setting in settings:
        why = f"  # {setting.why}" if setting.why else ""
        lines.append(f"{dotted(setting.key)} = {written(setting.value)}{why}")
    return "".join(f"{line}\n" for line in lines)


HOOK = f"""\
  - repo: {_REPOSITORY}
    rev: v{__version__}
    hooks:
      - id: techstock
"""


def hooks() -> str:
    """Return a pre-commit configuration that runs techstock."""
    return f"# `pre-commit install` lets each commit wait for these\nrepos:\n{HOOK}"


def workflow(branch: str) -> str:
    """Return a GitHub workflow. It runs on pushes to `branch`, or to any branch if that name is not plain."""
    push = f"  push:\n    branches: [{branch}]\n" if _PLAIN_BRANCH.fullmatch(branch) else "  push:\n"
    return f"""\
name: notes

on:
{push}  pull_request:

permissions:
  contents: read

concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: true

jobs:
  lint:
    name: Lint the notes
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - name: Take the notes
        uses: actions/checkout@df4cb1c069e1874edd31b4311f1884172cec0e10 # v6.0.3
        with:
          fetch-depth: 2 # with what a pull request goes into, so that only its changes are reported
          persist-credentials: false
      - name: Lint
        uses: techstock/techstock@v{__version__} # zizmor: ignore[unpinned-uses] (a commit in its place is safer)
"""
