"""No image has a URL that expires.

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

from techstock.links import find_images
from techstock.links.image_states import ON_WEB, SAVE_IN_REPOSITORY_HELP
from techstock.model import ERROR, Corpus, Problem

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    for image in find_images(corpus, ON_WEB):
        from techstock.links.github_urls import find_url_expiry  # late: most images are files

        if expiry := find_url_expiry(image.image.target.strip()):
            original = expiry.original
            cure = f"link to the original, `{original}`" if original else SAVE_IN_REPOSITORY_HELP
            yield Problem(image.place, f"this URL {expiry.why}", "will stop working", image.related, cure)
