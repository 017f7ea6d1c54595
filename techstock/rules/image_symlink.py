"""No image path leads to a symbolic link.

GitHub shows the text of the link, a path, in place of the image, and Windows often has no links at all.

```markdown bad beside=["drain.png (link)"]
![切り替えの図](drain.png)
```

```markdown good beside=["images/drain.png"]
![切り替えの図](images/drain.png)
```

A link that leads out of the repository is reported by `image-outside`. `data` holds `path`.
"""

from collections.abc import Iterator

from techstock.links import find_images
from techstock.model import Corpus, Problem
from techstock.model.files import SYMLINK


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, SYMLINK):
        message = f"{image.name} is a symbolic link, which GitHub does not follow"
        cure = "name the file that it leads to"
        yield Problem(image.place, message, "a link", image.related, cure, data=image.data)
