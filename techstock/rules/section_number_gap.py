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
"""

from collections.abc import Iterator
from itertools import pairwise

from techstock.model import OFF, Note, Problem, Related

LEVEL = OFF  # gaps are normal in most notes; on in the strict preset


def check(note: Note, *, allow: tuple[int, ...] = ()) -> Iterator[Problem]:
    for before, after in pairwise(note.numbered_sections):
        if before.series != after.series:
            continue
        missing = [n for n in range(before.number + 1, after.number) if n not in allow]
        if missing:
            last = Related(before.place, "the last number before the gap")
            what = f"section {missing[0]} is" if len(missing) == 1 else f"sections {missing[0]} to {missing[-1]} are"
            yield Problem(after.place, f"{what} missing before {after.number}", related=(last,))
