"""`**` around text makes it bold.

Whether `**` begins or ends bold text depends on the characters beside it. Between punctuation inside and a letter
outside it does neither, and readers see the asterisks. English has a space in that place; Japanese, Chinese and Korean
do not, so text like `**…。**` with the next sentence right after it is the usual case.

```markdown bad
- **新しい要求を受けない。**いまの仕事は終える。
```

```markdown bad
- これを**「待避」**と呼ぶ。
```

```markdown good
- **新しい要求を受けない**。いまの仕事は終える。
- **新しい要求を受けない。** いまの仕事は終える。
- これを「**待避**」と呼ぶ。
```

Only pairs of `**` on one line are reported, and only where punctuation is the cause: powers, file patterns, footnotes
and a lone `**` are not. Nor are single `*`, which mean too many other things.

```markdown good
- 2 の 10 乗は 2**10、`**/*.md` はすべてのノート、**kwargs は残りの引数。
```

The fix moves punctuation or a space out of the emphasis; it is offered where exactly the words between the asterisks
become bold. It is safe where no other asterisks in the paragraph could pair with these.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from techstock.analysis.entries import select_facts_starting_in
from techstock.model import ERROR, Edit, Fix, Note, Problem, Span, UnmatchedDelimiter

LEVEL = ERROR

_ASCII = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ESCAPED = r"(?<![*\\])\\\*\\\*(?=[^\s*\\])[^*\n\\]*(?<=[^\s*\\])\\\*\\\*(?![*\\])"
_PAUSES = frozenset("、，・")
_MAX_PARAGRAPH = 4000  # characters of a paragraph in which a fix may be safe
_BARE_URL = r"(?i)(?:[a-z]+://|www\.)[^\s<]*\Z"  # GitHub takes marks behind it for a part of it
_MOVABLE = frozenset("。、．，！？：.,!?:")  # punctuation that may as well stand behind the emphasis


def check(note: Note) -> Iterator[Problem]:
    yield from _find_nested(note)
    yield from _find_escaped(note)
    runs = [run for run in note.strays if run.place.extract_from(note.text) in ("**", "***")]
    used = -1
    for index, (opening, closing) in enumerate(pairwise(runs)):
        if index <= used or not _is_on_one_line(note, opening, closing):
            continue
        if _is_blank_inside(note, opening, closing):
            used = index + 1
            yield _make_blank_problem(note, opening, closing)
            continue
        if not _is_pair(note, opening, closing):
            continue
        blamed_first = _is_blocked_by_punctuation(note, opening.place, inside=1)
        blamed_last = _is_blocked_by_punctuation(note, closing.place, inside=-1)
        if not (blamed_first or blamed_last):
            continue
        if (opening.opens or blamed_first) and (closing.closes or blamed_last):
            used = index + 1
            yield _make_problem(note, opening, closing, blamed_last)


def _is_pair(note: Note, opening: UnmatchedDelimiter, closing: UnmatchedDelimiter) -> bool:
    """Return whether two runs enclose text without white space on the inside."""
    before = note.text[max(opening.place.start - 1, 0) : opening.place.start]
    within = note.text[opening.place.end : closing.place.start]
    if _is_ascii_alnum(before) and _is_ascii_alnum(within[0]):  # a power
        return False
    return not {"*", " ", "\t", "\u3000"}.intersection((within[0], within[-1]))


def _is_on_one_line(note: Note, opening: UnmatchedDelimiter, closing: UnmatchedDelimiter) -> bool:
    """Return whether two runs of the same length are in one line or cell, with text between them."""
    if len(opening.place.extract_from(note.text)) != len(closing.place.extract_from(note.text)):
        return False
    if opening.block != closing.block or opening.place.end >= closing.place.start:
        return False
    texts = note.blocks[opening.block].texts
    index = bisect_right(texts, opening.place.start, key=lambda text: text.start) - 1
    return index >= 0 and closing.place.end <= texts[index].end


def _is_blank_inside(note: Note, opening: UnmatchedDelimiter, closing: UnmatchedDelimiter) -> bool:
    """Return whether a space before the closing run, or behind the opening one, keeps a text from being bold."""
    text = note.text
    before, after = text[max(opening.place.start - 1, 0) : opening.place.start], text[closing.place.end :][:1]
    within = text[opening.place.end : closing.place.start]
    if not within.strip() or "*" in (within[0], within[-1]) or not (within[0].isspace() or within[-1].isspace()):
        return False
    outside = not (before.isascii() and before.strip()) and not (
        after.isascii() and after.strip() and after not in ":,."
    )
    if within[0].isspace():  # `2 ** 3` is no emphasis
        line = note.blocks[opening.block].texts
        return outside and any(one.start == opening.place.start for one in line) and not within[1:2].isdigit()
    return outside and not _is_operand(within)


def _is_operand(within: str) -> bool:
    """Return whether what follows `**` is a name or a pattern of a program: `**kwargs と **args`, `**/*.md`."""
    return within.strip().isascii() and " " not in within.strip() and ":" not in within


def _make_blank_problem(note: Note, opening: UnmatchedDelimiter, closing: UnmatchedDelimiter) -> Problem:
    return Problem(
        Span(opening.place.start, closing.place.end),
        "not bold: a space is on the inner side of `**`",
        label="shown with its asterisks",
        help="take away the space between the asterisks and the text",
        fix=_make_blank_fix(note, opening, closing),
    )


def _make_blank_fix(note: Note, opening: UnmatchedDelimiter, closing: UnmatchedDelimiter) -> Fix | None:
    """Return a fix that moves spaces to the outer side of `**`, where no other asterisks could pair with these."""
    text = note.text
    within = text[opening.place.end : closing.place.start]
    before, after = len(within) - len(within.lstrip()), len(within) - len(within.rstrip())
    if not (before or opening.opens) or not (after or closing.closes) or not _is_only_pair(note, opening, closing):
        return None
    first = Span(opening.place.start, opening.place.end + before)
    last = Span(closing.place.start - after, closing.place.end)
    ahead, behind = text[max(first.start - 1, 0) : first.start], text[last.end : last.end + 1]
    left = within[:before] if ahead.strip() and not _begins_text(note, opening) else ""
    right = within[len(within) - after :] if behind.strip() else ""
    edits = [Edit(place, marks) for place, marks in ((first, f"{left}**"), (last, f"**{right}"))]
    meant = (Edit(first, f"{left}<b>"), Edit(last, f"</b>{right}"))
    changed = tuple(edit for edit in edits if edit.place.extract_from(text) != edit.text)
    return Fix("move the space out of the emphasis", changed, safe=True, meant=meant)


def _begins_text(note: Note, run: UnmatchedDelimiter) -> bool:
    return any(text.start == run.place.start for text in note.blocks[run.block].texts)


def _is_only_pair(note: Note, opening: UnmatchedDelimiter, closing: UnmatchedDelimiter) -> bool:
    """Return whether these two runs can only enclose the text between them: all renderers then agree on it.

    The other runs of the paragraph pair up before and behind them; no link or URL holds one of the two.
    """
    block = note.blocks[opening.block]
    whole = Span(block.texts[0].start, block.texts[-1].end)
    if block.kind == "table":
        whole = next(text for text in block.texts if text.start <= opening.place.start < text.end)
    if whole.end - whole.start > _MAX_PARAGRAPH:
        return False
    if any(stray.place.extract_from(note.text) != "**" for stray in select_facts_starting_in(note.strays, whole)):
        return False
    runs = _find_runs(note, whole)
    pairs = list(zip(runs[::2], runs[1::2], strict=False))
    if len(runs) % 2 or (opening.place, closing.place) not in pairs:
        return False
    if re.compile(_BARE_URL).search(note.text, whole.start, closing.place.start):
        return False
    ends = (opening.place.start, closing.place.start)
    return all(
        len({link.place.start <= at < link.place.end for at in ends}) == 1
        for link in select_facts_starting_in(note.links, whole)
    )


def _find_nested(note: Note) -> Iterator[Problem]:
    """Yield problems for two bold texts that became one, with what is between them."""
    for one in note.nested:
        first, last = Span(one.place.start, one.inner.start + 2), Span(one.inner.end - 2, one.place.end)
        if "\n" in one.place.extract_from(note.text) or len(first.extract_from(note.text)) < 5:
            continue
        edits = (Edit(Span(first.end, first.end), " "), Edit(Span(last.start, last.start), " "))
        yield Problem(
            Span(one.place.start, one.place.end),
            "two bold texts are one: the second `**` opens",
            label="all of it is bold",
            help="put a space on the outer side of the asterisks in the middle",
            fix=Fix("put a space on the outer side of the asterisks", edits, safe=False),
        )


def _find_escaped(note: Note) -> Iterator[Problem]:
    """Yield problems for bold text whose asterisks an editor has escaped."""
    if "\\*\\*" not in note.text:
        return
    for text in note.running_text:
        for match in re.compile(_ESCAPED).finditer(note.text, text.start, text.end):
            if match[0].isascii():  # on purpose, in a text on Markdown
                continue
            yield Problem(
                Span(*match.span()),
                "not bold: a backslash is before each asterisk",
                label="shown with its asterisks",
                help="take away the backslashes",
            )


def _is_ascii_alnum(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _is_blocked_by_punctuation(note: Note, run: Span, inside: int) -> bool:
    """Return whether a run has no effect: punctuation is on its inside (1: to the right of it) and a letter outside.

    Next to ASCII letters `**` is ordinary in code and arithmetic, unless a sentence, a bracket or a label ends there.
    """
    start, end = run.start, run.end
    while start and note.text[start - 1] in "*~":  # cmark-gfm looks past `~`
        start -= 1
    while end < len(note.text) and note.text[end] in "*~":
        end += 1
    before, after = note.text[max(start - 1, 0) : start], note.text[end : end + 1]
    inner, outer = (after, before) if inside > 0 else (before, after)
    if not inner or not _is_like_letter(outer) or not _is_punctuation(inner, "Pe" if inside > 0 else "Ps"):
        return False
    if not outer.isascii():
        return True
    return (inside < 0 and inner == ":" and outer.isalpha()) or not (inner.isascii() or inner in _PAUSES)


def _is_like_letter(char: str) -> bool:
    """Return whether GitHub takes a character for a letter: beyond ASCII symbols are, such as U+2500."""
    from unicodedata import category

    return char.isalnum() or (not char.isascii() and category(char)[0] == "S")


def _is_punctuation(char: str, unlike: str) -> bool:
    """Return whether CommonMark and GitHub both count a character as punctuation, except brackets of kind `unlike`."""
    from unicodedata import category

    kind = category(char)
    return kind != unlike and (kind[0] == "P" or char in _ASCII)


def _make_problem(note: Note, first: UnmatchedDelimiter, second: UnmatchedDelimiter, last: bool) -> Problem:
    opening, closing = first.place, second.place
    inner = note.text[closing.start - 1] if last else note.text[opening.end]
    which = "closing" if last else "opening"
    other = "after" if last else "before"
    mark = "a backtick" if inner == "`" else f"`{inner}`"
    between = f"{mark} and a letter" if last else f"a letter and {mark}"
    return Problem(
        Span(opening.start, closing.end),
        f"not bold: `**` cannot {'close' if last else 'open'} between {between}",
        label="shown with its asterisks",
        help=f"move {mark} out of the emphasis, or put a space {other} the {which} `**`",
        fix=_make_fix(note, first, second),
    )


def _make_fix(note: Note, first: UnmatchedDelimiter, last: UnmatchedDelimiter) -> Fix | None:
    """Return a fix that moves punctuation behind the emphasis, or `None` if that does not make bold what was meant.

    Several pairs may be in that place: if the first `**` opens nothing, others pair with the marks of their neighbors.
    """
    runs = _find_runs(note, Span(first.place.start, last.place.end))
    edits, meant = [], []
    for opening, closing in zip(runs[::2], runs[1::2], strict=False):
        if _is_blocked_by_punctuation(note, opening, inside=1) or re.compile(_BARE_URL).search(
            note.text, opening.end, closing.start
        ):
            return None
        moved, inner = closing, ""
        if _is_blocked_by_punctuation(note, closing, inside=-1):
            inner, before = note.text[closing.start - 1], note.text[closing.start - 2]
            if inner not in _MOVABLE or not before.isalnum():
                return None
            moved = Span(closing.start - 1, closing.end)
            edits.append(Edit(moved, f"**{inner}"))
        meant += [Edit(opening, "<b>"), Edit(moved, f"</b>{inner}")]
    if len(runs) % 2 or not edits:
        return None
    is_safe = len(runs) == 2 and _opens_everywhere(note, first) and _is_only_pair(note, first, last)
    return Fix("move the punctuation after the emphasis", tuple(edits), is_safe, tuple(meant))


def _opens_everywhere(note: Note, run: UnmatchedDelimiter) -> bool:
    """Return whether a run opens emphasis whatever a renderer takes symbols for."""
    from unicodedata import category

    before = "" if _begins_text(note, run) else note.text[max(run.place.start - 1, 0) : run.place.start]
    inner = note.text[run.place.end]
    return run.opens and (inner.isalnum() or not before.strip() or category(before)[0] == "P")


def _find_runs(note: Note, place: Span) -> list[Span]:
    """Return the `**` in a place that are not in code, a tag or a target."""
    matches = re.compile(r"(?<![\\*])\*\*(?!\*)").finditer(note.text, place.start, place.end)
    taken = [span.place for span in select_facts_starting_in(note.spans, place)]
    return [Span(*match.span()) for match in matches if not any(one.start <= match.start() < one.end for one in taken)]
