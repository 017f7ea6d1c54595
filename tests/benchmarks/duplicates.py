"""What the rules on duplicates cost as notes grow: `TECHSTOCK_COLLECTIONS=… python -m tests.benchmarks.duplicates`.

Notes of `tests.benchmarks.growth`, all of them one scope, of 50,000 entries and of twice, four times and eight times as
many; another number of entries for the largest may be given. Each size has a process of its own. Parsing is not
counted: it happens before.

Prints, for each size, seconds of CPU by group of rules, their sum, its ratio to half as many entries, the time that
passed, findings, and the peak memory of the process in MB, before the rules and after them.

With a folder behind the number it writes that many entries into it, for `techstock lint` to be timed on.
"""

import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

from techstock import registry
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Corpus
from tests.benchmarks.growth import grow_collection
from tests.benchmarks.processes import measure_peak
from tests.support import get_collections, write_files

MOST = 400_000
_GROUPS = {  # the first rule of a corpus pays for what all of them need
    "exact": ("duplicate-definition", "duplicate-term", "term-repeated", "term-conflict", "file-copy"),
    "near": ("near-duplicate",),
    "variant": ("term-variant",),
}


def measure(count: int) -> float:
    """Seconds of CPU of all rules on so many entries."""
    corpus = Corpus(tuple(grow_collection(get_collections(), count)), "corpus")
    entries, held = sum(len(note.entries) for note in corpus.notes), measure_peak()
    total, began, parts = 0.0, perf_counter(), []
    for name, rules in _GROUPS.items():
        start = process_time()
        found = diagnose(corpus, [RuleRun(registry.load_rule(rule), WARNING) for rule in rules])
        seconds = process_time() - start
        total += seconds
        parts.append(f"{name} {seconds:6.2f} s, {len(found):,} findings")
        del found
    passed = perf_counter() - began
    sys.stderr.write(f"{entries:>9,} entries in {len(corpus.notes):,} notes: {'; '.join(parts)}; ")
    sys.stderr.write(f"all {total:.2f} s, passed {passed:.2f} s; {held} MB, then {measure_peak()} MB\n")
    return total


def write(count: int, folder: Path) -> None:
    for note in grow_collection(get_collections(), count):
        write_files(folder, {note.path: note.text})


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else MOST
    if len(sys.argv) > 2:
        write(most, Path(sys.argv[2]))
        return
    before = 0.0
    for count in (most // 8, most // 4, most // 2, most):
        command = f"from tests.benchmarks.duplicates import measure; print(measure({count}))"
        run = subprocess.run([sys.executable, "-c", command], check=True, stdout=subprocess.PIPE, text=True)
        seconds = float(run.stdout)
        if before:
            sys.stdout.write(f"{count:>9,} entries cost {seconds / before:.2f}x as much as half as many\n")
            sys.stdout.flush()
        before = seconds


if __name__ == "__main__":
    main()
