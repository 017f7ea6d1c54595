"""Links name the suffix, if most do.

Pages that a site generator makes of notes are found at `restore` as well as at `restore.md`; on GitHub `restore` leads
nowhere. Where at least ten links name the suffix, and not one in ten leaves it out, leaving it out is a slip.

```markdown bad file=a.md beside=["restore.md"]
[復旧](restore) [1](a.md) [2](a.md) [3](a.md) [4](a.md) [5](a.md) [6](a.md) [7](a.md) [8](a.md) [9](a.md) [10](a.md)
```

```markdown good file=a.md beside=["restore.md"]
[復旧](restore)
```

The fix writes the suffix.
"""

from collections.abc import Iterable, Iterator
from posixpath import splitext
from typing import TYPE_CHECKING

from techstock.model import OFF, Corpus, Edit, Fix, Link, Note, Problem

if TYPE_CHECKING:
    from techstock.links.resolver import Destination

LEVEL = OFF  # notes of a site are found without a suffix on the site

_FEWEST = 10  # links with a suffix
_SHARE = 10  # of them, for each without


def check(corpus: Corpus) -> Iterator[Problem]:
    if corpus.files is None or not any(note.links for note in corpus.notes):
        return
    from techstock.links.file_index import get_file_index  # late: many notes have no links
    from techstock.links.resolver import GENERATED, HEADING, NOTE, resolve_link
    from techstock.links.targets import PATH, parse_target
    from techstock.links.uncertain_links import find_uncertain_links

    names = get_file_index(corpus)

    def find_paths(links: Iterable[tuple[Note, Link]]) -> Iterator[tuple[Note, Link, "Destination", bool]]:
        """Yield links by path and where they lead, and whether a suffix is missing."""
        for note, link in links:
            target = parse_target(link.target) if link.kind != "wiki" else None
            if target is not None and target.kind == PATH:
                there = resolve_link(names, note, link)
                ends = target.raw.endswith("/") or bool(splitext(target.path)[1])
                yield note, link, there, there.status == GENERATED and not ends

    found = [(note, link, there) for note, link, there, lacks in find_paths(find_uncertain_links(corpus)) if lacks]
    if not found:
        return
    every = find_paths((note, link) for note in corpus.notes for link in note.links)
    written = sum(there.kind in (NOTE, HEADING) for _, _, there, lacks in every if not lacks)
    if written >= max(_FEWEST, _SHARE * len(found)):
        yield from (_make_problem(note, link, splitext(there.path)[1]) for note, link, there in found)


def _make_problem(note: Note, link: Link, suffix: str) -> Problem:
    path, at = _get_path(link), note.add_path_to(link.at)
    fix = None
    if link.at.extract_from(note.text) == link.target and link.kind != "reference":
        fix = Fix(f"write `{path}{suffix}`", (Edit(at, f"{path}{suffix}{link.target[len(path) :]}"),))
    return Problem(
        note.add_path_to(link.place) if link.kind == "reference" else at,
        f"this link names no suffix, the others write `{suffix}`",
        label="leads nowhere on GitHub",
        help=f"write `{path}{suffix}`",
        fix=fix,
    )


def _get_path(link: Link) -> str:
    """Return the path of a target, without query and fragment."""
    return link.target.partition("#")[0].partition("?")[0]
