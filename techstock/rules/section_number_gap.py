"""Numbers of a numbered section run without a gap.

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

A number that is there, but in a heading at another level, in a swallowed one or in a mistyped one, is not missing.

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
from collections.abc import Iterator
from itertools import pairwise

from techstock.model import OFF, Note, Problem, Related, Section
from techstock.model.numbers import series, upward

LEVEL = OFF  # gaps are normal in most notes; on in the strict preset

_WRITTEN = re.compile(r"^[ \t>*+-]*#{1,6}(?:[^\S\r\n]*[^\W\d_]{1,10})?[^\S\r\n]*[*_]*([0-9０-９]{1,3})(?!\d)", re.M)


def check(note: Note, *, allow: tuple[int, ...] = ()) -> Iterator[Problem]:
    starts = [section.place.start for section in note.sections]
    for sections in series(note):
        present = {*allow, *(section.number for section in sections)}  # out of order is another matter
        for before, after in pairwise(upward(note, sections)):
            missing = [n for n in range(before.number + 1, after.number) if n not in present]
            if missing and not _is_explained(note, starts, before, after, missing):
                last = Related(before.place, "the last number before the gap")
                what = f"section {missing[0]} is" if len(missing) == 1 else f"sections {_listed(missing)} are"
                yield Problem(
                    after.place,
                    f"{what} missing before {after.number}",
                    label="numbers go on here",
                    related=(last,),
                    help="write what is missing, or name the number in `allow`",
                )


def _is_explained(note: Note, starts: list[int], before: Section, after: Section, missing: list[int]) -> bool:
    """Whether the numbers stand there, but not as sections, or as many sections do, but without them.

    Such a heading is swallowed, at another level, mistyped or without its number: the business of other rules.
    """
    between = bisect_left(starts, after.place.start) - bisect_right(starts, before.place.start)
    if between >= len(missing):
        return True
    written = {int(match[1]) for match in _WRITTEN.finditer(note.text, before.place.end, after.place.start)}
    return written.issuperset(missing)


def _listed(numbers: list[int]) -> str:
    """Numbers for a message, runs of them joined: `2, 4 to 6`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
