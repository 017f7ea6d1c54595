"""No image is linked at an old address.

A permanent redirect (301, 308) says that the old URL is given up, and one day it will be. A redirect from `https:` to
`http:` gives away what the reader looks at, and many browsers do not follow it. Seen only with `--online`.

```markdown bad web=ok::https://img.example.org/new/system.png
![構成図](https://img.example.org/old/system.png)
```

```markdown bad web=ok:insecure
![構成図](https://img.example.org/old/system.png)
```

```markdown good web=ok
![構成図](https://img.example.org/new/system.png)
```

`data` holds `moved`, the new URL, where there is one.
"""

from collections.abc import Iterator

from techstock.model import INFO, Corpus, Edit, Fix, Image, Note, Problem
from techstock.model.web import INSECURE, OK, WebStatus

LEVEL = INFO
NEEDS = "web"

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$,;=%+")


def check(corpus: Corpus) -> Iterator[Problem]:
    for note, image, answer in corpus.iter_checked_images():
        if answer.state == OK and answer.moved not in ("", image.target):
            yield Problem(
                note.add_path_to(image.at),
                f"this image has moved for good to `{answer.moved}`",
                help="write the new URL",
                fix=_make_fix(note, image, answer),
                data={"moved": answer.moved},
            )
        elif answer.state == OK and INSECURE in answer.remarks:
            yield Problem(
                note.add_path_to(image.at),
                "this image is redirected from `https:` to `http:`",
                help="put a copy beside the note and link to that: on the way, anybody can read and change it",
            )


def _make_fix(note: Note, image: Image, answer: WebStatus) -> Fix | None:
    """Return a fix that writes the new URL, or None if either URL would need escapes, entities or brackets."""
    if image.at.extract_from(note.text) != image.target or not set(answer.moved) <= _PLAIN:
        return None
    return Fix("write the new URL", (Edit(note.add_path_to(image.at), answer.moved),), safe=False)
