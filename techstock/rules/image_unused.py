"""Every image file is used by a note.

Pictures whose note was rewritten stay behind and make the repository grow.

```markdown bad beside=["images/drain.png", "images/old.png"]
![切り替えの図](images/drain.png)
```

A file counts as used if an image or a link leads to it, or if its name stands anywhere in a note, in front matter for
instance. Where there is git, only what its index holds is reported.

```markdown good beside=["images/drain.png", "images/cover.png"]
---
cover: cover.png
---
[切り替えの図](images/drain.png)
```

Off by default: not only notes use images. The place of the problem is the image file. `data` holds `path`.
"""

from collections.abc import Iterator

from techstock.links.image_problems import find_unused_images
from techstock.model import OFF, Corpus, Problem, Span

LEVEL = OFF


def check(corpus: Corpus) -> Iterator[Problem]:
    for path in find_unused_images(corpus):
        yield Problem(
            Span(0, 0, path), "no note uses this image", help="remove it, or show it in a note", data={"path": path}
        )
