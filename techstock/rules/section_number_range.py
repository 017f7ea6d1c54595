"""Section numbers fit the file name.

In a folder of notes named for their numbers (`61-70.md` or `61_70.md`) a reader opens the note by the number. A section
outside the range is not found there: it belongs to another note, or its number is mistyped.

```markdown bad file=61-70.md
## 61.

- 待避: 新しい要求を受けない状態。

## 62.

- 復旧: 止まった仕事を再び始めること。

## 73.

- 交代: 予備の機械が仕事を引き継ぐこと。
```

```markdown good file=61-70.md
## 61.

- 待避: 新しい要求を受けない状態。

## 70.

- 復旧: 止まった仕事を再び始めること。
```

A name is trusted as a range where most of the note's own numbers lie inside: `07-25.md` and `2023-07.md` are dates, and
a note `31-40.md` may count its sections from 1.

```markdown good file=07-25.md
## 1.

- 待避: 新しい要求を受けない状態。

## 2.

- 復旧: 止まった仕事を再び始めること。
```

A number that is also in another note of the folder, or twice in this one, is reported by
`section-number-repeated`.
"""

from collections.abc import Iterator

from techstock.analysis.numbering import find_out_of_range_numbers, find_repeated_numbers, get_number_span
from techstock.model import ERROR, Corpus, Note, Problem, Section, parse_number_range

LEVEL = ERROR
SIGHT = "folder"


def check(corpus: Corpus) -> Iterator[Problem]:
    found = [(note, numbers) for note in corpus.notes if (numbers := find_out_of_range_numbers(note))]
    repeated = (
        {repeat.note.add_path_to(repeat.section.place) for repeat in find_repeated_numbers(corpus)} if found else set()
    )
    for note, numbers in found:
        for section in note.numbered_sections:
            if section.number in numbers and note.add_path_to(section.place) not in repeated:
                yield _make_problem(note, section)


def _make_problem(note: Note, section: Section) -> Problem:
    first, last = parse_number_range(note) or (0, 0)
    return Problem(
        note.add_path_to(get_number_span(section)),
        f"section {section.number} is not within the file name's {first} to {last}",
        label="outside the range",
        help="correct the number, or move the section to the note whose range holds it",
    )
