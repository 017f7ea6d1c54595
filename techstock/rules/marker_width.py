"""Markers are ordinary characters.

Input methods write `＃` for `#` and `－` for `-`. Markdown knows neither: the heading and the entry are plain text.

```markdown bad
＃＃ 復旧
```

```markdown bad
－ 待避
－ 復旧
```

```markdown bad
－待避
－復旧
```

```markdown good
## 復旧

- 待避
- 復旧
```

`・` as a bullet, `＊` before a remark, and numbers such as `１．` are text, and often meant to be.

```markdown good
・待避
＊印は必須。
１．はじめに
```

The fix is unsafe: it makes headings and entries of text.
"""

import re
from collections.abc import Iterator

from techstock.analysis.entries import compute_column
from techstock.model import Edit, Fix, Note, Problem, Span

_WIDE = r"(＃{1,6})(?:[ \t\u3000\u00a0]+(?=\S)|(?<=＃＃)(?=[^\s＃]))|([－＊＋])[ \t\u3000\u00a0]+(?=\S)"
_GLUED = r"()(－)(?=[^\W\d_]|[「『（【])"
_ORDINARY = str.maketrans("＃－＊＋", "#-*+")


def check(note: Note) -> Iterator[Problem]:
    if not any(mark in note.text for mark in "＃－＊＋"):
        return
    for block in note.blocks:
        if block.kind != "paragraph":
            continue
        matches = [re.compile(_WIDE).match(note.text, text.start, text.end) for text in block.texts]
        glued = [re.compile(_GLUED).match(note.text, text.start, text.end) for text in block.texts]
        if len(list(filter(None, glued))) > 1:  # one alone may be a dash
            matches = [match or other for match, other in zip(matches, glued, strict=True)]
        marks = [match[2] for match in matches if match and match[2]]
        for match in matches:
            if match and (match[1] or match[2] == "－" or marks.count(match[2]) > 1):
                yield _make_problem(note, match)


def _make_problem(note: Note, match: re.Match[str]) -> Problem:
    wide = match[1] or match[2]
    ordinary = wide.translate(_ORDINARY)
    what = "heading" if match[1] else "list entry"
    place = Span(match.start(), match.start() + len(wide))
    fix = None
    if compute_column(note, match.start()) < 4:
        fix = Fix(f"write `{ordinary}` and a space", (Edit(Span(*match.span()), f"{ordinary} "),), safe=False)
    return Problem(
        place,
        f"full-width `{wide}` begins no {what}",
        label="full-width",
        help=f"write `{ordinary}` and an ordinary space",
        fix=fix,
    )
