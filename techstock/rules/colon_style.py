"""Every colon after a term has one form.

`term: definition`, `term：definition` and `term : definition` read alike, but a search for one misses the others. This
is a matter of house style, so the rule is off unless the strict preset or `select` asks for it.

```markdown bad
- 待避：新しい要求を受けない状態。
- 復旧 : 止まった仕事を再び始めること。
- 配置:三つの場所に置く。
```

```markdown good
- 待避: 新しい要求を受けない状態。
- **復旧:** 止まった仕事を再び始めること。
- 配置:
  - 三つの場所に置く。
```

`colon` is the form: `":"` means a half-width colon and one space, `"："` a full-width colon and no space; any other
text is taken as it is.

```markdown good colon="："
- 待避：新しい要求を受けない状態。
```

What follows the colon on the next line is left alone. The fix is safe; there is none where the new colon would make
another Markdown of the text, as in `[待避]：…`, which would become the target of a link, or next to a bare URL, whose
end GitHub finds by the blank behind it.
"""

import re
from collections.abc import Iterator
from typing import Annotated

from techstock.duplicates.term_keys import strip_term_markup
from techstock.model import OFF, Edit, Entry, Fix, Note, Problem, Span

LEVEL = OFF  # both colons are good Japanese; on in the strict preset
_FORMS = {":": ": ", "：": "："}
_CLOSERS = re.compile(r"(?:[*_~]{1,3}(?=\s|$)|</[A-Za-z]+>)*")  # of emphasis that began in the term
_BLANK = re.compile(r"[^\S\r\n]*")
_MARKS = ("*", "_", "~")
_RUN = re.compile(r"[*]+|_+|~+|==+")  # `==` as in Obsidian
_BARE_URL = re.compile(r"https?:|www\.")
_LAST_WORD = re.compile(r"(?:[a-z]+://|www\.)[^ \t]*\Z")


def check(
    note: Note,
    *,
    colon: Annotated[
        str, "The form: `:` is a half-width colon and one space, `：` a full-width one and none; other text is itself."
    ] = ":",
) -> Iterator[Problem]:
    form = _FORMS.get(colon, colon)
    for entry in note.entries:
        if entry.colon is None or entry.term is None or entry.definition is None:
            continue
        found = _WrittenColon(note.text, entry.term, entry.colon, entry.definition)
        wanted = found.format_as(form)
        if found.place.extract_from(note.text) != wanted and not found.is_identifier:
            yield Problem(
                found.place,
                f"the colon after `{strip_term_markup(entry.name)}` is not written `{form}`",
                label=found.describe_difference(form),
                help=f"write `{form}`",
                fix=_make_fix(note, entry, found, form),
            )


class _WrittenColon:
    """A colon as written: `place` covers it, the white space around it and the emphasis that closes after it."""

    def __init__(self, text: str, term: Span, colon: Span, definition: Span) -> None:
        self.text, self.colon = text, colon
        start = term.end + len(text[term.end : colon.start].rstrip())
        mark = text[colon.end : definition.start].strip()
        closers = _CLOSERS.match(text, colon.end)
        end = colon.end + len(mark) if mark else closers.end() if closers else colon.end
        blank = _BLANK.match(text, end)
        self.after = blank.end() if blank else end
        self.closers = text[colon.end : end]
        # whether the definition begins on this line
        self.inline = self.after < definition.end and text[self.after] not in "\r\n"
        self.is_bare = start == term.end  # no emphasis ends between the term and the colon
        self.place = Span(start, self.after if self.inline else end)
        words = text[term.start : definition.end]
        self.is_identifier = self.inline and words.isascii() and not any(c.isspace() for c in words)

    def format_as(self, form: str) -> str:
        """Return the text that should be at `place`. Emphasis closes after a colon only if white space follows."""
        body = form.rstrip()
        tail = form[len(body) :] or (" " if self.closers else "")
        return body + self.closers + (tail if self.inline else "")

    def describe_difference(self, form: str) -> str:
        if self.colon.extract_from(self.text) != form.strip():
            return "another colon"
        return "space before it" if self.place.start < self.colon.start else "space after it"


def _make_fix(note: Note, entry: Entry, found: _WrittenColon, form: str) -> Fix | None:
    """Return the fix, or None if the new colon would change the meaning of the Markdown around it."""
    text, place = note.text, found.place
    before, after = text[entry.head.start : place.start], text[found.after : entry.head.end]
    if before.endswith("\\") or (before.startswith("[") and before.endswith("]")):
        return None  # an escaped colon; `[x]:` begins a link definition
    if not _keeps_emphasis(before, found, after) or not _keeps_links(note, entry, found, form):
        return None
    return Fix(f"write `{form}`", (Edit(place, found.format_as(form)),))


def _keeps_links(note: Note, entry: Entry, found: _WrittenColon, form: str) -> bool:
    """Return whether bare URLs beside the colon stay links on GitHub: one ends at a blank, `www.` begins after one."""
    text, start = note.text, found.place.start
    before = _LAST_WORD.search(text[entry.head.start : start])
    if before:
        at = entry.head.start + before.start()
        linked = [*(link.place for link in note.links if link.kind != "bare"), *(span.place for span in note.spans)]
        if not any(place.contains(Span(at, at + 1)) for place in linked):
            return False
    after = _BARE_URL.match(text, found.after)
    if not after:
        return True
    was_blank = text[found.after - 1] in " \t"
    return form[-1:].isspace() and (was_blank or after[0] != "www.")


def _keeps_emphasis(before: str, found: _WrittenColon, after: str) -> bool:
    """Return whether marks of emphasis beside the colon open and close as before: blanks and colons decide on that."""
    if before.endswith(_MARKS) and found.is_bare:
        return False
    if not found.inline:
        return True
    if found.closers.endswith(_MARKS) and found.after == found.colon.end + len(found.closers):
        return False  # `**x:**y` is not bold, `**x:** y` would be
    run = _RUN.match(after)
    if run is None or after[run.end() : run.end() + 1].isalnum():
        return run is None or run[0][0] not in before
    return run[0][0] not in before and set(_RUN.findall(after)) == {run[0]}
