"""Every footnote is referred to.

GitHub shows a footnote only if `[^1]` in the text of the same note leads to it. One without a reference is on no page,
and nobody reads what it says. Of two with one label it shows the first.

```markdown bad
待避は安全な停止のために使う。

[^1]: 公式の資料による。
```

```markdown bad
待避は安全な停止のために使う[^1]。

[^1]: 公式の資料による。

[^1]: 講演の記録による。
```

```markdown good
待避は安全な停止のために使う[^1]。

[^1]: 公式の資料による。
```
"""

from collections.abc import Iterator

from techstock.analysis.entries import is_shown_in_code
from techstock.model import Footnote, Note, Problem, RelatedSpan


def check(note: Note) -> Iterator[Problem]:
    used = {_fold_label(mark.label) for mark in note.footnotes if mark.kind == "reference"}
    first: dict[str, Footnote] = {}
    for mark in note.footnotes:
        if mark.kind != "definition" or is_shown_in_code(note, mark.place):
            continue
        label = _fold_label(mark.label)
        before = first.setdefault(label, mark)
        if label not in used:
            message = f"nothing refers to the footnote `{mark.label}`, so it is not shown"
            cure = f"write `[^{mark.label}]` where the text needs it, or remove the footnote"
            yield Problem(note.trim_to_first_line(mark.place), message, "not shown", help=cure)
        elif before is not mark and not before.place.contains(mark.place):
            message = f"another footnote has the label `{mark.label}`, so this one is not shown"
            related = RelatedSpan(note.trim_to_first_line(before.place), "this one is shown")
            cure = "give it a label of its own, here and where it is referred to"
            yield Problem(note.trim_to_first_line(mark.place), message, "not shown", (related,), cure)


def _fold_label(label: str) -> str:
    return " ".join(label.split()).casefold()
