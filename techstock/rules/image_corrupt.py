"""Every image file is an image that can be shown.

Reported are files that are empty, that hold something else (a web page saved in place of the picture, for instance),
that end too early, or that cannot be decoded. `data:` URIs are held against the same.

```markdown bad beside=["drain.png (html)"]
![切り替えの図](drain.png)
```

```markdown bad beside=["drain.png (truncated)", "restore.gif (empty)"]
![切り替えの図](drain.png) ![復旧の図](restore.gif)
```

```markdown good beside=["drain.png", "talk.mp4"]
![切り替えの図](drain.png)

![動画](talk.mp4)
```

Videos, sound, PDF and notes, which some editors show through the syntax of images, need only be there. Images are
decoded by Pillow in a process of its own; an SVG is never rendered. What could not be checked is reported by
`image-unchecked`. `data` holds `path`."""

from collections.abc import Iterator

from techstock.links.image_problems import find_image_problems
from techstock.model import ERROR, Corpus, Problem

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-corrupt")
