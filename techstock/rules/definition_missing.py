"""A term has a definition.

`- term:` promises one: text after the colon, or anything inside the entry, be it nested entries, a paragraph, an image,
a table or code. An image, a table, code or a paragraph that follows the entry at the same or a lower indent counts too,
because many notes are written so. Where the next entry of the list is a term of its own, or nothing follows, it is
missing.

```markdown bad
## 4.

- 待避:
- 復旧: 止まった仕事を再び始めること。
```

Two mistakes look like this: a definition never written, and entries that belong to the term but were not indented.
Which one it is, only the writer knows.

```markdown good
## 4.

- 待避: 新しい要求を受けない状態。
- 復旧:
  - 止まった仕事を再び始めること。
- 切り替えの流れ:
- ![流れ](https://example.org/flow.png)
```

Entries without a colon after such a term are reported by `definition-misplaced`. A time of day is no term: in the log
of a day it may stay open. A deeper heading that follows counts as a definition.

```markdown good
- 09:00: 起動を確かめる。
- 10:00:
- 11:00:
```
"""

from collections.abc import Iterator

from techstock.analysis.entries import find_entries_without_definition
from techstock.duplicates.term_keys import is_time_of_day, strip_term_markup
from techstock.model import WARNING, Note, Problem, Span

LEVEL = WARNING


def check(note: Note) -> Iterator[Problem]:
    for index, beside in find_entries_without_definition(note):
        entry = note.entries[index]
        if beside or entry.term is None or entry.colon is None or is_time_of_day(entry.name):
            continue
        yield Problem(
            Span(entry.term.start, entry.colon.end),
            f"`{strip_term_markup(entry.name)}` has no definition",
            label="nothing below it",
            help="write it after the colon, or indent the entries below that belong to it",
        )
