"""Every image file can be checked.

Silence always means that an image was looked at. This tells which were not: larger than 50 MB or 100 million pixels,
taking too long to decode, of a format without a decoder, in a repository of its own, or not readable.

```markdown bad beside=["drain.png (unchecked)"]
![切り替えの図](drain.png)
```

```markdown good beside=["drain.png"]
![切り替えの図](drain.png)
```

It says nothing about the image itself. `data` holds `path`.
"""

from collections.abc import Iterator

from techstock.links.image_problems import find_image_problems
from techstock.model import INFO, Corpus, Problem

LEVEL = INFO


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-unchecked")
