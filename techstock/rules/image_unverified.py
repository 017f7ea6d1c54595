"""Every remote image could be checked.

A server that is busy, slow or wants to know who asks says nothing about the image. Such an image is neither right nor
wrong, and the summary counts it with its reason; another run may know more. Seen only with `--online`.

```markdown bad web=unknown:rate-limited
![構成図](https://img.example.org/system.png)
```

```markdown bad web=blocked:server
![構成図](https://img.example.org/system.png)
```

```markdown good web=ok
![構成図](https://img.example.org/system.png)
```

Hosts for examples, and URLs that the configuration leaves out, are not reported.

```markdown good web=skipped:example
![構成図](https://example.org/system.png)
```

`data` holds `state` (`unknown` or `blocked`), `reason`, `host` and `evidence`.
"""

from collections.abc import Iterator

from techstock.model import INFO, Corpus, Problem
from techstock.model.web import BLOCKED, UNKNOWN

LEVEL = INFO
NEEDS = "web"

_WHY = {
    "host-name": "its host has a name that browsers refuse, or read in different ways",
    "too-large": "its server sends too much",
    "failed": "techstock failed, which is a bug",
    "timeout": "its server did not answer in time",
    "rate-limited": "its server limits how often it is asked",
    "server-error": "its server reports an error of its own",
    "reset": "the connection broke off",
    "protocol": "its server does not speak HTTP as it should",
    "encoding": "its server compresses the answer unasked",
    "format": "it begins like no known image format",
    "status": "its server's answer says nothing of it",
    "dns": "its host could not be found this time",
    "resolver": "no name server answers",
    "tls": "the certificate of its host is not valid",
    "refused": "its host refused the connection this time",
    "unreachable": "its host cannot be reached",
    "unconfirmed": "it failed twice, each time in another way",
    "auth": "its server requires a login",
    "deleted-or-private": "it is deleted, or in a private repository",
    "budget": "there was no time left for it",
    "interrupted": "the run was interrupted",
    "server": "its server refuses programs, or strangers",
    "address": "its host has an address that is not public",
    "port": "its URL has a port that techstock does not ask",
    "backslash": "programs read the `\\` in its URL in different ways",
    "userinfo": "its URL holds a user name",
}


def check(corpus: Corpus) -> Iterator[Problem]:
    for note, image, answer in corpus.iter_checked_images():
        if answer.state in (UNKNOWN, BLOCKED):
            yield Problem(
                note.add_path_to(image.at),
                f"not known to load: {_WHY.get(answer.reason, answer.reason)}",
                label=answer.evidence,
                data={"state": answer.state, **answer.data},
            )
