"""An image path has the case of its file.

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

from techstock.links import find_images
from techstock.model import ERROR, Corpus, Problem
from techstock.model.files import CASE_DIFFERS

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, CASE_DIFFERS):
        message = f"{image.name} is written here in another case"
        cure = "where case counts, as on GitHub, the image is not shown"
        fix = image.make_path_fix()
        yield Problem(image.place, message, "another case", image.related, cure, fix, image.data)
