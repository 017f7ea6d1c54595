"""What a process takes: seconds on the clock and of CPU, and memory, with those that it starts."""

import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec


class Took(msgspec.Struct):
    """Seconds on the clock and of CPU, and megabytes."""

    wall: float
    cpu: float
    memory: float = 0.0


def measure_process(
    command: Sequence[str],
    cwd: Path,
    *,
    memory: bool = False,
    out: IO[bytes] | int = subprocess.DEVNULL,
    err: IO[bytes] | int = subprocess.DEVNULL,
) -> Took:
    """Run a command to its end. Exits where it answers with anything but 0 and 1."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=cwd, stdout=out, stderr=err) as process:
        most = max(_watched(process), default=0.0) if memory else 0.0
        process.wait()
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Took(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, most)


def measure_peak() -> int:
    """Return the most memory that this process had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _watched(process: "subprocess.Popen[bytes]") -> Iterator[float]:
    while process.poll() is None:
        yield sum(map(_share, [process.pid, *_children(process.pid)]))
        time.sleep(0.005)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _share(pid: int) -> float:
    try:
        match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0.0
    return int(match[1]) / 1024 if match else 0.0


def least(times: int, *runs: Callable[[], Took]) -> list[Took]:
    """The least of several runs of each, in turn."""
    found = [[run() for run in runs] for _ in range(times)]
    return [
        Took(min(took.wall for took in column), min(took.cpu for took in column), max(took.memory for took in column))
        for column in zip(*found, strict=True)
    ]
