"""The entry point of `python -m techstock`."""

import os
import sys


def _forget_working_directory() -> None:
    """Remove the working directory, which `-m` adds, from `sys.path`: it may hold a stranger's `pyromark.py`."""
    try:
        here = os.getcwd()  # noqa: PTH109 (pathlib would take longer to load than to answer `--version`)
    except FileNotFoundError:
        here = ""
    if not sys.flags.safe_path and sys.path[0] in ("", here):
        del sys.path[0]


_forget_working_directory()

from techstock.cli import main  # noqa: E402 (nothing is imported before)

sys.exit(main())
