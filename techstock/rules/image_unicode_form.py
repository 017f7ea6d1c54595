"""An image path has the Unicode form of its file.

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

from techstock.links import find_images
from techstock.model import Corpus, Problem
from techstock.model.files import UNICODE_FORM_DIFFERS


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, UNICODE_FORM_DIFFERS):
        message = f"{image.name} is written here in another Unicode form"
        cure = "both look alike, but only some systems take them for one name"
        fix = image.make_path_fix()
        yield Problem(image.place, message, "another form", image.related, cure, fix, image.data)
