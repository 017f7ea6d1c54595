"""Slashes in image paths are not encoded.

`%2F` is a slash that does not separate folders for every server and program, so such an image is shown here and not
there.

```markdown bad beside=["images/drain.png"]
![切り替えの図](images%2Fdrain.png)
```

Other percent-encoding is fine, and so is a `%` that begins none.

```markdown good beside=["images/a drain.png", "100%.png"]
![切り替えの図](images/a%20drain.png)

![満杯の図](100%.png)
```
"""

from collections.abc import Iterator

from techstock.links import find_images
from techstock.links.image_states import ENCODED_SLASH
from techstock.model import Corpus, Problem


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, ENCODED_SLASH):
        message = "`%2F` hides a `/` of this path"
        yield Problem(image.place, message, related=image.related, help="write `/`", fix=image.make_path_fix())
