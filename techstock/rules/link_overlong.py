"""A bare URL ends where it is meant to.

GitHub makes a link of a bare URL and takes everything up to the next space for a part of it. Japanese goes on without
one: `https://example.org/a（公式）を見る。` leads to a page that does not exist.

```markdown bad
参照: https://example.org/a（公式）を見る。
```

```markdown bad
**https://example.org/a**。次
```

```markdown good
参照: <https://example.org/a>（公式）を見る。

参照: https://example.org/a （公式）を見る。

https://ja.wikipedia.org/wiki/待避
```

Letters of a title in the URL are fine; what is reported is full-width punctuation, `**`, or a particle behind the URL.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from techstock.model import OFF, Note, Problem, Span

LEVEL = OFF  # of five on real notes two were meant so, or nearly

_URL = r"(?:(?<![A-Za-z0-9])(?:https?|ftp)://[A-Za-z0-9]|(?<![^\s*_~(（「、。])www\.(?=[A-Za-z0-9-]+\.))[^\s<\u3000]*"
_END = (
    r"[。、（）「」『』【】！？：；，．・〜]|\*\*"
    r"|(?<=[A-Za-z0-9/_=-])(?:から|より|まで|[をにではがともへの](?=[^A-Za-z0-9%]))"
)


def check(note: Note) -> Iterator[Problem]:
    if "://" not in note.text and "www." not in note.text:
        return
    for place in note.running_text:
        for match in re.compile(_URL).finditer(note.text, place.start, place.end):
            end = re.compile(_END).search(note.text, match.start(), match.end())
            if end and not _is_in_link(note, match.start()) and _swallows(note.text[end.start() : match.end()]):
                yield _make_problem(Span(match.start(), match.end()), note.text[match.start() : end.start()])


def _swallows(rest: str) -> bool:
    """Return whether the link holds what is behind the URL: signs at its end do not count."""
    return bool(rest.rstrip("?!.,:*_~'\""))


def _is_in_link(note: Note, at: int) -> bool:
    index = bisect_right(note.link_starts, at) - 1
    return any(link.kind != "bare" and link.place.end > at for link in note.links[max(index, 0) : index + 1])


def _make_problem(place: Span, url: str) -> Problem:
    return Problem(
        place,
        "this link holds the text behind its URL, too",
        label="one link",
        help=f"write `<{url}>`, or put a space behind it" if "://" in url else "put a space behind it",
    )
