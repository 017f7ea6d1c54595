"""The contents of the files that `techstock init` proposes."""

import re
from collections.abc import Iterable

import msgspec

from techstock import __version__
from techstock.cli.learned import ProposedSetting
from techstock.config.toml import format_toml_key, format_toml_value

BASELINE_FILE = "techstock-baseline.txt"
HOOKS_FILE, WORKFLOWS_FOLDER, WORKFLOW_FILE = ".pre-commit-config.yaml", ".github/workflows", "notes.yml"
_REPOSITORY = "https://github.com/techstock/techstock"
_CONVENTIONS_COMMENT = "What these notes keep to, as `techstock init` learned it"
_NO_CONVENTIONS_COMMENT = (
    "`techstock init` found nothing that 95 % of 20 cases or more keep to; rules learn what they need of a note"
)
_PLAIN_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}")


class ProposedFile(msgspec.Struct, frozen=True):
    """A file to write: its path below the root and its text. `old` is its previous text, empty for a new file."""

    path: str
    text: str
    old: str = ""


def format_configuration(settings: Iterable[ProposedSetting], prefix: tuple[str, ...] = ()) -> str:
    """Return settings as TOML; `prefix` is the table that contains them."""
    settings = list(settings)
    kept = any(setting.key[0] != "baseline" for setting in settings)
    lines = [f"# {_CONVENTIONS_COMMENT if kept else _NO_CONVENTIONS_COMMENT}"]
    lines += [f"[{format_toml_key(prefix)}]"] if prefix else []
    for setting in settings:
        why = f"  # {setting.why}" if setting.why else ""
        lines.append(f"{format_toml_key(setting.key)} = {format_toml_value(setting.value)}{why}")
    return "".join(f"{line}\n" for line in lines)


HOOK_ENTRY = f"""\
  - repo: {_REPOSITORY}
    rev: v{__version__}
    hooks:
      - id: techstock
"""


def format_hooks() -> str:
    """Return a pre-commit configuration that runs techstock."""
    return f"# `pre-commit install` lets each commit wait for these\nrepos:\n{HOOK_ENTRY}"


def format_workflow(branch: str) -> str:
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
