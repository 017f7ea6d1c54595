"""No definition is written a second time with small changes.

A copy in which a word was corrected looks like a definition of its own, and the other copy stays as it was.
Reported are entries that share three fifths of their runs of three characters (of their words in Latin letters), four
fifths within one note.

```markdown bad file=01-10.md
- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。台はそのあとで手放す。
```
```markdown bad file=11-20.md
- 待避の動き: 新しい要求を受けず、いまの仕事が終わってから止まること。台はそのあとで手放す。
```

What differs in more than spelling is not reported: two numbers, two names, a negation, entries that tell one thing from
another in one list.

```markdown good file=01-10.md
- 短い待避: 新しい要求を受けず、いまの仕事を終えてから 30 秒で止まること。台はそのあとで手放す。
```
```markdown good file=11-20.md
- 長い待避: 新しい要求を受けず、いまの仕事を終えてから 90 秒で止まること。台はそのあとで手放す。
```

What `duplicate-definition`, `duplicate-term` and `term-repeated` report is not reported again, and the same
`duplicate-scope` holds. `data` holds `kind` (`near`), `score`, 0 to 1, and `differs` where one has a mistake.
"""

from collections.abc import Iterator

from techstock.model import OFF, Corpus, Problem

LEVEL = OFF  # two things that differ in one word look the same
PAIRED = True


def check(corpus: Corpus) -> Iterator[Problem]:
    from techstock.duplicates import NEAR  # late: what it says is mostly known
    from techstock.duplicates.problems import build_duplicate_problems

    yield from build_duplicate_problems(corpus, NEAR)
