"""A numbered section is not empty.

A number is written down because something was worth a note. An empty section is a note that was never written, or one
whose text went to another heading.

```markdown bad
## 61.

## 62.

- 待避: 新しい要求を受けない状態。
```

A heading such as `## 31-40`, for a whole note, counts as a section here. A comment is no content, because no reader
sees it, nor is a line across the page.

```markdown bad file=31-40.md
# 復習

## 31-40

<!-- あとで書く -->
```

Headings below the number are no content either where there is nothing under any of them.

```markdown bad
## 1.

### 要点

### 用語

## 2.

- 待避: 新しい要求を受けない状態。
```

```markdown good
## 1.

### 要点

- 復旧: 止まった仕事を再び始めること。

### 用語

## 2.

![流れ](https://example.org/flow.png)
```

Headings without a number are passed over: a title alone can be what its writer wanted. So are headings with a
number and a title that follow each other with nothing between: such a list of headings says what it has to say.

Nor is a section empty whose title says it all: a whole sentence, or a unit and what it is.

```markdown good
## 1.

- 待避: 新しい要求を受けない状態。

## 2. Make sure that all hands are on board before you cast off

## Unit 3: Quiz

## 4.

- 復旧: 止まった仕事を再び始めること。
```

```markdown good
## 1. 待避: 新しい要求を受けない

## 2. 復旧: 止まった仕事を始める

## 3. 交代: 予備の機械に渡す
```
"""

from collections.abc import Iterator
from itertools import pairwise

from techstock.model import WARNING, Block, Note, Problem, Section
from techstock.text.html_entities import is_blank_html

LEVEL = WARNING
_SENTENCE = 7  # words
_LONG = 20  # ideographs, kana and Hangul letters


def check(note: Note) -> Iterator[Problem]:
    if not note.is_numbered:
        return
    empty = [section for section in note.sections if section.numeral and _is_empty(note, section)]
    outline = _find_outline_headings(note, empty)
    for section in empty:
        numeral = section.numeral
        if numeral and section.heading.block not in outline and not _says_it_all(note, section):
            name = f"sections {numeral.value} to {numeral.last}" if numeral.is_range else f"section {numeral.value}"
            yield Problem(
                section.place,
                f"{name} {'are' if numeral.is_range else 'is'} empty",
                label="nothing below it",
                help="write the section, or remove the heading",
            )


def _says_it_all(note: Note, section: Section) -> bool:
    """Return whether a title needs no text below it: it is a sentence, or names a unit and what that is."""
    title = _title(note, section)
    if not title:
        return False
    if section.numeral and section.numeral.label:
        return True
    return title[-1] in "。．.!！?？" or len(title.split()) >= _SENTENCE or _ideographs(title) >= _LONG


def _ideographs(title: str) -> int:
    return sum("\u3041" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in title)


def _find_outline_headings(note: Note, empty: list[Section]) -> set[int]:
    """Return the heading blocks of consecutive empty sections with a title."""
    titled = [section for section in empty if _is_titled(note, section)]
    rows = [(a.heading.block, b.heading.block) for a, b in pairwise(titled) if a.body.end == b.place.start]
    return {block for row in rows for block in row}


def _is_titled(note: Note, section: Section) -> bool:
    return bool(_title(note, section))


def _title(note: Note, section: Section) -> str:
    """Return the title of a section without its number and what parts the two."""
    heading = section.heading
    end = heading.numeral.place.end if heading.numeral else heading.text.start
    return note.text[end : heading.text.end].strip("*_ \t\u3000:：-–—")


def _is_empty(note: Note, section: Section) -> bool:
    for index in range(section.heading.block + 1, len(note.blocks)):
        block = note.blocks[index]
        if block.place.start >= section.body.end:
            return True
        if _is_content(note, block):
            return False
    return True


def _is_content(note: Note, block: Block) -> bool:
    if block.kind == "html":
        return not is_blank_html(block.place.extract_from(note.text))
    if block.kind == "heading":
        return block.entry >= 0 or block.quotes > 0
    return block.kind not in ("list", "rule")  # what an entry holds is a block of its own
