"""The server of an image sends an image.

A page for signing in, or one that says "not found" with success, answers like an image does and shows nothing. The
first bytes of the answer are checked, twice and ten seconds apart, and only with `--online`.

```markdown bad web=broken:not-image
![構成図](https://img.example.org/system.png)
```

A file kept by Git LFS has only a pointer under `raw.githubusercontent.com`.

```markdown bad web=broken:lfs-pointer
![構成図](https://raw.githubusercontent.com/notes/notes/main/system.png)
```

```markdown good web=ok
![構成図](https://img.example.org/system.png)
```

`data` holds `reason`, `host` and `evidence`.
"""

from collections.abc import Iterator

from techstock.model import ERROR, Corpus, Problem
from techstock.model.web import BROKEN, NO_IMAGE

LEVEL = ERROR
NEEDS = "web"

_WHY = {
    "not-image": ("the server sends something that is not an image", "open the URL, and link to the image itself"),
    "empty": ("the server sends nothing for this image", "put a copy beside the note and link to that"),
    "lfs-pointer": (
        "the server sends a Git LFS pointer in place of this image",
        "write `https://github.com/OWNER/REPOSITORY/raw/REF/PATH`, which leads to the image",
    ),
}


def check(corpus: Corpus) -> Iterator[Problem]:
    for note, image, answer in corpus.iter_checked_images():
        if answer.state == BROKEN and answer.reason in NO_IMAGE:
            message, cure = _WHY[answer.reason]
            yield Problem(note.add_path_to(image.at), message, label=answer.evidence, help=cure, data=answer.data)
