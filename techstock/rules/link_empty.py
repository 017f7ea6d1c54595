"""A link has a target.

`[題]()` looks like a link and leads to the page that the reader is on: the target was to be added later.

```markdown bad
- 復旧: [手順]()を見る。
```

```markdown good
- 復旧: [手順](https://example.org/restore)を見る。
```
"""

from collections.abc import Iterator

from techstock.analysis.entries import is_shown_in_code
from techstock.model import Note, Problem


def check(note: Note) -> Iterator[Problem]:
    for link in note.links:
        if link.kind != "inline" or link.target.strip() or is_shown_in_code(note, link.place):
            continue
        before = note.text[max(link.place.start - 1, 0) : link.place.start]
        if not (before.isascii() and before.isalnum()):  # `call[type]()` is code
            yield Problem(link.place, "this link has no target", label="leads nowhere", help="add the target")
