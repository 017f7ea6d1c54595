"""Every link to a note or a file of the project leads somewhere, and to a heading that is there.

A note was renamed, a heading rewritten: the link stays and says nothing until somebody follows it. Headings are
compared by the addresses that GitHub makes of them. Explicit `<a id="…">` count too.

```markdown bad file=01-10.md
[復旧](recovery.md) と [待避](#待避)
```
```markdown bad file=restore.md
## 復旧

[停止](01-10.md#停止-1)
```

```markdown good file=01-10.md
## 待避

[復旧](restore.md#復旧の手順-1) と [待避](#待避)
```
```markdown good file=restore.md
## 復旧の手順

## 復旧の手順
```

The same holds for links to this very repository on github.com. Pages that site generators make of notes
(`recovery.html`, `recovery/`) count as there if the note is, and case in an address of a heading does not matter. Of
`[[wiki links]]` only a heading that is missing in a note is reported: a note that is missing may be one still to be
written.

If a file's name differs only in case or Unicode form, there is a safe fix. `data` holds `path`, and `anchor` for
headings."""

from collections.abc import Iterator

from techstock.links.image_problems import find_link_problems
from techstock.model import Corpus, Problem


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_link_problems(corpus)
