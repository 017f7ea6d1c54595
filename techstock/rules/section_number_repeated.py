"""A section number is used once.

A number that comes twice in a note is a copy that was not renumbered, or one section written in two places.

```markdown bad
## 61.

- 待避: 新しい要求を受けない状態。

## 61.

- 復旧: 止まった仕事を再び始めること。
```

Notes whose names are ranges (`01-10.md`, `11-20.md`) and that are in one folder share their numbers, so there a
number is used once in all of them. The section outside its note's range is the one reported, or else the later.

```markdown bad file=01-10.md
## 9.

- 待避: 新しい要求を受けない状態。

## 10.

- 復旧: 止まった仕事を再び始めること。
```

```markdown bad file=11-20.md
## 10.

- 交代: 予備の機械が仕事を引き継ぐこと。

## 11.

- 監視: 動きを見続けること。

## 12.

- 通知: 起きたことを知らせること。
```

Other notes count for themselves: one mock exam after another begins with 1. So do stretches of one note that stand
under different headings, whose numbers follow different words (`Chapter 3`, `Question 3`), or that begin anew at 1
behind a section without number (`## Answers`). One section in parts is no repeat either: `## 9. Lock: open` and
`## 9. Lock: close`.

```markdown good file=exam1.md
## 1.

- 待避: 新しい要求を受けない状態。
```

```markdown good file=exam2.md
## 1.

- 復旧: 止まった仕事を再び始めること。
```

Headings like `## 31-40` are no section numbers. Notes whose headings mostly have no number are passed over.
"""

from collections.abc import Iterator

from techstock.analysis.numbering import find_out_of_range_numbers, find_repeated_numbers, get_number_span
from techstock.model import ERROR, Corpus, Problem, RelatedSpan

LEVEL = ERROR
SIGHT = "folder"


def check(corpus: Corpus) -> Iterator[Problem]:
    for repeat in find_repeated_numbers(corpus):
        number = repeat.section.number
        within = repeat.note is repeat.other_note
        yield Problem(
            repeat.note.add_path_to(get_number_span(repeat.section)),
            f"section {number} appears twice in {'this note' if within else 'the notes of this folder'}",
            label="not in the file's range"
            if not within and number in find_out_of_range_numbers(repeat.note)
            else "again here",
            related=(
                RelatedSpan(
                    repeat.other_note.add_path_to(get_number_span(repeat.other)),
                    "first here" if within else "also here",
                ),
            ),
            help="give one of them its own number, or make them one section",
        )
