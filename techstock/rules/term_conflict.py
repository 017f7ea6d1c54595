"""A term means one thing.

Where a term is defined in two places and the definitions have nothing in common, either they are two things that need
two names, or one of the notes is wrong. In notes on one subject after another that is normal, and each definition may
tell another fact: so this rule is off unless `select` asks for it.

```markdown bad
## 1.

- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。

## 2.

- 待避: 台風のあいだ船を港に移すこと。
```

```markdown good
## 1.

- 待避 (仕事): 新しい要求を受けず、いまの仕事を終えてから止まること。

## 2.

- 待避 (船): 台風のあいだ船を港に移すこと。
```

Terms are compared as `duplicate-term` compares them, in the same scope. `data` holds `kind` (`conflict`) and `score`:
how much the definitions share, 0 to 1.
"""

from collections.abc import Iterator

from techstock.model import OFF, Corpus, Problem

LEVEL = OFF  # several facts about one term are normal
PAIRED = True


def check(corpus: Corpus) -> Iterator[Problem]:
    from techstock.duplicates import CONFLICT  # late: what it says is mostly known
    from techstock.duplicates.problems import build_duplicate_problems

    yield from build_duplicate_problems(corpus, CONFLICT)
