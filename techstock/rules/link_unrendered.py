"""Links render as links.

Markdown ends the target of a link at a blank, wants `(` directly behind `]`, and knows only ordinary brackets.
Otherwise `[題](復旧 手順.md)` is shown as these very characters.

```markdown bad file=notes/a.md beside=["notes/復旧 手順.md"]
[復旧](復旧 手順.md)
```

```markdown bad
[復旧]（restore.md）
```

```markdown bad
[復旧] (restore.md)
```

```markdown good beside=["復旧 手順.md", "restore.md"]
[復旧](<復旧 手順.md>)

[復旧](復旧%20手順.md)

[復旧](restore.md)
```

Only what names a file or a URL is reported: brackets before a parenthesis mean many things.

```markdown good
配列の a[i] (i は添字) と f[x] (y)、[任意] (設定による) と [必須]（省略できない）。
```

Code, and what a code block of the note also shows, is not looked at. The fix is safe where the file is there.
"""

from collections.abc import Iterator
from typing import Any

from techstock.analysis.entries import is_shown_in_code
from techstock.model import Corpus, Note, Problem


def gist(note: Note) -> list[list[Any]]:
    """Return the links that stayed text."""
    if "(" not in note.text and "（" not in note.text:
        return []
    from techstock.links.unrendered import collect_unrendered  # late: few notes have any

    return collect_unrendered(note, images=False)


def check(corpus: Corpus) -> Iterator[Problem]:
    for note in corpus.notes:
        found = note.get_or_compute("link-unrendered", gist)
        if not found:
            continue
        from techstock.links.unrendered import make_unrendered_problems  # late: few notes have any

        for problem in make_unrendered_problems(corpus, note, found):
            if not is_shown_in_code(note, problem.place):
                yield problem
