"""A remote image loads.

The servers are asked only with `--online`. An image is broken when it was found so twice: the server says that it
is gone (404, 410) or sends a certificate that is not its own, and says so again ten seconds later; its name does not
exist or nobody listens there, now and in a run an hour or more before; or its redirects lead nowhere.

```markdown bad web=broken:gone
![構成図](https://img.example.org/system.png)
```

```markdown good web=ok
![構成図](https://img.example.org/system.png)
```

A server that does not tell (it is busy, it refuses, it is too slow) says nothing about the image: `image-unverified`
reports it.

```markdown good web=unknown:timeout
![構成図](https://img.example.org/system.png)
```

`data` holds `reason`, `host` and `evidence`.
"""

from collections.abc import Iterator

from techstock.model import ERROR, Corpus, Problem
from techstock.model.web import BROKEN, NO_IMAGE

LEVEL = ERROR
NEEDS = "web"

_WHY = {
    "gone": "this image is gone",
    "deleted-or-private": "this image is deleted, or private: readers get 404",
    "private": "this image is private: readers outside its repository get 404",
    "dns": "the host of this image does not exist",
    "refused": "nobody answers for this image: its host refuses the connection",
    "tls": "this image does not load: its host's certificate is not valid",
    "redirect-loop": "this image does not load: its redirects do not end",
    "bad-redirect": "this image does not load: it is redirected to no web address",
    "bad-url": "this image does not load: its URL is not valid",
}
_HELP = {
    "bad-url": "correct the URL",
    "deleted-or-private": "upload it again to a public repository, or put a copy beside the note and link to that",
    "private": "put a copy beside the note and link to that",
}


def check(corpus: Corpus) -> Iterator[Problem]:
    for note, image, answer in corpus.iter_checked_images():
        if answer.state == BROKEN and answer.reason not in NO_IMAGE:
            yield Problem(
                note.add_path_to(image.at),
                _WHY[answer.reason],
                label=answer.evidence,
                help=_HELP.get(answer.reason, "put a copy beside the note if you have one, or take the image out"),
                data=answer.data,
            )
