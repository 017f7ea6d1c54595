"""Every note is read to its end.

A note that is not UTF-8, too large, or nested deeper than a renderer follows cannot be checked, or not all of it. It is
reported so that silence always means that a note was read. The message says what was not checked and why.

```markdown bad
- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - 待避
```

```markdown good
- 待避
  - 切り替え
    - 復旧
```
"""

from collections.abc import Iterator

from techstock.model import ERROR, Note, Problem

LEVEL = ERROR
FIXED = True  # silence must mean that a note was read


def check(note: Note) -> Iterator[Problem]:
    for fault in note.faults:
        yield Problem(fault.place, fault.message, label="not checked", help=fault.help)
