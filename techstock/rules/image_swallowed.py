"""Markdown reads every image as one.

HTML that begins a line runs on to the next blank line, and all of it is left as it is. `![…](…)` on the line below an
`<img>`, or inside a `<p>`, is shown as these very characters instead of the image.

```markdown bad
<img width="400" alt="図" src="https://example.org/before.png">
![図](https://example.org/after.png)
```

```markdown good
<img width="400" alt="図" src="https://example.org/before.png">

![図](https://example.org/after.png)
```

Comments and `<pre>` and the like, where the characters themselves may be meant, are not looked at.

```markdown good
<pre>
![代替文](場所) と書く。
</pre>
```
"""

import re
from collections.abc import Iterator

from techstock.analysis.entries import compute_column
from techstock.model import ERROR, Block, Edit, Fix, Note, Problem, RelatedSpan, Span
from techstock.text.html_entities import is_plain_html

LEVEL = ERROR

_IMAGE = r"!\[[^\[\]\r\n]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:[ \t]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*'))?\)"


def check(note: Note) -> Iterator[Problem]:
    for block in note.blocks:
        if block.kind != "html" or "![" not in (html := block.place.extract_from(note.text)) or not is_plain_html(html):
            continue
        end = min(block.place.end, note.lines.find_end(block.place.start))
        begin = RelatedSpan(Span(block.place.start, end), "the HTML begins here")
        for match in re.compile(_IMAGE).finditer(note.text, block.place.start, block.place.end):
            yield Problem(
                Span(*match.span()),
                "this image is shown as text: only a blank line ends the HTML",
                label="swallowed by HTML",
                related=() if match.start() < end else (begin,),
                help="put a blank line before it, or write it as `<img>`",
                fix=_make_fix(note, block, match.start()),
            )


def _make_fix(note: Note, block: Block, start: int) -> Fix | None:
    """Return a fix that inserts a blank line, or None unless the image is on a line of its own below an `<img>`."""
    line = note.lines.find_start(start)
    below = line > block.place.start and not note.text[line:start].strip(" \t") and not block.quotes
    if not below or note.text[block.place.start : block.place.start + 4].lower() != "<img":
        return None
    if compute_column(note, start) > compute_column(note, block.place.start):  # it could become code
        return None
    return Fix("put a blank line before it", (Edit(Span(line, line), "\n"),), safe=False)
