"""How fast notes are parsed: `python -m tests.benchmarks.parsing FOLDER…`, folders of notes.

Each figure is CPU time of this process, the least of five. The ratio is to what markdown-it-py takes to find the blocks
of the same notes, measured in turn: 1.1 is faster by a tenth. Beside it stands the time of the native parser alone.
"""

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from markdown_it import MarkdownIt

from techstock.parse import parse
from techstock.parse.markdown_events import parse_events

TIMES = 5


def read_texts(folder: Path) -> list[str]:
    """Return the texts of the notes below a folder, without those that are no UTF-8."""
    found = []
    for path in sorted(folder.rglob("*.md")):
        if path.is_file():
            try:
                found.append(path.read_bytes().decode("utf-8"))
            except UnicodeDecodeError:
                continue
    return found


def measure_parsers(texts: list[str]) -> dict[str, float]:
    """Return the CPU time that each parser takes for all texts, in seconds."""
    plain = MarkdownIt("commonmark").enable("table")
    ways: dict[str, Callable[[str], object]] = {
        "blocks": lambda text: plain.block.parse(text, plain, {}, []),
        "events": lambda text: sum(1 for _ in parse_events(text).events),
        "facts": lambda text: parse("note.md", text),
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(TIMES):
        for name, way in ways.items():
            gc.collect()
            start = process_time()
            for text in texts:
                way(text)
            best[name] = min(best[name], process_time() - start)
    return best


def main(folders: list[str]) -> None:
    for folder in folders:
        texts = read_texts(Path(folder))
        took = measure_parsers(texts)
        size = sum(len(text.encode()) for text in texts) / 1e6
        rates = ", ".join(f"{name} {seconds:.3f} s ({size / seconds:.1f} MB/s)" for name, seconds in took.items())
        sys.stdout.write(f"{Path(folder).name}: {rates}, ratio {took['blocks'] / took['facts']:.2f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
