"""Every image file can be checked.

Silence always means that an image was looked at. This tells which were not: larger than 50 MB or 100 million pixels,
taking too long to decode, of a format without a decoder, in a repository of its own, or not readable.

```markdown bad beside=["drain.png (unchecked)"]
![切り替えの図](drain.png)
```

```markdown good beside=["drain.png"]
![切り替えの図](drain.png)
```

It says nothing about the image itself. `data` holds `path`.
"""

from collections.abc import Iterator
from posixpath import splitext

from techstock.links import find_images
from techstock.links.image_states import UNKNOWN_FORMAT, CheckedImage
from techstock.model import INFO, Corpus, Problem
from techstock.model.files import ABSENT, SUBMODULE, UNCHECKED

LEVEL = INFO


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, SUBMODULE, ABSENT, UNCHECKED, UNKNOWN_FORMAT):
        label = "" if image.state == UNKNOWN_FORMAT else "not checked"
        yield Problem(image.place, f"{image.name}{_explain(image)}", label, image.related, data=image.data)


def _explain(image: CheckedImage) -> str:
    """Return why an image was not checked, as the end of a sentence."""
    if image.state == SUBMODULE:
        return ", a repository of its own, is not looked into"
    if image.state == ABSENT:
        return " is left out of this sparse checkout"
    if image.state == UNKNOWN_FORMAT:
        return f" is not checked: `{splitext(image.shown)[1].lower()}` is a format that techstock does not know"
    return f" is not checked: {image.content.detail}"
