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
        if link.kind == "inline" and not link.target.strip() and not is_shown_in_code(note, link.place):
            yield Problem(link.place, "this link has no target", label="leads nowhere", help="add the target")
