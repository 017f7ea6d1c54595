"""An image's suffix names its format.

Browsers mostly look at the bytes. Servers and other programs go by the suffix, so a JPEG called `.png` opens here and
not there.

```markdown bad beside=["drain.png (jpeg)"]
![切り替えの図](drain.png)
```

```markdown good beside=["drain.jpg (jpeg)", "restore.JPEG (jpeg)"]
![切り替えの図](drain.jpg) ![復旧の図](restore.JPEG)
```

Files without a suffix, or with one that is no image's, promise nothing. `data` holds `path`.
"""

from collections.abc import Iterator
from posixpath import splitext

from techstock.links import find_images
from techstock.links.image_states import FORMAT_SUFFIXES, FORMATS, OTHER_FORMAT, get_format_name
from techstock.model import Corpus, Problem


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, OTHER_FORMAT):
        actual, promised = image.content.format, FORMATS[splitext(image.shown)[1].lower()]
        message = f"{image.name} is {_add_article(actual)}, not {_add_article(promised)}"
        cure = f"rename it to `{FORMAT_SUFFIXES[actual][0]}`: some servers and programs go by the suffix"
        yield Problem(image.place, message, "another format", image.related, cure, data=image.data)


def _add_article(kind: str) -> str:
    """Return the name of a format with its article, as it is spoken."""
    return f"{'an' if kind in ('avif', 'ico', 'svg') else 'a'} {get_format_name(kind)}"
