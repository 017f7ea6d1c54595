"""A definition is nested below its term.

Entries that belong to `- term:` are indented below it. Written at the same indent they are entries of their own: the
list shows a term that says nothing, followed by text without a term, and the next term cannot be told from them.

```markdown bad
- 待避:
- 新しい要求を受けない。
- 受けた仕事は終わらせる。
- 復旧: 止まった仕事を再び始めること。
```

```markdown good
- 待避:
  - 新しい要求を受けない。
  - 受けた仕事は終わらせる。
- 復旧: 止まった仕事を再び始めること。
```

What belongs to the term is taken to be every entry without a colon up to the next term, image, table or code; beside a
bold term, an entry that is all bold is another term. Images,
tables and code right after the term are fine. If the next entry is a term of its own, or in a numbered list, where each
item is a step of its own, the finding is `definition-missing`.

```markdown good
1. 待避させる:
2. 止める
```

The fix indents these entries with everything in them. It is unsafe: where the definition ends is for the writer to
judge. There is no fix in a block quote, with tabs, or where the entries are not in one column.
"""

from collections.abc import Iterator

from techstock.analysis.entries import find_entries_without_definition
from techstock.duplicates.term_keys import is_time_of_day, strip_term_markup
from techstock.model import WARNING, Edit, Fix, Note, Problem, RelatedSpan, Span

LEVEL = WARNING


def check(note: Note) -> Iterator[Problem]:
    for index, beside in find_entries_without_definition(note):
        entry = note.entries[index]
        if not beside or entry.term is None or entry.colon is None or is_time_of_day(entry.name):
            continue
        place = Span(note.entries[beside[0]].place.start, note.entries[beside[-1]].place.end)
        yield Problem(
            Span(entry.term.start, entry.colon.end),
            f"`{strip_term_markup(entry.name)}` has no definition, only entries beside it",
            label="nothing below it",
            related=(RelatedSpan(place, "at the same indent, without a term"),),
            help="indent what belongs to the term",
            fix=_make_fix(note, index, beside),
        )


def _make_fix(note: Note, term: int, beside: tuple[int, ...]) -> Fix | None:
    """Return a fix that indents every line of the entries so that they become children of the term."""
    entry, first, last = note.entries[term], note.entries[beside[0]].place, note.entries[beside[-1]].place
    columns = {_measure_indent(note, index) for index in (term, *beside)}
    if note.blocks[entry.list].quotes or len(columns) > 1 or -1 in columns:
        return None
    if "\t" in note.text[entry.place.start : last.end]:
        return None
    indent = " " * (entry.head.start - entry.place.start)
    edits = []
    for line in range(note.lines.find_line(first.start), note.lines.find_line(last.end) + 1):
        start, end = note.lines.starts[line], note.lines.ends[line]
        if note.text[start:end].strip():
            edits.append(Edit(Span(start, start), indent))
    return Fix("indent the entries below the term", tuple(edits), safe=False)


def _measure_indent(note: Note, index: int) -> int:
    """Return the number of spaces before an entry's marker.

    The result is -1 if there is anything else before it, or if the entry's text is on another line.
    """
    entry = note.entries[index]
    before = note.text[note.lines.find_start(entry.marker.start) : entry.marker.start]
    between = note.text[entry.marker.end : entry.head.start]
    return -1 if before.strip(" ") or between.strip(" ") else len(before)
