"""The path of an image leads to the file itself, not to a symbolic link.

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

from techstock.links.image_problems import find_image_problems
from techstock.model import Corpus, Problem


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-symlink")
