"""A note begins with one title, where the notes of its folder do.

Outlines, previews and search results show the title. Some people write one in every note, others never do: so the rule
speaks only where at least nine of ten notes of a folder, and at least five, begin with a heading of level 1 or have a
`title` in their front matter. A note without one, with several, or with something before it is then the exception.

```markdown bad file=a.md
# 監視
```

```markdown bad file=b.md
# 復旧
```

```markdown bad file=c.md
# 交代
```

```markdown bad file=d.md
# 待避

新しい要求を受けない状態。

# 通知
```

```markdown bad file=e.md
# 切り替え
```

```markdown good file=a.md
---
title: 監視
---

動きを見続けること。
```

```markdown good file=b.md
<!-- 下書き -->

# 復旧
```

```markdown good file=c.md
# 交代

## 手順
```

```markdown good file=d.md
# 待避
```

```markdown good file=e.md
# 切り替え
```

`README` and `index` files are passed over, they open a folder; so are notes with nothing to read. Several headings of
level 1 are reported only where most notes of the folder have one, and not where each has sections of its own, or most
of at least three are numbered: these are parts.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from techstock.model import WARNING, Block, Corpus, Heading, Note, Problem, RelatedSpan, Span
from techstock.text.html_entities import is_blank_html
from techstock.text.lazy_patterns import compile_lazily

LEVEL = WARNING
SIGHT = "folder"

_FEWEST = 5  # notes of a folder that show a habit
_TITLE_KEY = compile_lazily(r"^title[ \t]*[:=][ \t]*\S", re.M)
_LONE_SIGN = compile_lazily(r"#(?<!##)[ \t\u3000\u00a0]")  # of any heading of level 1; it is searched fast
_HIDDEN = compile_lazily(r"(?:^|[>)])[ \t]*#[ \t\u3000\u00a0]+\S", re.M)  # a title that other rules report as swallowed


def check(corpus: Corpus) -> Iterator[Problem]:
    for notes in corpus.folders.values():
        counted = [
            (note, known)
            for note in notes
            if (known := note.get_or_compute("note-title", gist))[0] and _is_counted(note)
        ]
        if len(counted) < _FEWEST or 10 * sum(titled for _, (_, titled, _, _) in counted) < 9 * len(counted):
            continue
        single = 2 * sum(titles < 2 for _, (_, _, titles, _) in counted) > len(counted)
        for note, (_, _, titles, fine) in counted:
            if not fine or (single and titles > 1):
                yield from _check_note(note, single)


def gist(note: Note) -> tuple[bool, bool, int, bool]:
    """Return whether there is content, whether a title begins it, the number of titles, and whether all is right."""
    if note.faults or not any(_iter_visible_blocks(note)):
        return False, False, 0, True
    titles = _find_titles(note)
    titled = _has_title_key(note) or (bool(titles) and next(_iter_visible_blocks(note)) is note.blocks[titles[0].block])
    count = 1 if len(titles) > 1 and _are_parts(note, titles) else len(titles)
    return True, titled, count, titled or (not titles and _has_swallowed_title(note))


def _is_counted(note: Note) -> bool:
    """Return whether a note counts as an example of the folder's convention: it is no readme or index."""
    return not note.path.rpartition("/")[2].casefold().startswith(("readme.", "index.", "_index."))


def _check_note(note: Note, single: bool) -> Iterator[Problem]:
    titles = _find_titles(note)
    if _has_title_key(note) or (not titles and _has_swallowed_title(note)):
        return
    first = next(_iter_visible_blocks(note))
    if not titles:
        yield Problem(
            _get_first_line(note, first.place),
            "this note has no heading of level 1, unlike the others of its folder",
            label="no title above",
            help="begin it with `#` and a title",
        )
    elif note.blocks[titles[0].block] is not first:
        yield Problem(
            note.add_path_to(titles[0].place),
            "there is something before the title of this note",
            label="the title",
            related=(RelatedSpan(_get_first_line(note, first.place), "the note begins here"),),
            help="move the title up",
        )
    elif single and len(titles) > 1 and not _are_parts(note, titles):
        yield Problem(
            note.add_path_to(titles[1].place),
            f"{len(titles)} headings of level 1, where most notes of its folder have one",
            label="the second",
            related=(RelatedSpan(note.add_path_to(titles[0].place), "the title"),),
            help="keep one as the title, and write the others with `##`",
        )


def _are_parts(note: Note, titles: list[Heading]) -> bool:
    """Return whether each heading of level 1 has sections of its own, or most are numbered: parts of the note."""
    if len(titles) > 2 and 2 * sum(heading.numeral is not None for heading in titles) > len(titles):
        return True
    starts = [heading.place.start for heading in titles] + [len(note.text)]
    lower = [h.place.start for h in note.headings if h.level > 1 and h.entry < 0]
    return all(any(start < at < end for at in lower) for start, end in pairwise(starts))


def _find_titles(note: Note) -> list[Heading]:
    """Return the headings of level 1.

    A numbered one among sections of another level is left out: it is a section at the wrong level.
    """
    found = [heading for heading in note.outer_headings if heading.level == 1]
    strays = note.is_numbered and note.section_level > 1
    return [h for index, h in enumerate(found) if not (strays and index and h.numeral and not found[0].numeral)]


def _iter_visible_blocks(note: Note) -> Iterator[Block]:
    """Yield the blocks that a reader sees."""
    for block in note.blocks:
        hidden = block.kind == "html" and is_blank_html(block.place.extract_from(note.text))
        if not hidden and block.kind != "front-matter":
            yield block


def _has_title_key(note: Note) -> bool:
    block = note.blocks[0]
    return block.kind == "front-matter" and bool(_TITLE_KEY.search(note.text, block.place.start, block.place.end))


def _has_swallowed_title(note: Note) -> bool:
    if any(heading.level == 1 for heading in note.headings):
        return True
    if not _LONE_SIGN.search(note.text):
        return False
    places = (block.place for block in note.blocks if block.kind in ("html", "paragraph"))
    return any(_HIDDEN.search(note.text, place.start, place.end) for place in places)


def _get_first_line(note: Note, place: Span) -> Span:
    """Return the first line of a place."""
    return note.add_path_to(Span(place.start, min(place.end, note.lines.find_end(place.start))))
