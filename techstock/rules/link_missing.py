"""Every link in the project leads to a file or heading that exists.

A note was renamed, a heading rewritten: the link stays, and nothing shows that until somebody follows it. Headings are
compared by the addresses that GitHub makes of them. Explicit `<a id="…">` count too.

```markdown bad file=01-10.md
[復旧](recovery.md) と [待避](#待避)
```
```markdown bad file=restore.md
## 復旧

[停止](01-10.md#停止-1)
```

```markdown good file=01-10.md
## 待避

[復旧](restore.md#復旧の手順-1) と [待避](#待避)
```
```markdown good file=restore.md
## 復旧の手順

## 復旧の手順
```

```markdown bad file=01-10.md
<a href="recovery.md">復旧</a>
```

```markdown bad file=01-10.md beside=["restore.md"]
[復旧](Restore.md)
```

Of a heading that holds an image, the anchor with and without the image's place counts. Lines of a source
(`note.md?plain=1#L3`), macros of documentation sites (`[!code-cpp[name](file)]`, `#tab/linux`) and code in prose
(`a[i](j)`) are not looked at.

The same holds for links to this very repository on github.com, also where a URL is written as text. Pages that site
generators make of notes (`recovery.html`, `recovery/`) count as there if the note is, and case in an address of a
heading does not matter. Of `[[wiki links]]` only a heading that is missing in a note is reported: a note that is
missing may be one still to be written.

A link that a code block of the note also contains is an example of the syntax, and ignored. Targets that
`link-exclude` lists are not looked for; `link-root` names the folder that a leading `/` stands for. Twenty and more
with one cause, such as the same wrong prefix, are printed as one.

If a file's name differs only in case or Unicode form, there is a safe fix. `data` holds `path`, and `anchor` for
headings."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from techstock.analysis.entries import is_shown_in_code
from techstock.model import Corpus, Link, Note, Problem, RelatedSpan, SharedCause, Span
from techstock.model.files import CASE_DIFFERS, DELETED, MISSING, UNICODE_FORM_DIFFERS, has_note_suffix

if TYPE_CHECKING:
    from techstock.links.anchors import Anchors
    from techstock.links.file_index import FileIndex
    from techstock.links.resolver import Destination

_DOMAIN = r"(?i)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|jp)(?:/|$)"
_LINES = r"L[0-9]+(?:C[0-9]+)?(?:-L?[0-9]+(?:C[0-9]+)?)?"  # lines of the source, as GitHub names them
_ARGUMENTS = r"[\w, +*-]*"
_CODE_ENDS = frozenset(")]$_")
_MAX_LINE_CONTEXT = 1000  # characters of a line that are looked at on each side of a link
_GUESSES = 200  # of headings that may have been meant, in one run: each costs a look at all of a note's


def gist(note: Note) -> Any:
    """Return what the anchors of the note are made of."""
    if not note.headings and "<" not in note.text:
        return [[], [], []]
    from techstock.links.anchors import get_anchor_sources  # late: a note without headings has none

    return get_anchor_sources(note)


def check(corpus: Corpus) -> Iterator[Problem]:
    if corpus.files is None or not any(note.links or note.images for note in corpus.notes):
        return
    from techstock.links.anchors import get_anchors  # late: many notes have no links
    from techstock.links.file_index import get_file_index
    from techstock.links.resolver import HEADING, resolve_link
    from techstock.links.targets import NO_PATH, is_site_macro, parse_target
    from techstock.links.uncertain_links import find_uncertain_links

    names = get_file_index(corpus)
    guesses = iter(range(_GUESSES))
    for note, link in find_uncertain_links(corpus):
        there, wiki = resolve_link(names, note, link), link.kind == "wiki"
        is_wrong_path = not wiki and there.status in (MISSING, DELETED, CASE_DIFFERS, UNICODE_FORM_DIFFERS)
        if not is_wrong_path and there.kind != HEADING:
            continue
        if is_site_macro(note.text[max(link.place.start - 40, 0) : link.place.start], link.target):
            continue
        if names.files.is_excluded(link.target, is_image=False):
            continue
        if not wiki and parse_target(link.target).kind != NO_PATH and _is_unintended_link(note, link):
            continue
        if is_wrong_path and not (there.status == MISSING and is_shown_in_code(note, link.place)):
            yield _make_path_problem(names, note, link, there)
        elif not is_wrong_path and not (named := names.notes[there.path]).faults:
            yield from _check_heading(note, link, there.fragment, named, get_anchors(named), guesses)


def _is_unintended_link(note: Note, link: Link) -> bool:
    """Return whether the author meant no link: `[[wiki link]](aside)`, a footnote, brackets in code or in a formula."""
    if note.text.startswith(("[[", "[^"), link.place.start):
        return True
    before = note.text[max(link.place.start - 1, 0) : link.place.start]
    if before.isascii() and (before.isalnum() or before in _CODE_ENDS) and re.fullmatch(_ARGUMENTS, link.target):
        return True  # `a[i](j)`
    line = note.lines.find_line(link.place.start)
    before = note.text[max(note.lines.starts[line], link.place.start - _MAX_LINE_CONTEXT) : link.place.start]
    after = note.text[link.place.end : min(note.lines.ends[line], link.place.end + _MAX_LINE_CONTEXT)]
    return before.count("$") % 2 == 1 and "$" in after


def _make_path_problem(names: "FileIndex", note: Note, link: Link, there: "Destination") -> Problem:
    from techstock.links.suggestions import make_path_fix, suggest_path  # late: only for what is wrong
    from techstock.links.targets import parse_target

    shown, target, fix = names.display_path(there.path), parse_target(link.target), None
    causes: tuple[SharedCause, ...] = ()
    if there.status == MISSING:
        fits = has_note_suffix if has_note_suffix(there.path) else bool
        near = suggest_path(names, note, link, target, there.path, fits)
        causes = near.causes
        message, label, cure = (
            f"there is no `{shown}`",
            "not found",
            near.help or "put the file there, or correct the path",
        )
        if not near.help and re.match(_DOMAIN, target.raw):
            cure = "put `https://` before it, if it is a web page"
    elif there.status == DELETED:
        message, label = f"`{shown}` is deleted, but still in git's index", "gone"
        cure = "restore the file, or remove the link"
    else:
        label = "another case" if there.status == CASE_DIFFERS else "another Unicode form"
        message = f"`{shown}` is written here in {label}"
        cure = "where that counts, as on GitHub, the link leads nowhere"
        if link.kind != "reference":  # other links may share the definition
            fix = make_path_fix(names, note, link, target, there.path)
    place, related = _locate(note, link)
    return Problem(place, message, label, related, cure, fix, {"path": shown}, causes=causes)


def _check_heading(
    note: Note, link: Link, name: str, named: Note, anchors: "Anchors", guesses: Iterator[int]
) -> Iterator[Problem]:
    """Report a heading that its note does not have."""
    shown, cure, data = name, "name one of its headings", dict[str, str]()
    if re.fullmatch(_LINES, name):
        is_known = True
    elif link.kind == "wiki":
        is_known = anchors.find_heading(name) is not None
    else:
        is_known, shown, data = anchors.has_anchor(name), f"#{name}", {"path": named.path, "anchor": name}
        like = "" if is_known else _find_similar_anchor(name, anchors, guesses)
        cure = f"did you mean `#{like}`?" if like else "name one of its headings, as GitHub spells them in addresses"
    if not is_known:
        where = "this note" if named is note else f"`{named.path}`"
        place, related = _locate(note, link)
        yield Problem(place, f"{where} has no heading `{shown}`", "not found", related, cure, data=data)


def _find_similar_anchor(name: str, anchors: "Anchors", guesses: Iterator[int]) -> str:
    """Return the most similar anchor of a heading; empty where none is similar."""
    from difflib import get_close_matches  # late: only for what is wrong

    if next(guesses, None) is None:
        return ""
    like = get_close_matches(name[:200].casefold(), anchors.headings, n=1, cutoff=0.75)
    return like[0] if like else ""


def _locate(note: Note, link: Link) -> tuple[Span, tuple[RelatedSpan, ...]]:
    """Return the span of the target; that of the link itself, and that of its definition, for a link by reference."""
    target = note.add_path_to(link.at)
    if link.kind == "reference":
        return note.add_path_to(link.place), (RelatedSpan(target, "its target"),)
    return target, ()
