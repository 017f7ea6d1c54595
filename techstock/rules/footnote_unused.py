"""Every footnote is referred to.

GitHub shows a footnote only if `[^1]` in the text of the same note leads to it. One without a reference is on no page,
and nobody reads what it says.

```markdown bad
待避は安全な停止のために使う。

[^1]: 公式の資料による。
```

```markdown good
待避は安全な停止のために使う[^1]。

[^1]: 公式の資料による。
```
"""

from collections.abc import Iterator

from techstock.analysis.entries import is_shown_in_code
from techstock.model import Note, Problem


def check(note: Note) -> Iterator[Problem]:
    used = {_fold_label(mark.label) for mark in note.footnotes if mark.kind == "reference"}
    for mark in note.footnotes:
        if mark.kind == "definition" and _fold_label(mark.label) not in used and not is_shown_in_code(note, mark.place):
            yield Problem(
                note.trim_to_first_line(mark.place),
                f"nothing refers to the footnote `{mark.label}`, so it is not shown",
                label="not shown",
                help=f"write `[^{mark.label}]` where the text needs it, or remove the footnote",
            )


def _fold_label(label: str) -> str:
    return " ".join(label.split()).casefold()
