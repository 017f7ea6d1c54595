"""Every image file is in the repository.

A path that leads out of it works on one computer at most. Nothing outside is looked at, so the answer does not tell
what exists there.

```markdown bad file=notes/01-10.md
![切り替えの図](../../pictures/drain.png)
```

```markdown bad beside=["drain.png (link outside)"]
![切り替えの図](drain.png)
```

```markdown good file=notes/01-10.md beside=["pictures/drain.png"]
![切り替えの図](../pictures/drain.png)
```

Without git the project is what the repository would be.
"""

from collections.abc import Iterator

from techstock.links import find_images
from techstock.links.image_states import SAVE_IN_REPOSITORY_HELP
from techstock.model import ERROR, Corpus, Problem
from techstock.model.files import OUTSIDE

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, OUTSIDE):
        where = "repository" if image.names.files.in_git else "project"
        message = f"this path leads out of the {where}"
        if image.path:
            message = f"{image.name} is a symbolic link that leads out of the repository"
        from techstock.links.suggestions import find_outside_cause  # late: only for what is wrong

        causes = () if image.path else find_outside_cause(image.image, image.target)
        help_ = SAVE_IN_REPOSITORY_HELP
        yield Problem(image.place, message, "outside", image.related, help_, data=image.data, causes=causes)
