"""Numbered sections are at one level.

A section at a deeper level than its neighbours becomes a part of the one before it, in every outline and for every rule
that looks at sections; one at a higher level takes the following ones in.

```markdown bad
## 61.

- 待避: 新しい要求を受けない状態。

### 62.

- 復旧: 止まった仕事を再び始めること。

## 63.

- 交代: 予備の機械が仕事を引き継ぐこと。
```

It is reported where its number lies between those of the sections around it, or goes on right after the last or right
before the first. Numbers that count parts of a section begin anew, and are left alone.

```markdown good
## 1.

### 1. 待避

新しい要求を受けない状態。

### 2. 復旧

止まった仕事を再び始めること。

## 3.

### 1. 交代

予備の機械が仕事を引き継ぐこと。
```
"""

from bisect import bisect
from collections.abc import Iterator

from techstock.model import ERROR, Edit, Fix, Heading, Note, Problem, RelatedSpan, Section, Span

LEVEL = ERROR


def check(note: Note) -> Iterator[Problem]:
    sections = note.numbered_sections
    if len(sections) < 2:
        return
    starts = [section.place.start for section in sections]
    last: dict[int, int] = {}  # the last number at each other level, which parts of sections count on from
    strays: list[tuple[Heading, Section, bool]] = []
    for heading in note.headings:
        if heading.entry >= 0 or heading.level == note.section_level or not heading.numeral or heading.numeral.is_range:
            continue
        at = bisect(starts, heading.place.start)
        before = sections[at - 1] if at else None
        after = sections[at] if at < len(sections) else None
        number = heading.numeral.value
        title = heading is note.headings[0] and heading.level < note.section_level
        continues = last.get(heading.level) == number - 1
        if not title and not continues and _fits_between(heading.numeral.label, number, before, after):
            strays.append((heading, before or sections[0], bool(before and after)))
        else:
            last[heading.level] = number
    for heading, neighbour, between in strays:
        if heading.level not in last or (between and heading.level > note.section_level):
            yield _make_problem(note, heading, neighbour)


def _fits_between(label: str, number: int, before: Section | None, after: Section | None) -> bool:
    """Return whether the number fits between those of two sections, either of which may be missing."""
    if any(section and section.series[1] != label for section in (before, after)):
        return False
    if before and after:
        return before.number < number < after.number
    return bool(before and number == before.number + 1) or bool(after and number == after.number - 1)


def _make_problem(note: Note, heading: Heading, neighbour: Section) -> Problem:
    number = heading.numeral.value if heading.numeral else 0
    marks = "#" * note.section_level
    start = heading.place.start
    marker = Span(start, start + heading.level)
    fix = Fix(f"write it with `{marks}`", (Edit(marker, marks),), safe=False)
    return Problem(
        heading.place,
        f"section {number} is at level {heading.level}, its neighbours are at level {note.section_level}",
        label=f"level {heading.level}",
        related=(RelatedSpan(neighbour.place, f"section {neighbour.number} is at level {note.section_level}"),),
        help=f"write it with `{marks}`",
        fix=fix if marker.extract_from(note.text) == "#" * heading.level else None,
    )
