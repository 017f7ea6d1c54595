"""Let the n-th change that code makes to the disk go wrong, or be the last thing its process does."""

import errno
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import pytest

CHANGES = (
    "open",
    "write",
    "fsync",
    "fchmod",
    "fchown",
    "ftruncate",
    "posix_fallocate",
    "link",
    "replace",
    "rename",
    "unlink",
    "mkdir",
    "close",
)
"""Functions of `os` that make, fill, name or remove files; `open` counts where it is for writing."""

LOOKS = ("read", "fstat", "lseek", "listdir")

ERRORS = {
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "broken": OSError(errno.EIO, "Input/output error"),
    "read-only": OSError(errno.EROFS, "Read-only file system"),
    "forbidden": PermissionError(errno.EACCES, "Permission denied"),
    "elsewhere": OSError(errno.EXDEV, "Invalid cross-device link"),
    "gone": FileNotFoundError(errno.ENOENT, "No such file or directory"),
    "interrupted": KeyboardInterrupt(),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Fault:
    """Counts calls; before the `at`-th, `strike` is called, with half of what was to be written written."""

    def __init__(self, at: int, strike: Callable[[], None], *, looks: bool = False) -> None:
        self.count, self._at, self._strike = 0, at, strike
        self._steps = CHANGES + (LOOKS if looks else ())

    @contextmanager
    def planted(self) -> Iterator["Fault"]:
        """The fault is there as long as this lasts."""
        with pytest.MonkeyPatch.context() as patched:
            for step in self._steps:
                if hasattr(os, step):
                    patched.setattr(os, step, self._failing(step, getattr(os, step)))
            yield self

    def _failing(self, step: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            if step == "open" and not arguments[1] & _WRITING:
                return real(*arguments, **named)
            self.count += 1
            if self.count - 1 == self._at:
                if step == "write":
                    real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                if step == "close":
                    real(*arguments)
                self._strike()
            return real(*arguments, **named)

        return run


def count_steps(act: Callable[[], object], *, looks: bool = False) -> int:
    """Count the steps of an action when nothing goes wrong."""
    with Fault(-1, lambda: None, looks=looks).planted() as fault:
        act()
    return fault.count


def raised(at: int, error: BaseException, act: Callable[[], object], *, looks: bool = False) -> BaseException | None:
    """What comes of an action whose `at`-th step fails with this error; only what callers may expect is caught."""

    def strike() -> None:
        raise error

    with Fault(at, strike, looks=looks).planted():
        try:
            act()
        except (Exception, KeyboardInterrupt) as found:  # noqa: BLE001 whatever it is, the disk is looked at
            return found
    return None


def killed(at: int, act: Callable[[], object]) -> bool:
    """Whether a process of its own was killed (`SIGKILL`) before the `at`-th step of an action, if it has so many."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads of the tests do nothing here
        child = os.fork()
    if not child:
        _die(at, act)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _die(at: int, act: Callable[[], object]) -> None:
    try:
        with (
            open(os.devnull, "w", encoding="utf-8") as nowhere,  # noqa: PTH123
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
            Fault(at, lambda: os.kill(os.getpid(), signal.SIGKILL)).planted(),
        ):
            act()
    finally:
        os._exit(0)
