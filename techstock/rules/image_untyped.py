"""A server declares images as images.

GitHub shows images of other hosts through a proxy, which passes on what its server calls an image (`Content-Type:
image/…`) and nothing else. So an image that browsers show may be missing there. Seen only with `--online`.

```markdown bad web=ok:untyped
![構成図](https://img.example.org/system.png)
```

```markdown good web=ok
![構成図](https://img.example.org/system.png)
```
"""

from collections.abc import Iterator

from techstock.model import INFO, Corpus, Problem
from techstock.model.web import OK, UNTYPED

LEVEL = INFO
NEEDS = "web"


def check(corpus: Corpus) -> Iterator[Problem]:
    for note, image, answer in corpus.iter_checked_images():
        if answer.state == OK and UNTYPED in answer.remarks:
            yield Problem(
                note.add_path_to(image.at),
                "the server does not call it an image, so GitHub may not show it",
                help="put a copy beside the note and link to that",
            )
