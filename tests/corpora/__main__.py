"""See the package."""

import argparse
import os
import shutil
import sys
from pathlib import Path

import msgspec

from tests.corpora.collections import find_collections
from tests.corpora.comparing import difference
from tests.corpora.running import Runner, Tool, cost, of_python
from tests.corpora.showing import show_differences
from tests.corpora.summary import EXPECTED, Summary

_ABSENT = "`TECHSTOCK_COLLECTIONS` names no folder with collections of notes, which are not public"


def main(words: list[str], expected: Path = EXPECTED, tool: Tool | None = None) -> int:
    """The exit code; what is different goes to stdout."""
    options = _parser().parse_args(words)
    folder = os.environ.get("TECHSTOCK_COLLECTIONS", "")
    there = find_collections(Path(folder)) if folder and Path(folder).is_dir() else {}
    if not there:
        sys.stdout.write(f"## Real notes\n\nSkipped: {_ABSENT}.\n")
        return 0
    if unknown := [name for name in options.names if name not in there]:
        sys.stderr.write(f"there is no collection {', '.join(unknown)}; there are {', '.join(there)}\n")
        return 2
    against = shutil.which(options.against) if options.against else ""
    if against is None:
        sys.stderr.write(f"--against: `{options.against}` is no program\n")
        return 2
    summary = Summary(expected)
    results, differences = {}, []
    for name in options.names or there:
        sys.stderr.write(f"{name}\n")
        sys.stderr.flush()
        now = Runner(tool or of_python(sys.executable), there[name]).result()
        if options.times:
            ratio, memory = cost(sys.executable, there[name], options.times)
            now = msgspec.structs.replace(now, ratio=ratio, memory=memory)
        base = Runner(of_python(str(Path(against).absolute())), there[name]).result() if against else None
        results[name] = now
        differences.append(difference(name, now, summary.of(name), base))
    sys.stdout.write(show_differences(differences, texts=not options.places))
    if options.write:
        summary.write({name: result for name, result in results.items() if not result.failures})
        return int(any(result.failures for result in results.values()))
    return int(any(one.fails for one in differences))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.corpora")
    parser.add_argument("names", nargs="*", metavar="COLLECTION")
    parser.add_argument("--against", metavar="PYTHON", default="", help="of an environment with another techstock")
    parser.add_argument("--places", action="store_true", help="show nothing that stands in the notes")
    parser.add_argument("--write", action="store_true", help="announce these counts")
    parser.add_argument("--times", type=int, default=2, help="measure so often, and take the least (2; 0: not at all)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
