"""The path of an image is written in the case that its file has.

Windows and macOS open `Drain.PNG` for `drain.png`; GitHub and Linux do not. What counts is the name in git's index, so
the answer is the same everywhere.

```markdown bad beside=["images/drain.png"]
![切り替えの図](Images/drain.PNG)
```

```markdown good beside=["images/drain.png"]
![切り替えの図](images/drain.png)
```

The fix is safe: a file of exactly that name is there. `data` holds `path`, the true one.
"""

from collections.abc import Iterator

from techstock.links.image_problems import find_image_problems
from techstock.model import ERROR, Corpus, Problem

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-case")
