"""The committed summary of what techstock makes of real notes. Of the notes' text nothing is in it."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.corpora.running import Result

EXPECTED = Path(__file__).parent.parent / "expected"
Lines = dict[str, float]
"""What stands before a figure on its line, and the figure."""

_COSTS = {"time": 1.25, "memory": 1.2}
"""How much more of it is worth a word."""


def make_lines(name: str, result: Result) -> tuple[Lines, Lines]:
    """Return the lines of a collection for the two files: problems by rule, and the rest."""
    found = Counter(problem.rule for problem in result.problems)
    rest: Lines = {f"{name} notes": result.notes}
    for kind, fixing in result.fixing.items():
        rest[f"{name} {kind} applied"] = fixing.applied
        rest[f"{name} {kind} changed"] = len(fixing.notes)
        rest |= {f"{name} {kind} gone {rule}": count for rule, count in fixing.gone.items()}
    if result.ratio:
        rest |= {f"{name} time": round(result.ratio, 2), f"{name} memory": round(result.memory)}
    return {f"{name} {rule}": found[rule] for rule in sorted(found)}, rest


def is_cost(line: str) -> bool:
    """Whether a line is about time or memory, which never fails."""
    return line.count(" ") == 1 and line.partition(" ")[2] in _COSTS


def is_worth_a_word(line: str, expected: float, now: float) -> bool:
    """Whether a cost has left its bounds, upward or downward."""
    bound = _COSTS[line.partition(" ")[2]]
    return not expected / bound <= now <= expected * bound


class Summary:
    """The two files of a folder: `golden.txt`, which a test reads, too, and `corpora.txt`."""

    def __init__(self, folder: Path = EXPECTED) -> None:
        self._paths = folder / "golden.txt", folder / "corpora.txt"

    def of(self, name: str) -> Lines:
        """The lines about a collection."""
        return {line: value for path in self._paths for line, value in _read(path).items() if _is_of(line, name)}

    def write(self, results: Mapping[str, Result]) -> None:
        """Write these results in place of what stood there of their collections."""
        new = [make_lines(name, result) for name, result in results.items()]
        for number, path in enumerate(self._paths):
            lines = {line: value for line, value in _read(path).items() if line.partition(" ")[0] not in results}
            for both in new:
                lines |= both[number]
            in_order = sorted(lines, key=lambda line: line.partition(" ")[0])
            path.write_text("".join(f"{line} {lines[line]:.10g}\n" for line in in_order), "utf-8")


def _is_of(line: str, name: str) -> bool:
    return line.partition(" ")[0] == name


def _read(path: Path) -> Lines:
    if not path.exists():
        return {}
    rows = (line.rpartition(" ") for line in path.read_text("utf-8").split("\n") if line)
    return {before: float(value) for before, _, value in rows}
