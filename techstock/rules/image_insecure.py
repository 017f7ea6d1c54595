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

from techstock.links import find_images
from techstock.links.github_urls import find_url_expiry
from techstock.links.image_states import ON_WEB
from techstock.model import OFF, Corpus, Problem

LEVEL = OFF


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, ON_WEB):
        url = image.image.target.strip()
        if url[:5].lower() == "http:" and not find_url_expiry(url):  # `image-expiring` reports those
            message = "this image is fetched without encryption"
            yield Problem(image.place, message, related=image.related, help="write `https:`")
