"""A numbered section holds terms with their definitions, images, or links.

Notes that are looked up by term need a term at the front of every entry. Most notes also hold plain sentences, which is
fine: so this rule is off unless the strict preset or `select` asks for it.

```markdown bad file=01-10.md
## 1.

- 待避: 新しい要求を受けない状態。
- 受けた仕事は終わらせる。

## 2.
```

```markdown good file=01-10.md
## 1.

- 待避: 新しい要求を受けない状態。
- ![流れ](https://example.org/flow.png)
- https://example.org/drain
- 復旧:
  - 止まった仕事を再び始めること。

## 2.
```

Nested entries, block quotes, and everything outside numbered sections may have any form.
"""

from bisect import bisect_left
from collections.abc import Iterator

from techstock.analysis.entries import is_image_only, is_link_only
from techstock.model import OFF, Note, Problem

LEVEL = OFF  # plain sentences are normal in most notes; on in the strict preset


def check(note: Note) -> Iterator[Problem]:
    top = note.children.get(-1, ())
    for section in note.numbered_sections:
        for at in range(
            bisect_left(top, section.body.start, key=lambda index: note.entries[index].place.start), len(top)
        ):
            entry = note.entries[top[at]]
            if entry.place.start >= section.body.end:
                break
            if not note.blocks[entry.list].quotes and not _has_entry_form(note, top[at]):
                yield Problem(
                    note.trim_to_first_line(entry.place),
                    "this entry is neither a term with a definition, an image nor a link",
                    label="no term",
                    help="begin it with a term and a colon, or nest it below the term it belongs to",
                )


def _has_entry_form(note: Note, index: int) -> bool:
    entry = note.entries[index]
    if entry.opens == "list":  # `- 1. term: definition`, a list on the line of another
        return _has_entry_form(note, note.children[index][0])
    return entry.term is not None or is_image_only(note, index) or is_link_only(note, index)
