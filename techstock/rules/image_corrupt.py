"""Every image file can be shown.

Reported are files that are empty, that hold something else (a web page saved in place of the picture, for instance),
that end too early, or that cannot be decoded. `data:` URIs are checked in the same way.

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

from techstock.links import find_images
from techstock.links.image_states import CheckedImage, get_format_name
from techstock.model import ERROR, Corpus, Problem
from techstock.model.files import EMPTY, NOT_AN_IMAGE, TRUNCATED, UNDECODABLE

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, EMPTY, TRUNCATED, UNDECODABLE, NOT_AN_IMAGE):
        message, label = _describe_damage(image)
        cure = "restore it from where it came from, or remove the image"
        yield Problem(image.place, f"{image.name} {message}", label, image.related, cure, data=image.data)


def _describe_damage(image: CheckedImage) -> tuple[str, str]:
    kind, detail = get_format_name(image.content.format), image.content.detail
    if image.state == EMPTY:
        return "is empty", "0 bytes"
    if image.state == TRUNCATED:
        return f"is cut off: the end of the {kind} is missing", "cut off"
    if image.state == UNDECODABLE:
        return f"cannot be decoded as {kind}", "damaged"
    return f"is not an image but {detail}" if detail else "is not an image", "not an image"
