"""Image files are not too large.

A picture of many megabytes keeps every reader waiting, and stays in the history of the repository for good. `largest`
is in bytes.

```markdown bad beside=["drain.png (large)"]
![切り替えの図](drain.png)
```

```markdown bad largest=10 beside=["drain.png"]
![切り替えの図](drain.png)
```

```markdown good beside=["drain.png"]
![切り替えの図](drain.png)
```

Only images that are otherwise in order are reported. Off by default. `data` holds `path` and `bytes`.
"""

from collections.abc import Iterator
from typing import Annotated

from techstock.links import find_images
from techstock.links.image_states import VALID
from techstock.model import OFF, Corpus, Problem

LEVEL = OFF


def check(
    corpus: Corpus, *, largest: Annotated[int, "The most that is not reported, in bytes."] = 10_000_000
) -> Iterator[Problem]:
    for image in find_images(corpus, VALID):
        if image.shown and image.content.size > largest:
            yield Problem(
                image.place,
                f"`{image.shown}` has {image.content.size:,} bytes, more than {largest:,}",
                label="large",
                help="scale it down, or store it in a format that compresses better",
                data={**image.data, "bytes": image.content.size},
            )
