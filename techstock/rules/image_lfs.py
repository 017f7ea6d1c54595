"""A pointer of Git LFS stands where git replaces it by the image.

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

from techstock.links.image_problems import find_image_problems
from techstock.model import Corpus, Problem


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-lfs")
