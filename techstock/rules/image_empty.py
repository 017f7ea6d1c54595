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

from techstock.links.image_problems import find_image_problems
from techstock.model import ERROR, Corpus, Problem

LEVEL = ERROR


def check(corpus: Corpus) -> Iterator[Problem]:
    yield from find_image_problems(corpus, "image-empty")
