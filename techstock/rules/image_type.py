"""The suffix of an image file names the format that it has.

Browsers mostly look at the bytes. Servers and other programs go by the suffix, so a JPEG called `.png` opens here and
not there.

```markdown bad beside=["drain.png (jpeg)"]
![切り替えの図](drain.png)
```

```markdown good beside=["drain.jpg (jpeg)", "restore.JPEG (jpeg)"]
![切り替えの図](drain.jpg) ![復旧の図](restore.JPEG)
```

Files without a suffix, or with one that is no image's, promise nothing. `data` holds `path`.
"""

from collections.abc import Iterator

from techstock.links.image_problems import find_image_problems
from techstock.model import Corpus, Problem


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-type")
