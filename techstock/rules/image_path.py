"""An image path works on every computer.

`file:` and drive letters, network shares, home folders and other absolute paths lead to something that only the
writer has. A backslash separates folders on Windows only. A URL with a user name or a password gives it to every
reader.

```markdown bad
![切り替えの図](C:/Users/tanaka/drain.png)

![切り替えの図](file:///home/tanaka/drain.png)

![切り替えの図](~/drain.png)
```

```markdown bad beside=["images/drain.png"]
![切り替えの図](images\\drain.png)
```

```markdown good beside=["images/drain.png"]
![切り替えの図](images/drain.png)
```

Where there is a file at the path with `/` for each backslash, there is a safe fix.
"""

from collections.abc import Iterator

from techstock.links import find_images
from techstock.links.image_states import ONE_COMPUTER, SAVE_IN_REPOSITORY_HELP
from techstock.model import ERROR, Corpus, Problem

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, ONE_COMPUTER):
        secret = "password" in image.why
        cure = "remove it: everyone who reads the note can see it" if secret else SAVE_IN_REPOSITORY_HELP
        yield Problem(image.place, image.why, related=image.related, help=cure, fix=image.make_path_fix())
