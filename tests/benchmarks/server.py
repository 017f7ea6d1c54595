"""How long an editor waits: `python -m tests.benchmarks.server [--edits N] FOLDER N [FOLDER N]…`.

A session over real pipes on the first N notes of a folder, with varied copies where it has fewer, kept from an earlier
run:

- `start`: from the start of the process to the first problems of the note that is opened first.
- `own`: from a change of the text to the problems of the rules on that note, the time of the pipe included.
- `corpus`: from a change that repeats a definition of another note to the problem of the rule that sees all notes.
- `hover`: from the question to the answer, on a term.

Each edit is a different one, after a pause. Processor time is that of the server, by the system's ticks. Memory is what
the process holds alone and its share of what it has in common.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.cache import list_notes, varied
from tests.server.support import EditorClient, run_client, run_lint
from tests.support import write_files

_ENTRY = "- 退避待機: 新しい要求を受け付けず、残っている仕事をすべて終えるまで待ち続ける状態のことを言う。\n"
_NEW_RULE = "definition-missing"
_COPY_RULES = ("duplicate-definition", "duplicate-term", "term-repeated")


class Measurement:
    """The seconds that one kind of answer took."""

    def __init__(self, name: str, limit: float) -> None:
        self.name, self.limit = name, limit
        self.seconds: list[float] = []
        self.busy: list[float] = []  # seconds of processor time of the server

    def add(self, client: EditorClient, action: Callable[[], object]) -> None:
        begun, busy = perf_counter(), read_processor_time(client)
        action()
        self.seconds.append(perf_counter() - begun)
        self.busy.append(read_processor_time(client) - busy)

    def __str__(self) -> str:
        took = sorted(self.seconds)
        return (
            f"{self.name:<8}{1000 * median(took):8.0f} ms median, 95% within "
            f"{1000 * took[int(0.95 * (len(took) - 1))]:.0f} ms, at most {1000 * took[-1]:.0f} ms "
            f"(limit {1000 * self.limit:.0f} ms, {len(took)} times; processor {1000 * median(self.busy):.0f} ms)"
        )


def read_processor_time(client: EditorClient) -> float:
    """Return the processor time of the server and of those it waited for, in seconds; 0 where it cannot be told."""
    file = Path(f"/proc/{client.process.pid}/stat")
    if not file.exists():
        return 0.0
    fields = file.read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def read_memory(client: EditorClient) -> float:
    """Return the memory of the server in megabytes; 0 where the system does not tell."""
    file = Path(f"/proc/{client.process.pid}/smaps_rollup")
    if not file.exists():
        return 0.0
    found = re.search(r"^Pss: +(\d+) kB", file.read_text(), re.M)
    return int(found[1]) / 1024 if found else 0.0


def has_rule(client: EditorClient, uri: str, rules: Iterable[str]) -> bool:
    wanted = set(rules)
    return any(one["code"] in wanted for one in client.get_published(uri) or ())


def measure_session(root: Path, edits: int) -> None:
    """Print the figures of one session."""
    run_lint(root)
    note = list_notes(root)[len(list_notes(root)) // 2]
    text = note.read_text("utf-8", "replace")
    start, own = Measurement("start", 1.0), Measurement("own", 0.05)
    corpus, hover = Measurement("corpus", 0.5), Measurement("hover", 0.05)
    begun = perf_counter()
    with run_client(root) as client:
        client.initialize(root)
        uri = client.open(note)
        client.wait(lambda: client.get_published(uri) is not None, "nothing is published")
        start.seconds.append(perf_counter() - begun)
        start.busy.append(read_processor_time(client))
        client.settle(uri)
        memory = []
        for number in range(edits):
            client.settle(uri)  # as after a pause: editors keep changes back for a sixth or a quarter of a second
            client.notifications.clear()
            own.add(client, lambda: change_and_wait(client, uri, f"- 新語{number}:\n\n{text}", (_NEW_RULE,)))  # noqa: B023
            if number % 10 == 0:
                client.change(uri, text)
                client.settle(uri)
                client.notifications.clear()
                added = f"{text}\n\n{_ENTRY}"
                corpus.add(client, lambda: change_and_wait(client, uri, added, _COPY_RULES))  # noqa: B023
                line = added.count("\n") - 1
                hover.add(client, lambda: client.ask_at("textDocument/hover", uri, line, 3))  # noqa: B023
            if number + 1 in (10, edits):
                client.settle(uri)
                memory.append(f"{read_memory(client):.0f} MB after {number + 1} edits")
        client.stop()
    for one in (start, own, corpus, hover):
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"memory  {', '.join(memory)}\n")


def change_and_wait(client: EditorClient, uri: str, text: str, rules: Iterable[str]) -> None:
    client.change(uri, text)
    client.wait(lambda: has_rule(client, uri, rules), f"none of {rules} is published")


def main() -> None:
    """Measure sessions on as many notes as are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subjects", nargs="+", metavar="FOLDER N")
    parser.add_argument("--edits", type=int, default=1_000)
    found = parser.parse_args()
    for name, count in zip(found.subjects[::2], map(int, found.subjects[1::2]), strict=True):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            source = Path(name)
            varied(source, root, -(-count // len(list_notes(source))))
            for extra in list_notes(root)[count:]:
                extra.unlink()
            write_files(root, {"techstock.toml": "", "0.md": f"# 用語\n\n{_ENTRY}"})
            sys.stdout.write(f"{len(list_notes(root)):,} notes of {source.name}, {os.cpu_count()} processors\n")
            measure_session(root, found.edits)


if __name__ == "__main__":
    main()
