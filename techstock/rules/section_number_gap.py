"""Section numbers have no gaps.

A missing number is usually a section lost in a merge, or a note that was never written. In notes on an exam or a book
gaps are normal, because a number is written down only where it was worth a note: so this rule is off unless the strict
preset or `select` asks for it.

```markdown bad file=01-10.md
## 1.

- 待避: 新しい要求を受けない状態。

## 3.

- 復旧: 止まった仕事を再び始めること。
```

```markdown good file=01-10.md
## 1.

- 待避: 新しい要求を受けない状態。

## 2.

- 復旧: 止まった仕事を再び始めること。
```

`allow` names numbers that may be missing.

```markdown good file=01-10.md allow=[2]
## 1.

- 待避: 新しい要求を受けない状態。

## 3.

- 復旧: 止まった仕事を再び始めること。
```

A number that is there, but in a heading at another level or in a swallowed one, is not missing. Nor is one said to be
where as many sections between have a wrong number or none: these are the business of other rules.

```markdown good
## 1.

- 待避: 新しい要求を受けない状態。

### 2.

- 監視: 動きを見続けること。

## 3.

- 復旧: 止まった仕事を再び始めること。
```
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated

from techstock.analysis.numbering import find_longest_increasing, iter_series
from techstock.model import OFF, Note, Problem, RelatedSpan, Section

LEVEL = OFF  # gaps are normal in most notes; on in the strict preset

_WRITTEN = re.compile(r"^[ \t>*+-]*#{1,6}(?:[^\S\r\n]*[^\W\d_]{1,10})?[^\S\r\n]*[*_]*([0-9０-９]{1,3})(?!\d)", re.M)


def check(note: Note, *, allow: Annotated[tuple[int, ...], "Numbers that may be missing."] = ()) -> Iterator[Problem]:
    starts = [section.place.start for section in note.sections]
    for sections in iter_series(note):
        count = Counter(section.number for section in sections)
        present = {*allow, *count}  # out of order is another matter
        for before, after in pairwise(find_longest_increasing(note, sections)):
            missing = [n for n in range(before.number + 1, after.number) if n not in present]
            wrong = bisect_left(starts, after.place.start) - bisect_right(starts, before.place.start)
            wrong += count[after.number] - 1  # of two equal ones, the first may be wrong
            if len(missing) > wrong and not _are_in_other_headings(note, before, after, missing):
                yield _make_problem(before, after, missing)


def _are_in_other_headings(note: Note, before: Section, after: Section, numbers: list[int]) -> bool:
    """Return whether the numbers occur in headings that are no sections: swallowed, or at another level."""
    written = {int(match[1]) for match in _WRITTEN.finditer(note.text, before.place.end, after.place.start)}
    return written.issuperset(numbers)


def _make_problem(before: Section, after: Section, missing: list[int]) -> Problem:
    what = f"section {missing[0]} is" if len(missing) == 1 else f"sections {_format_numbers(missing)} are"
    return Problem(
        after.place,
        f"{what} missing before {after.number}",
        label="numbers go on here",
        related=(RelatedSpan(before.place, "the last number before the gap"),),
        help="write what is missing, or name the number in `allow`",
    )


def _format_numbers(numbers: list[int]) -> str:
    """Return the numbers for a message, with runs of them joined: `2, 4 to 6`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
