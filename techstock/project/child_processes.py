"""Environments of Python processes that this one starts: none of them may import from the working directory.

The working directory is often a stranger's repository, and `python -c` puts it in front of everything else.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_SAFE_PATH, _PATH = "PYTHONSAFEPATH", "PYTHONPATH"


def make_python_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a Python process that imports nothing from its working directory.

    An empty or relative entry of `PYTHONPATH` means that directory, and is left out; others are the user's own.
    """
    kept = {name: value for name, value in environment.items() if name != _PATH} | {_SAFE_PATH: "1"}
    paths = [path for path in environment.get(_PATH, "").split(os.pathsep) if os.path.isabs(path)]
    return kept | ({_PATH: os.pathsep.join(paths)} if paths else {})


def can_protect_imports() -> bool:
    """Return whether `protect_imports` has an effect: a Python that ignores its environment passes that on."""
    return sys.flags.safe_path or not sys.flags.ignore_environment


@contextmanager
def protect_imports() -> Iterator[None]:
    """Let processes that multiprocessing starts in the body import nothing from the working directory.

    Multiprocessing takes no environment for them: they inherit that of this process.
    """
    before = {name: os.environ.get(name) for name in (_SAFE_PATH, _PATH)}
    safe = make_python_environment(os.environ)
    _set_variables({name: safe.get(name) for name in before})
    try:
        yield
    finally:
        _set_variables(before)


def _set_variables(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
