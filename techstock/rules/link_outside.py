"""No link leads out of the repository.

What lies beside the repository is on one computer only. Too many `../` are the usual cause: a note was moved up.

```markdown bad file=notes/a.md
[復旧](../../restore.md)
```

```markdown good file=notes/a.md beside=["restore.md"]
[復旧](../restore.md) と [課題](../../issues)
```

`../../issues` and the like lead to pages of the repository on GitHub.
"""

import re
from collections.abc import Iterator
from typing import Any

from techstock.model import Corpus, Note, Problem
from techstock.model.files import OUTSIDE

_PAGES = (
    r"(?:\.\./)+(?:issues|pulls?|wiki|releases|tags|actions|discussions|projects|security|commits?|compare|tree|blob)\b"
)


def gist(note: Note) -> Any:
    """Return the targets of links of which the note alone cannot tell that they lead somewhere."""
    if not note.links and not note.images:
        return []
    from techstock.links.uncertain_links import collect_uncertain_targets  # late: many notes have no links

    return collect_uncertain_targets(note)


def check(corpus: Corpus) -> Iterator[Problem]:
    if corpus.files is None or not any(note.links for note in corpus.notes):
        return
    from techstock.links.file_index import get_file_index  # late: many notes have no links
    from techstock.links.resolver import resolve_link
    from techstock.links.targets import is_site_macro, parse_target
    from techstock.links.uncertain_links import find_uncertain_links

    names = get_file_index(corpus)
    for note, link in find_uncertain_links(corpus):
        if ".." not in link.target or re.match(_PAGES, link.target):
            continue
        if is_site_macro(note.text[max(link.place.start - 40, 0) : link.place.start], link.target):
            continue
        if names.files.is_excluded(link.target, is_image=False):
            continue
        if resolve_link(names, note, link).status == OUTSIDE:
            from techstock.links.suggestions import find_outside_cause  # late: only for what is wrong

            yield Problem(
                note.add_path_to(link.place if link.kind == "reference" else link.at),
                "this link leads out of the repository",
                label="outside",
                help="take away a `../`, or put the file into the repository",
                causes=find_outside_cause(link, parse_target(link.target)),
            )
