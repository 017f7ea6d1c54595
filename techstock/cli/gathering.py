"""Read the notes of a task, with a line about it on the terminal."""

import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence

from techstock.cache import Store
from techstock.cli.color import is_terminal
from techstock.cli.task import Task
from techstock.engine.diagnose import Plan
from techstock.engine.gather import Gathered, Wish, gather
from techstock.engine.record import Brief
from techstock.model import Fault


def gathered(
    work: Task, texts: Mapping[str, str | Fault], options: Namespace, store: Store[Brief], plans: Sequence[Plan] = ()
) -> Gathered:
    """The corpus; `texts` stand for files. With `--quiet`, no progress is shown, even on a terminal."""
    wish = Wish(
        os.fsencode(work.project.root),
        work.config.file_size,
        work.config.section_level,
        work.config.duplicate_scope,
        texts,
        options.jobs or _processors(),
        work.statuses,
    )
    if options.quiet or sys.stderr is None or not is_terminal(sys.stderr, os.environ):
        return gather(work.paths, wish, store, plans)
    from techstock.cli.progress import Progress as Line

    line = Line(sys.stderr)
    try:
        return gather(work.paths, wish, store, plans, line)
    finally:
        line.close()


def given(work: Task) -> Mapping[str, str | Fault]:
    """The texts that stand for files, by path: what is on stdin, which can be read once."""
    if not work.stdin:
        return {}
    from techstock.cli.stdin import stdin_text

    return {work.stdin: stdin_text(work.stdin, work.config.file_size)}


def _processors() -> int:
    """How many processors this process may use, at most 8: so many parse as fast as a disk reads."""
    try:
        return min(len(os.sched_getaffinity(0)), 8)
    except AttributeError:  # not on macOS and Windows
        return min(os.cpu_count() or 1, 8)
