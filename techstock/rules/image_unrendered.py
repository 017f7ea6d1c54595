"""Images render as images.

Markdown ends the target of an image at a blank, and knows no size behind it. The name of a screenshot has blanks, an
input method writes full-width brackets: `![図](画面 1.png)` is then shown as these very characters, without an image.

```markdown bad file=notes/a.md beside=["notes/画面 1.png"]
![切り替えの図](画面 1.png)
```

```markdown bad
![切り替えの図](drain.png =100x20)
```

```markdown bad
![切り替えの図]（drain.png）
```

```markdown good beside=["画面 1.png"]
![切り替えの図](<画面 1.png>)

![切り替えの図](画面%201.png)

<img src="画面 1.png" width="100">
```

Only what names a file of an image or a URL is reported; code, and what a code block of the note also shows, is not
looked at. The fix is safe where the file is there.
"""

from collections.abc import Iterator
from typing import Any

from techstock.analysis.entries import is_shown_in_code
from techstock.model import ERROR, Corpus, Note, Problem

LEVEL = ERROR


def gist(note: Note) -> list[list[Any]]:
    """Return the images that stayed text."""
    if "(" not in note.text and "（" not in note.text:
        return []
    from techstock.links.unrendered import collect_unrendered  # late: few notes have any

    return collect_unrendered(note, images=True)


def check(corpus: Corpus) -> Iterator[Problem]:
    for note in corpus.notes:
        found = note.get_or_compute("image-unrendered", gist)
        if not found:
            continue
        from techstock.links.unrendered import make_unrendered_problems  # late: few notes have any

        for problem in make_unrendered_problems(corpus, note, found):
            if not is_shown_in_code(note, problem.place):
                yield problem
