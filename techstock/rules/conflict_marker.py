"""No conflict markers of git are left.

Git writes both versions into the file and leaves the choice to a person. Markdown shows `<<<<<<<` as text, takes the
line above `=======` for a heading, and `>>>>>>>` for seven nested quotations.

```markdown bad
- 待避: 新しい要求を受けない状態。
<<<<<<< HEAD
- 復旧: 止まった仕事を再び始めること。
=======
- 復旧: 止まった仕事を続けること。
>>>>>>> review
```

```markdown good
手順書
=======

> > 引用のなかの引用
```

Notes about git show such lines in code, so code blocks are not checked. A line of seven `=` alone is a heading;
`>>>>>>>` counts only below `<<<<<<<` or such a line.

````markdown good
衝突は次のように見える。

```
<<<<<<< HEAD
=======
>>>>>>> review
```
````
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from techstock.model import ERROR, Note, Problem, RelatedSpan, Span

LEVEL = ERROR

_MARKER = r"(?m)^(?:<{7}|>{7})[ \t]+[^\s<>][^\r\n]*|^={7}(?=[ \t]*$)"


def check(note: Note) -> Iterator[Problem]:
    if "<<<<<<<" not in note.text and ">>>>>>>" not in note.text:
        return
    ours = middle = None
    for place, mark in _find_markers(note):
        if mark == "<":
            if ours:
                yield _make_problem(ours)
            ours, middle = place, None
        elif mark == "=":
            middle = place
        elif ours or middle:
            yield _make_problem(ours or place, middle if ours else None, place if ours else None)
            ours = middle = None
    if ours:
        yield _make_problem(ours)


def _find_markers(note: Note) -> Iterator[tuple[Span, str]]:
    """Yield the marker lines outside code, each with its character."""
    text = note.text.replace("\r\n", " \n").replace("\r", "\n")
    text = "\n" + text[1:] if note.lines.starts[0] else text  # a byte order mark
    code = [block.place for block in note.blocks if block.kind in ("fence", "code")]
    for match in re.compile(_MARKER).finditer(text):
        place = Span(match.start(), match.start() + len(match[0].rstrip()))
        index = bisect_right(code, match.start(), key=lambda block: block.start) - 1
        if index < 0 or code[index].end <= place.start:
            yield place, match[0][0]


def _make_problem(place: Span, middle: Span | None = None, theirs: Span | None = None) -> Problem:
    related = [RelatedSpan(middle, "here the other version begins")] if middle else []
    related += [RelatedSpan(theirs, "here it ends")] if theirs else []
    return Problem(
        place,
        "this line was left by a merge",
        label="conflict marker",
        related=tuple(related),
        help="keep the right version and delete the markers",
    )
