"""A note holds no control characters.

They come with text copied from terminals, slides and PDF files. Browsers show nothing or a box, searches stop at
them, and some tools take the whole file for binary data. Characters that turn the direction of the text around
(U+202E and the like) make a line read differently from what it says.

```markdown bad
- 待避: 新しい\x08要求を受けない状態。
```

```markdown bad
- 復旧: 止まった仕事を\u2028再び始めること。
```

```markdown good
- 待避: 新しい要求を受けない状態。
```

Tabs and line ends are fine, and so is a direction mark in a line that holds Arabic or Hebrew, nor in code, which
shows it on purpose. Other control characters are reported in code as well: what cannot be seen does harm when it is
copied. No fix changes code. There is one finding for all such characters in a line.
"""

import re
from collections.abc import Iterator

from techstock.analysis.entries import is_in_code
from techstock.model import ERROR, Edit, Fix, Note, Problem, Span
from techstock.text.scripts import is_right_to_left
from techstock.text.unicode_names import describe_character

LEVEL = ERROR

_ANY = "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]"  # alone, it is searched fast
_PLAIN_ASCII = bytes((*b"\t\r\n", *range(32, 127)))
_DIRECTION = "[\u202a-\u202e\u2066-\u2069]+"
_BREAK = "[\x0b\x0c\x85\u2028\u2029]"  # deleting one would join what it keeps apart


def check(note: Note) -> Iterator[Problem]:
    if _is_plain_ascii(note.text) or not re.compile(_ANY).search(note.text):
        return
    lines: dict[int, list[re.Match[str]]] = {}
    for match in re.compile(f"{_ANY}+").finditer(note.text):
        lines.setdefault(note.lines.find_line(match.start()), []).append(match)
    for line, runs in lines.items():
        wrong = [run for run in runs if not re.compile(_DIRECTION).fullmatch(run[0])]
        if len(wrong) < len(runs) and not is_right_to_left(_get_line_text(note, line)):
            wrong = [run for run in runs if run in wrong or not is_in_code(note, run.start())]
        if wrong:
            yield _make_problem(note, wrong)


def _is_plain_ascii(text: str) -> bool:
    """Return whether a text is ASCII without control characters: a much faster look than that of a pattern."""
    return text.isascii() and not text.encode("ascii").translate(None, _PLAIN_ASCII)


def _make_problem(note: Note, runs: list[re.Match[str]]) -> Problem:
    first = runs[0][0]
    more = sum(len(run[0]) for run in runs) - 1
    what = "changes the direction of the text" if re.compile(_DIRECTION).match(first) else "is a control character"
    code = any(is_in_code(note, run.start()) for run in runs)
    splits = any(re.compile(_BREAK).search(run[0]) for run in runs)
    edits = tuple(Edit(Span(*run.span()), "") for run in runs)
    return Problem(
        Span(*runs[0].span()),
        f"{describe_character(first[0])} {what}" + (f", and {more} more here" if more else ""),
        label="invisible",
        help="begin a new line instead" if splits else "delete it",
        fix=None if splits or code else Fix("delete control characters", edits, safe=False),
    )


def _get_line_text(note: Note, index: int) -> str:
    return note.text[note.lines.starts[index] : note.lines.ends[index]]
