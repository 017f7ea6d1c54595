"""Images are fetched by `https:`.

What comes by `http:` can be read and replaced on its way, and pages that are themselves encrypted may not show it.

```markdown bad
![切り替えの図](http://example.org/drain.png)
```

```markdown good
![切り替えの図](https://example.org/drain.png)
```

Off by default: some old servers know nothing else.
"""

from collections.abc import Iterator

from techstock.links.image_problems import find_image_problems
from techstock.model import OFF, Corpus, Problem

LEVEL = OFF


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-insecure")
