"""Every section of a numbered note has a number.

Between sections that are found by their number, one without is found by nobody. In many notes such a heading is meant
so, because it opens an appendix or a subject of its own: so this rule is off unless the strict preset or `select` asks
for it.

```markdown bad
## 61.

- 待避: 新しい要求を受けない状態。

## 入れ替え

- 復旧: 止まった仕事を再び始めること。

## 63.

- 交代: 予備の機械が仕事を引き継ぐこと。
```

```markdown good
## 61.

### 入れ替え

- 待避: 新しい要求を受けない状態。

## 62. 復旧

- 復旧: 止まった仕事を再び始めること。
```

`allow` names headings that need no number, as they are written.

```markdown good allow=["参考資料"]
## 1.

- 待避: 新しい要求を受けない状態。

## 2.

- 復旧: 止まった仕事を再び始めること。

## 参考資料

- <https://example.org/>
```

A note is numbered where most headings of one level have a number; the rule is silent elsewhere.
"""

from collections.abc import Iterator
from typing import Annotated

from techstock.model import OFF, Note, Problem

LEVEL = OFF  # headings without a number are normal between numbered ones; on in the strict preset


def check(
    note: Note, *, allow: Annotated[tuple[str, ...], "Headings that need no number, as they are written."] = ()
) -> Iterator[Problem]:
    if not note.is_numbered:
        return
    for section in note.sections:
        if section.numeral is None and section.heading.title.strip() not in allow:
            yield Problem(
                section.place,
                "this section has no number, unlike most in this note",
                label="no number",
                help="give it a number, or make it a part of a section by a deeper level",
            )
