"""Git LFS tracks its image pointers.

Git LFS keeps a few lines of text in place of a large file. Without a rule in `.gitattributes` (`*.png filter=lfs`)
nobody replaces them, and a damaged pointer leads nowhere.

```markdown bad beside=["drain.png (pointer)"]
![切り替えの図](drain.png)
```

```markdown good beside=["drain.png (fetched)"]
![切り替えの図](drain.png)
```

A pointer that git would replace is fine, even where the image was not fetched yet. `data` holds `path`.
"""

from collections.abc import Iterator

from techstock.links import find_images
from techstock.model import Corpus, Problem
from techstock.model.files import LFS_POINTER


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, LFS_POINTER):
        message = f"{image.name} is a Git LFS pointer without a rule in `.gitattributes`"
        cure = "run `git lfs track` for it, or commit the image itself"
        if image.content.detail:
            message = f"{image.name} is a damaged pointer of Git LFS"
            cure = "run `git lfs track` for it, and add the image again"
        yield Problem(image.place, message, "not the image", image.related, cure, data=image.data)
