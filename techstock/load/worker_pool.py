"""A pool of worker processes that parse notes. This process parses, too; each takes one portion of notes at a time.

Workers are forked where that is safe, which is on Linux: a forked process has all modules loaded already, and this
process runs no threads. Elsewhere they are spawned, with nothing of the working directory to import: it may hold a
stranger's `pickle.py`. They receive their work through pipes, so there are no locks that a
killed process could leave locked.
"""

import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import msgspec

from techstock.cache.note_record import NoteRecord
from techstock.engine.errors import WorkerError
from techstock.load.parse_job import ParseJob, UnreadFile
from techstock.model import ReadFailure
from techstock.project.child_processes import can_protect_imports, protect_imports

_START_METHOD = "fork" if sys.platform == "linux" else "spawn"
_QUEUED_PORTIONS = 2  # portions that a process has before it: it never waits for us


class _PortionResult(msgspec.Struct, array_like=True, gc=False):
    """The result of one portion. Parsing `failed` paths raised an exception; the main process parses them again."""

    records: list[NoteRecord] = []
    unread: list[tuple[str, ReadFailure]] = []
    failed: list[str] = []


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_PortionResult).decode


def parse_in_workers(work: ParseJob, portions: Sequence[list[str]], jobs: int) -> Iterator[NoteRecord | UnreadFile]:
    """Run `work` on all notes in several processes, and yield the results in any order.

    Raises `WorkerError` if a process was killed.
    """
    _preload_modules(work)
    crew: list[_WorkerProcess] = []
    waiting = deque(portions)
    if _START_METHOD != "fork" and not can_protect_imports():
        jobs = 1
    try:
        while len(crew) < jobs - 1:
            crew.append(_WorkerProcess(work, [member.pipe for member in crew]))
        for member in crew * _QUEUED_PORTIONS:
            member.send_portion(waiting)
        while waiting or any(member.busy for member in crew):
            ready = wait([member.pipe for member in crew if member.busy], timeout=0 if waiting else None)
            for member in crew:
                if member.pipe in ready:
                    found = member.receive_result()
                    member.send_portion(waiting)
                    yield from found.records
                    yield from found.unread
                    yield from map(work.parse_file, found.failed)
            if not ready and waiting:
                yield from map(work.parse_file, waiting.popleft())
    finally:
        for member in crew:
            member.stop()
        for member in crew:
            member.process.join()


def _preload_modules(work: ParseJob) -> None:
    """Import the modules that parsing needs, once for all forked processes."""
    from techstock import registry
    from techstock.duplicates import candidates  # noqa: F401

    for name, _ in work.rules:
        registry.load_rule(name)


class _WorkerProcess:
    """A worker process. `busy` is the number of portions it has not returned yet."""

    def __init__(self, work: ParseJob, pipes: Sequence[Connection]) -> None:
        context = get_context(_START_METHOD)
        self.pipe, other = context.Pipe()
        # A forked process has our ends of all pipes as well, and would keep them open.
        ours = (*pipes, self.pipe) if _START_METHOD == "fork" else ()
        self.process: BaseProcess = context.Process(target=_run_worker, args=(other, ours, work), daemon=True)  # type: ignore[attr-defined]
        with _block_interrupts(), protect_imports():
            self.process.start()
        other.close()
        self.busy = 0

    def send_portion(self, waiting: "deque[list[str]]") -> None:
        """Send the next portion to the process, if there is one. Raises `WorkerError`."""
        if waiting:
            try:
                self.pipe.send_bytes(_encode(waiting.popleft()))
            except OSError:
                raise self._make_worker_error() from None
            self.busy += 1

    def receive_result(self) -> _PortionResult:
        """Receive the result of the oldest portion that was sent. Raises `WorkerError`."""
        try:
            data = self.pipe.recv_bytes()
        except (EOFError, OSError):
            raise self._make_worker_error() from None
        self.busy -= 1
        return _decode(data)

    def stop(self) -> None:
        """Close the pipe, which ends the process; terminate it if it is still working."""
        self.pipe.close()
        if self.busy:
            self.process.terminate()

    def _make_worker_error(self) -> WorkerError:
        self.process.join(1)
        code = self.process.exitcode
        how = f" by signal {-code}" if code and code < 0 else ""
        return WorkerError(
            f"a process that parsed notes was ended{how}, perhaps for want of memory; `--jobs 1` needs one process only"
        )


@contextmanager
def _block_interrupts() -> Iterator[None]:
    """Block SIGINT in the body, so that a forked process does not receive it before it ignores it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run_worker(pipe: Connection, ours: Sequence[Connection], work: ParseJob) -> None:
    """Run the loop of a worker process: receive portions and send results until the pipe is closed."""
    import gc

    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us is interrupted, too, and closes the pipe
    for other in ours:
        other.close()
    try:
        while True:
            paths = msgspec.msgpack.decode(pipe.recv_bytes(), type=list[str])
            pipe.send_bytes(_encode(_parse_portion(work, paths)))
    except (EOFError, OSError):
        return


def _parse_portion(work: ParseJob, paths: Sequence[str]) -> _PortionResult:
    found = _PortionResult()
    for path in paths:
        try:
            one = work.parse_file(path)
        except Exception:  # noqa: BLE001 (it is raised again where somebody hears of it)
            found.failed.append(path)
        else:
            if isinstance(one, NoteRecord):
                found.records.append(one)
            else:
                found.unread.append(one)
    return found
