"""The box of a task is `[ ]` or `[x]`.

GitHub makes a box to tick of `- [ ] 待避` and `- [x] 待避`. With another space in or behind the brackets, with none, or
with full-width brackets it shows the characters.

```markdown bad
- [ ]\u3000待避を試す
```

```markdown bad
- [x]復旧を試す
```

```markdown bad
- [\u3000] 切り替えを試す
```

```markdown good
- [ ] 待避を試す
- [x] 復旧を試す
- [x](https://example.org) を読む
- [1] を参照
```
"""

import re
from collections.abc import Iterator

from techstock.analysis.entries import select_facts_starting_in
from techstock.model import Edit, Fix, Note, Problem, Span

_BLANK = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BOX = rf"([\[［])([ \t{_BLANK}]*)([xXｘＸ✓✔]?)[ \t{_BLANK}]*([\]］])([ \t{_BLANK}]*)(?=[^\s{_BLANK}])"
_RIGHT = r"\[[ xX]\][ \t]+"
_NO_BOX_BEHIND = frozenset("([:（［「")


def check(note: Note) -> Iterator[Problem]:
    for entry in note.entries:
        start = entry.head.start
        if not note.text.startswith(("[", "［"), start):
            continue
        match = re.compile(_BOX).match(note.text, start, min(entry.head.end, note.lines.find_end(start)))
        if not match or re.fullmatch(_RIGHT, match[0]) or not _is_box(note, match):
            continue
        ticked = match[3] if match[3] in ("x", "X") else "x"
        right = f"[{ticked}] " if match[3] else "[ ] "
        place = Span(match.start(), match.end())
        yield Problem(
            Span(match.start(), match.end(4)),
            f"`{note.text[match.start() : match.end(4)]}` is not a box to tick",
            label=_name_cause(match),
            help=f"write `{right[:-1]}` and an ordinary space",
            fix=Fix(f"write `{right[:-1]}` and a space", (Edit(place, right),)),
        )


def _is_box(note: Note, match: re.Match[str]) -> bool:
    """Return whether brackets at the start of an entry are meant as a box: they are no link and no label."""
    if select_facts_starting_in(note.links, Span(match.start(), match.start() + 1)):
        return False
    behind = note.text[match.end()]
    glued = not match[5]
    if glued and behind in _NO_BOX_BEHIND:
        return False
    if not match[2] and not match[3]:  # `[]`
        return not glued or not behind.isascii()
    if match[3] and (match[1] == "［" or match[2]):
        return not glued
    return not glued or match[3] == "" or not behind.isascii() or behind.isalnum()


def _name_cause(match: re.Match[str]) -> str:
    if match[1] == "［" or match[4] == "］":
        return "full-width brackets"
    if not match[5]:
        return "no space behind it"
    return "not `[ ]` or `[x]`" if match[2] != " " or match[3] else "not an ordinary space behind it"
