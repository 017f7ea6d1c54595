"""Every image has a target.

`![]()` and an `<img>` without `src` show nothing. Mostly the picture was to be put in later, or was lost in a paste.

```markdown bad
- 待避: 新しい要求を受けない状態。
  ![切り替えの図]()
```

```markdown bad
<img alt="切り替えの図" width="400">
```

```markdown good
<img srcset="small.png 1x, large.png 2x">

`![]()` は画像の書き方。
```
"""

from collections.abc import Iterator

from techstock.links import find_images
from techstock.links.image_states import NO_TARGET, CheckedImage
from techstock.model import ERROR, Corpus, Problem

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, NO_TARGET):
        if not _may_have_source(image):
            message = "this `<img>` has no `src`" if image.image.kind == "html" else "this image has no target"
            cure = "name the image file, or remove the image"
            yield Problem(image.place, message, related=image.related, help=cure)


def _may_have_source(image: CheckedImage) -> bool:
    """Return whether other attributes may name the source, or a definition that the parser could not take apart."""
    text, fact = image.note.text, image.image
    if fact.kind == "html":
        source = fact.place.extract_from(text).lower()
        return any(name in source for name in ("srcset", "data-", ":src", "v-bind", "{"))
    return fact.kind == "reference" and bool(fact.at.extract_from(text).strip())
