"""Every footnote reference has its text.

`[^1]` becomes a small number that leads to the footnote `[^1]: …` of the same note. Without one, GitHub shows the
characters `[^1]`: the footnote was deleted, renamed or left in another note.

```markdown bad
待避は安全な停止のために使う[^1]。

[^2]: 公式の資料による。
```

```markdown good
待避は安全な停止のために使う[^1]。

[^1]: 公式の資料による。
```

Code is not looked at, nor are character classes such as `[^a-z]` in text.

```markdown good
正規表現 [^a-z] と [^0-9] は否定。`[^1]` は脚注。
```
"""

import re
from collections.abc import Iterator

from techstock.analysis.entries import is_shown_in_code
from techstock.model import Note, Problem

_LABEL = r"[0-9]{1,3}|(?=[^\W\d_]{2})[\w-]*[^\W_]|[^\x00-\x7f]+"
_CLASS = r"(?i).*(?:[a-z0-9]-[a-z0-9](?:[a-z0-9]-[a-z0-9])*)"


def check(note: Note) -> Iterator[Problem]:
    for mark in note.footnotes:
        if mark.kind != "text" or not re.fullmatch(_LABEL, mark.label) or re.fullmatch(_CLASS, mark.label):
            continue
        if not is_shown_in_code(note, mark.place):
            yield Problem(
                mark.place,
                f"there is no footnote `{mark.label}`",
                label="shown as it is written",
                help=f"write the footnote in this note: `[^{mark.label}]: …` on a line of its own",
            )
