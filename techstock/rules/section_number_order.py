"""Section numbers ascend.

A section out of order is hard to find by its number, and often the number is mistyped. Where several sections could be
blamed, the fewest are: in 1, 2, 9, 3, 4 it is section 9.

```markdown bad
## 61.

- 待避: 新しい要求を受けない状態。

## 63.

- 復旧: 止まった仕事を再び始めること。

## 62.

- 交代: 予備の機械が仕事を引き継ぐこと。
```

```markdown good
## 61.

- 待避: 新しい要求を受けない状態。

## 63.

- 復旧: 止まった仕事を再び始めること。

## 70.

- 交代: 予備の機械が仕事を引き継ぐこと。
```

Each stretch of a note under a heading above the section level counts for itself, and so do numbers after different
words. Where less than half of the numbers run upwards (the newest first, or by subject), they have no order to keep.

```markdown good
## 63.

- 待避: 新しい要求を受けない状態。

## 62.

- 復旧: 止まった仕事を再び始めること。

## 61.

- 交代: 予備の機械が仕事を引き継ぐこと。
```

A number behind a word for a question (`Question 34`, `問題 12`) names one of an exam. Notes sort these by
subject as well, so they are left alone.

```markdown good
### Question 7: 監視

- 指標: 測って得る値。

### Question 34: 監視

- 警報: 指標が境を越えた知らせ。

### Question 25: 復旧

- 復旧: 止まった仕事を再び始めること。

### Question 36: 復旧

- 交代: 予備の機械が仕事を引き継ぐこと。
```

A number that is used twice is reported by `section-number-repeated`, one outside the range in the file's name that
of `section-number-range`.
"""

from collections import Counter
from collections.abc import Iterator

from techstock.analysis.numbering import (
    find_longest_increasing,
    find_out_of_range_numbers,
    get_number_span,
    iter_series,
)
from techstock.model import ERROR, Note, Problem, RelatedSpan, Section

LEVEL = ERROR

_QUESTIONS = frozenset({"question", "q", "問", "問題", "設問", "例題"})  # words before the number of an exam's question


def check(note: Note) -> Iterator[Problem]:
    for sections in iter_series(note):
        if sections[0].series[1] in _QUESTIONS:
            continue
        chain = find_longest_increasing(note, sections)
        if not chain or len(chain) == len(sections):
            continue
        count = Counter(section.number for section in sections)
        reported = find_out_of_range_numbers(note) | {number for number in count if count[number] > 1}  # by other rules
        following = 0  # in the chain
        for section in sections:
            if following < len(chain) and section is chain[following]:
                following += 1
            elif section.number not in reported:
                yield _make_problem(section, chain, following)


def _make_problem(section: Section, chain: tuple[Section, ...], following: int) -> Problem:
    before = chain[following - 1] if following else None
    late = before is not None and before.number > section.number
    other = before if before is not None and late else chain[following]
    return Problem(
        get_number_span(section),
        f"section {section.number} comes {'after' if late else 'before'} {other.number}: section numbers must increase",
        label="out of order",
        related=(RelatedSpan(get_number_span(other), f"{other.number} is here"),),
        help="move it to its place, or correct its number",
    )
