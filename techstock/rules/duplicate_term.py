"""A term is defined in one place.

A term that is explained in two places with much the same words has two definitions to keep up to date, and a reader who
finds one misses what only the other says.

```markdown bad
## 1.

- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。

## 2.

- 待避: いまの仕事を終えてから止まる状態。新しい要求は受けない。
```

A heading above paragraphs is a term too, in a note whose headings are mostly terms. It is compared with those in lists.

```markdown bad
# 言葉

### 待避

新しい要求を受けず、いまの仕事を終えてから止まること。

### 復旧

止まった仕事を再び始めること。

### 移動

ほかの場所で始めること。

## 2.

- 待避: いまの仕事を終えてから止まる状態。新しい要求は受けない。
```

Width, case, spaces, a leading AWS or Amazon, and a parenthesis that abbreviates or expands the term make no difference.
Definitions overlap when they share a quarter of their runs of three letters, or most of the shorter one stands in the
longer; what says less than ten letters (sixty in English) is left alone, and more is asked for below two headings of
one note. A nested term is compared only below the same term; a label, which says other things below other parents, not
at all.

```markdown good
## 1.

- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。

## 2.

- 待避: 台風のあいだ船を港に移すこと。
- 目的: 船を守ること。

## 3.

- 目的: 仕事を失わないこと。
```

A copy that was replaced by a link, behind `→`, defines nothing ([how to merge copies](../merge.md)).

```markdown good
## いまの仕事を終えてから止まる

- 待避: 新しい要求を受けず、いまの仕事を終えてから止まること。

## 2.

- 待避: → [いまの仕事を終えてから止まる](#いまの仕事を終えてから止まる)
```

Definitions of one term that do not overlap are the business of `term-conflict`, a term twice in one list that of
`term-repeated`. `data` holds `kind` (`term`), `score`, 0 to 1, and `differs` where the two say two things; of a
passage of several terms what it holds for `duplicate-definition`.
"""

from collections.abc import Iterator

from techstock.model import WARNING, Corpus, Problem

LEVEL = WARNING
PAIRED = True


def check(corpus: Corpus) -> Iterator[Problem]:
    from techstock.duplicates import TERM  # late: what it says is mostly known
    from techstock.duplicates.problems import build_duplicate_problems

    yield from build_duplicate_problems(corpus, TERM)
