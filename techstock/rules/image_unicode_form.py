"""The path of an image is written in the Unicode form that its file has.

`ガ` can be one character or two that look like one. macOS takes both for the same name; GitHub, git and Linux do not.

```markdown bad beside=["images/ガイド.png"]
![案内の図](images/ガイド.png)
```

```markdown good beside=["images/ガイド.png"]
![案内の図](images/ガイド.png)
```

The fix is safe: a file of exactly that name is there. `data` holds `path`, the true one.
"""

from collections.abc import Iterator

from techstock.links.image_problems import find_image_problems
from techstock.model import Corpus, Problem


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-unicode-form")
