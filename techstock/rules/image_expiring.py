"""The URL of an image is one that lasts.

URLs copied from a browser often carry a signature or a token and work for minutes or days. Then the note has lost its
picture, and nobody can tell which it was.

```markdown bad
![切り替えの図](https://private-user-images.githubusercontent.com/1/2-3.png?jwt=abc)

![切り替えの図](https://bucket.s3.amazonaws.com/drain.png?X-Amz-Expires=300&X-Amz-Signature=abc)

![切り替えの図](https://raw.githubusercontent.com/owner/private/main/drain.png?token=abc)
```

Also reported are the proxy of GitHub (`camo.githubusercontent.com`; the help gives the original), CloudFront, Google
Cloud Storage, Azure and Discord. The message does not repeat the URL.

```markdown good
![切り替えの図](https://github.com/user-attachments/assets/0123)
```
"""

from collections.abc import Iterator

from techstock.links.image_problems import find_image_problems
from techstock.model import ERROR, Corpus, Problem

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-expiring")
