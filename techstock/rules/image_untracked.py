"""Every image file of a note is in git.

An image that is only on your disk is missing for everybody else. One that git ignores will stay so, whatever is
committed; one that is new may have been forgotten. What is staged counts as there.

```markdown bad beside=["drain.png (untracked)"]
![切り替えの図](drain.png)
```

```markdown bad beside=["build/drain.png (ignored)"]
![切り替えの図](build/drain.png)
```

```markdown good beside=["drain.png"]
![切り替えの図](drain.png)
```

A new image in a note that is as new is not reported: both will go together. `data` holds `path`.
"""

from collections.abc import Iterator

from techstock.links import find_images
from techstock.model import Corpus, Problem
from techstock.model.files import IGNORED, UNTRACKED


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, IGNORED, UNTRACKED):
        message, cure = f"{image.name} is not in git yet", "add it with `git add`"
        if image.state == IGNORED:
            message = f"{image.name} is ignored by git"
            cure = "take it out of `.gitignore`, or add it with `git add --force`"
        yield Problem(image.place, message, "readers do not have it", image.related, cure, data=image.data)
