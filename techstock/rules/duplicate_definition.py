"""A definition is written once.

Notes that grow for years say the same thing in two places: a definition copied into a digest, a sentence pasted under a
second term. Then one copy is corrected and the other is not.

```markdown bad
- ノードの入れ替え:
  - 新しい要求を受けず、いま受けている仕事をすべて終えてから止まる。そのあと別の場所で始まる。
- 待避:
  - 新しい要求を受けず、いま受けている仕事をすべて終えてから止まる。
```

Reported are entries with one text, entries that share a whole sentence, and blocks of which one is a copy of the other:
such a block is one finding. Width, case, spaces and punctuation make no difference. All copies of a thing are one
finding, at the last of them; the first in reading order is the one to keep, unless another is clearly fuller.

```markdown bad file=01-10.md
## 1.

- 待避:
  - 新しい要求を受けない。
  - 受けた仕事は終わらせる。

## 2.

- 待避:
  - 新しい要求を受けない。
  - 受けた仕事は終わらせる。
```

A heading with the paragraphs below it is a definition too, in a note whose headings are mostly terms. So is a paragraph
that says something (weight 40; 50 in letters), if it is in another note as well.

```markdown bad
## 朝の仕事

### 待避

新しい要求を受けず、いま受けている仕事をすべて終えてから止まる。

### 復旧

止まった仕事を再び始めること。

### 移動

ほかの場所で始めること。

## 夜の仕事

### 待避

新しい要求を受けず、いま受けている仕事をすべて終えてから止まる。そのあと別の場所で始まる。
```

Only definitions are compared, not steps, sources, fields of a reference, quotes, journal lines or questions. Some equal
texts are not reported: short definitions, labels such as 例 and 目的, entries that contrast things in one list or below
the headings of one section, and texts in more than eight notes. English needs eight words.

```markdown good
- 差分バックアップ: 前回の完全バックアップから変わったところを写す。
- 増分バックアップ: 前回のバックアップから変わったところを写す。
- 参考: [バックアップの種類](backup.md)
```

A passage of three or more entries that follow each other in both places is one finding. Each of its entries stays a
thing of its own: a comment at it, a baseline, `--since` and `merge` take it out and leave the others.

```markdown bad
## 朝の港

- 舟: 水に浮く乗り物のことで、人や荷物を運ぶために使われるもの。
- 帆: 風を受ける布のことで、柱に張って舟を進めるために使うもの。
- 錨: 舟を止める重りのことで、綱に付けて水の底に沈めておくもの。

## 夜の港

- 舟: 水に浮く乗り物のことで、人や荷物を運ぶために使われるもの。
- 帆: 風を受ける布のことで、柱に張って舟を進めるために使うもの。
- 錨: 舟を止める重りのことで、綱に付けて水の底に沈めておくもの。
```

Two editions of one note (three fifths of the headings of one, and five, are in the other) that share three or more
entries are one finding, too, at the later of the two. So is what any two notes share in three or more places, be they
far from each other.

Where two copies differ in a number, a name, a letter or a negation, one of them is wrong: the message says in what, and
`data` lists it in `differs` ([more](../duplicates.md#copies-that-differ)).

All notes of the project are compared; `duplicate-scope` narrows that to `directory` or `file`. A paraphrase is not
found. `data` holds `kind` (`exact` or `sentence`; `term` where a copy of the term in other words is the last;
`passage`, `edition` or `shared`, with the number of its `entries`), `score` (0 to 1: how much of the larger text is
shared) and `sentence`, without spaces and punctuation. Of the last three also `clusters`: for each entry its
`places` (`path`, `line`, `end_line`) and the `fingerprint` that it has as a finding of its own.
"""

from collections.abc import Iterator

from techstock.model import WARNING, Corpus, Problem

LEVEL = WARNING
PAIRED = True


def check(corpus: Corpus) -> Iterator[Problem]:
    from techstock.duplicates import DEFINITION  # late: what it says is mostly known
    from techstock.duplicates.problems import build_duplicate_problems

    yield from build_duplicate_problems(corpus, DEFINITION)
