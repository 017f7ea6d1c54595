"""Every image file is used by a note.

Pictures whose note was rewritten stay behind and make the repository grow.

```markdown bad beside=["images/drain.png", "images/old.png"]
![切り替えの図](images/drain.png)
```

A file counts as used if an image or a link leads to it, or if its name is anywhere in a note, in front matter for
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
from posixpath import basename

from techstock.links.image_checks import check_images
from techstock.links.image_states import has_image_suffix
from techstock.model import OFF, Corpus, Problem, ProjectFiles, Span
from techstock.model.files import TRACKED
from techstock.text.percent_encoding import percent_decode

LEVEL = OFF


def check(corpus: Corpus) -> Iterator[Problem]:
    for path in _iter_unused_images(corpus, corpus.files) if corpus.files else ():
        yield Problem(
            Span(0, 0, path), "no note uses this image", help="remove it, or show it in a note", data={"path": path}
        )


def _iter_unused_images(corpus: Corpus, files: ProjectFiles) -> Iterator[str]:
    """Yield paths below the root, in order."""
    used = {image.path for image in check_images(corpus)}
    below = f"{files.base}/" if files.base else ""
    likely = sorted(
        name
        for name, kind in files.names.items()
        if kind == TRACKED and name not in used and name.startswith(below) and has_image_suffix(name)
    )
    if not likely:
        return
    texts = "\n".join(text for note in corpus.notes for text in {note.text, percent_decode(note.text)})
    yield from (name.removeprefix(below) for name in likely if basename(name) not in texts)
