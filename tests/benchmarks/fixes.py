"""Every fix on every real note: `TECHSTOCK_COLLECTIONS=… python -m tests.benchmarks.fixes [COLLECTION …]`.

Prints for each collection, with the safe fixes and with all: fixes by rule, those that the check refused, fights,
whether a second run changes anything, problems that came with the fixes (see
`tests.fix.test_properties.find_added_problems`), and seconds for one round of rules and for fixing to the end.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from techstock.fix.fix_loop import fix_corpus
from techstock.model import Corpus
from tests.fix.test_properties import find_added_problems
from tests.rules.test_golden import FOLDERS
from tests.support import get_collections, get_texts, make_corpus, read_corpus, run_every_rule

_Result = TypeVar("_Result")


def measure_time(action: Callable[[], _Result]) -> tuple[float, _Result]:
    start = perf_counter()
    result = action()
    return perf_counter() - start, result


def report(folder: Path, *, unsafe: bool) -> str:
    before = read_corpus(folder)
    once, was = measure_time(lambda: run_every_rule(before))
    whole, outcome = measure_time(lambda: fix_corpus(before, run_every_rule, unsafe=unsafe))
    again = fix_corpus(Corpus(make_corpus(get_texts(outcome.corpus)).notes), run_every_rule, unsafe=unsafe)
    more = find_added_problems(before, was, outcome)
    revealed = (Counter(d.rule for d in outcome.found) - Counter(d.rule for d in was)).total()
    rows = [
        f"{folder.name} {'all' if unsafe else 'safe'}: {len(outcome.fixed)} fixed in "
        f"{sum(map(len, outcome.groups))} of {len(before.notes)} notes, {len(outcome.refused)} refused, "
        f"{len(outcome.fights)} fights, {len(again.fixed)} in a second run, {len(more)} problems added, "
        f"{revealed} brought to light; rules {once:.1f} s, all rounds {whole:.1f} s",
        *(f"  {count:>5} {rule}" for rule, count in sorted(Counter(d.rule for d in outcome.fixed).items())),
        *(f"  added: {problem}" for problem in more),
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    for name in sys.argv[1:] or FOLDERS:
        for unsafe in (False, True):
            sys.stdout.write(report(get_collections() / "corpus" / name, unsafe=unsafe))
            sys.stdout.flush()
