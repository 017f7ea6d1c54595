"""A code fence is on a line of its own.

Three slips change what is code and what is not. A fence that is never closed makes code of everything below it. A line
of marks with text after it closes nothing, so the code runs on to the next bare line of marks. And text after
the opening marks names the language: code that begins there is not shown at all.

````markdown bad
```sh
aws s3 ls

## 53.

本文。
````

````markdown bad
```sh
aws s3 ls
``` ここまで

```sh
aws s3 cp
```
````

````markdown bad
- 例:

  ```{ "Version": "2012-10-17",
    "Statement": []
  }
  ```
````

````markdown good
```sh
aws s3 ls
```

```js {1,3} title="app.js"
run();
```
````

A fence around other fences takes more marks than they do.

`````markdown good
````markdown
```sh
aws s3 ls
```
````
`````

Inside an entry, a fence must be closed inside it. Closing marks that are indented less than the entry open a new fence.
After a slip, a bare fence that goes wrong further down is its echo and not reported.
"""

import re
from collections.abc import Iterator

from techstock.analysis.entries import compute_column
from techstock.model import ERROR, Block, Edit, Fix, Note, Problem, RelatedSpan, Span

LEVEL = ERROR

_MARKS = r"[ \t>]*(`{3,}|~{3,})[ \t]*([^\r\n]*)"
_ENDING = r"(?m)[^\r\n]*[^`~\s]((`{3,}|~{3,}))[ \t]*$"
_KEY = r"[ \t>]*[\w-]+:"
_DATA = ("yaml", "yml", "toml", "json", "text")
_BRACKETS = ("()", "[]", "{}")


def check(note: Note) -> Iterator[Problem]:
    broken = False
    for index, block in enumerate(note.blocks if "```" in note.text or "~~~" in note.text else ()):
        if block.kind != "fence":
            continue
        yield from _find_swallowed_code(note, block)
        if broken and not block.info:
            continue
        problem = _find_text_after_marks(note, block) if block.closed else _make_unclosed_problem(note, index)
        if problem:
            broken = True
            yield problem


def _make_unclosed_problem(note: Note, index: int) -> Problem:
    block = note.blocks[index]
    opening = note.trim_to_first_line(block.place)
    inside = " inside its list entry" if block.entry >= 0 else " inside its quotation" if block.quotes else ""
    related = []
    lines, own = note.lines, _get_opening_marks(note, block)
    for line in range(lines.find_line(opening.end) + 1, lines.find_line(block.place.end) + 1):
        match = re.compile(_ENDING).match(note.text, lines.starts[line], lines.ends[line])
        if match and own and match[1].startswith(own):
            related.append(
                RelatedSpan(Span(*match.span(1)), "there is text before these marks, so they do not close the fence")
            )
            break
    below = note.blocks[index + 1] if index + 1 < len(note.blocks) else None
    if inside and below and below.kind == "fence" and not below.info and below.entry != block.entry:
        related.append(
            RelatedSpan(note.trim_to_first_line(below.place), "these marks are outside it, and open a fence")
        )
    return Problem(
        opening,
        f"this fence is not closed{inside}",
        label="opened here",
        related=tuple(related),
        help="close it with the same marks on a line of their own, at the indent of this line",
    )


def _find_text_after_marks(note: Note, block: Block) -> Problem | None:
    """Return a problem for the first line of the code meant to close the block, or to open a fence within it."""
    first, last = note.lines.find_line(block.place.start) + 1, note.lines.find_line(block.place.end)
    own = _get_opening_marks(note, block)
    if not own or note.text.find(own, note.lines.starts[first], note.lines.starts[last]) < 0:
        return None  # as in most code
    most = compute_column(note, block.place.start) + 4
    for line in range(first, last):
        match = re.compile(_MARKS).match(note.text, note.lines.starts[line], note.lines.ends[line])
        if not match or not match[2].strip() or "`" in match[2] or not match[1].startswith(own):
            continue
        if compute_column(note, match.start(1)) >= most:
            continue
        return Problem(
            Span(match.start(1), match.start(2) + len(match[2].rstrip())),
            "text after these marks keeps them from closing the fence above",
            label="still code",
            related=(RelatedSpan(note.trim_to_first_line(block.place), "this fence is open"),),
            help="leave closing marks alone on their line; a fence around other fences needs more marks than they have",
        )
    return None


def _find_swallowed_code(note: Note, block: Block) -> Iterator[Problem]:
    """Yield a problem for code after the opening marks."""
    if not block.info or not _is_code(note, block):
        return
    line = note.trim_to_first_line(block.place)
    at = line.extract_from(note.text).replace("\0", "\ufffd").find(block.info)  # the parser has no NUL
    if at < 0:
        return
    start = line.start + at
    marks = re.compile(_MARKS).match(note.text, line.start, line.end)
    indent = note.text[note.lines.find_start(line.start) : line.start]
    fix = None
    if marks and not block.quotes and "\t" not in indent:
        edit = Edit(Span(marks.end(1), start), "\n" + " " * compute_column(note, line.start))
        fix = Fix("begin the code on the next line", (edit,), safe=False)
    yield Problem(
        Span(start, line.end),
        "code on the opening line of a fence is not shown",
        label="not shown",
        help="begin the code on the next line",
        fix=fix,
    )


def _is_code(note: Note, block: Block) -> bool:
    """Return whether an info string is the beginning of code: a bracket stays open, or a key has its value below."""
    info = block.info
    if any(info.count(pair[0]) > info.count(pair[1]) for pair in _BRACKETS):
        return True
    if not info.endswith(":") or (info[:-1].lower() in _DATA):
        return False
    line = note.lines.find_line(block.place.start) + 1
    return (
        line < len(note.lines)
        and re.compile(_KEY).match(note.text, note.lines.starts[line], note.lines.ends[line]) is not None
    )


def _get_opening_marks(note: Note, block: Block) -> str:
    """Return the marks that open a fence: the closing marks begin with as many."""
    match = re.compile(_MARKS).match(note.text, block.place.start)
    return match[1] if match else ""
