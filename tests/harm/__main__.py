"""See the package."""

import argparse
import os
import sys
from pathlib import Path

from tests.corpora.collections import find_collections
from tests.harm.figures import Figures, format_figures, judge_collection, judge_generated


def main(words: list[str]) -> int:
    """Print the figures as Markdown, and return 1 if any write does harm."""
    options = _parse(words)
    harmed = False
    if options.generated:
        harmed |= _show(
            f"{options.generated:,} generated collections", judge_generated(range(options.generated)), options
        )
    folder = os.environ.get("TECHSTOCK_COLLECTIONS", "")
    there = find_collections(Path(folder)) if folder and Path(folder).is_dir() else {}
    if unknown := [name for name in options.names if name not in there]:
        sys.stderr.write(f"there is no collection {', '.join(unknown)}; there are {', '.join(there)}\n")
        return 2
    if not there:
        sys.stdout.write(
            "## Real notes\n\nSkipped: `TECHSTOCK_COLLECTIONS` names no folder with collections of notes.\n"
        )
    for name in options.names or there:
        harmed |= _show(name, judge_collection(there[name], options.merges), options)
    return int(harmed)


def _show(title: str, figures: Figures, options: argparse.Namespace) -> bool:
    sys.stdout.writelines(f"{row}\n" for row in format_figures(title, figures))
    sys.stdout.flush()
    if options.details:
        sys.stderr.writelines(f"{where}: {kind}\n" for where, kind in figures.harm)
    return bool(figures.harm)


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.harm")
    parser.add_argument("names", nargs="*", metavar="COLLECTION")
    parser.add_argument("--generated", type=int, default=0, metavar="N", help="also fix so many random collections")
    parser.add_argument("--merges", type=int, default=0, metavar="N", help="merge so many clusters of each (0: all)")
    parser.add_argument(
        "--details", action="store_true", help="say what was harmed: this shows what stands in the notes"
    )
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
