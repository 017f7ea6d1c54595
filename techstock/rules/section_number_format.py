"""A note's section numbers have one form.

`## 01` among `## 03.` is the same number to a reader, and another one to a search and to links. The form is the mark
after the number, zeros before it, and full-width digits.

```markdown bad
## 01

- 待避: 新しい要求を受けない状態。

## 02.

- 復旧: 止まった仕事を再び始めること。

## 03.

- 交代: 予備の機械が仕事を引き継ぐこと。
```

```markdown good
## 9.

- 待避: 新しい要求を受けない状態。

## 10. 復旧

- 復旧: 止まった仕事を再び始めること。
```

The form of most numbers in the note is compared with the others, once for each note. Where no form is more common than
another, the notes of the same collection or folder decide, and else the first number of the note.

```markdown bad file=11-20.md
## 11

- 待避: 新しい要求を受けない状態。

## 12.

- 復旧: 止まった仕事を再び始めること。
```

```markdown bad file=21-30.md
## 21.

- 交代: 予備の機械が仕事を引き継ぐこと。
```

A note that keeps one form of its own is left alone. So are range headings (`## 31-40`) and numbers behind a word
(`## 第 3 章`).

```markdown good file=11-20.md
## 11

- 待避: 新しい要求を受けない状態。
```

```markdown good file=21-30.md
## 21.

- 復旧: 止まった仕事を再び始めること。
```

The fix writes every number of the note in that form. It is unsafe, because it changes headings. `data` holds the `form`
as the marked number would be written in it, and how many numbers have another (`deviating`) of how many (`numbers`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from posixpath import dirname
from typing import NamedTuple, TypeVar

from techstock.model import WARNING, Corpus, Edit, Fix, Heading, Note, Problem, RelatedSpan, SectionNumber

LEVEL = WARNING
SIGHT = "folder"

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_Value = TypeVar("_Value", str, int, bool)


class _Votes(NamedTuple):
    """Counts of the numbers that agree with each mark, each count of zero-padded digits, and each width of digits."""

    marks: Counter[str]
    digits: Counter[int]
    wide: Counter[bool]


class _Number(NamedTuple):
    numeral: SectionNumber
    titled: bool  # text stands behind it, so that it needs a mark


def check(corpus: Corpus) -> Iterator[Problem]:
    together = {note.path: notes for notes in corpus.collections if len(notes) > 1 for note in notes}
    for note in corpus.notes:
        numbers = _collect_numbers(note)
        if not numbers:
            continue
        own = _count_votes(numbers)
        if max(len(counts) for counts in own) > 1:
            around = together.get(note.path) or corpus.folders[dirname(note.path)]
            others = (
                _count_votes([number for other in around for number in _collect_numbers(other)])
                if _is_tied(own)
                else own
            )
            yield from _check_numbers(note, numbers, own, others)


def _collect_numbers(note: Note) -> list[_Number]:
    """Return the section numbers that have a form.

    Ranges, numbers after a word, and underlined headings, which cannot have a mark, are left out.
    """
    headings = [section.heading for section in note.numbered_sections]
    return [
        _Number(h.numeral, _is_titled(note, h, h.numeral))
        for h in headings
        if h.numeral and not h.numeral.label and note.text.startswith("#", h.place.start)
    ]


def _is_titled(note: Note, heading: Heading, numeral: SectionNumber) -> bool:
    return bool(note.text[numeral.place.end : heading.text.end].strip("*_ \t\u3000"))


def _count_votes(numbers: Sequence[_Number]) -> _Votes:
    numerals = [number.numeral for number in numbers]
    sizes = dict.fromkeys([*(len(n.digits) for n in numerals if len(n.digits) == 1 or int(n.digits[0]) == 0), 1])
    return _Votes(
        Counter(n.mark for n in numerals),
        Counter(size for n in numerals for size in sizes if len(str(n.value).zfill(size)) == len(n.digits)),
        Counter(not n.digits.isascii() for n in numerals),
    )


def _is_tied(votes: _Votes) -> bool:
    return any(list(counts.values()).count(max(counts.values(), default=0)) > 1 for counts in votes)


def _choose_most_common(votes: Counter[_Value], others: Counter[_Value]) -> _Value:
    """Return the most common value; among equals the one most common in `others`, else the first."""
    return max(votes, key=lambda value: (votes[value], others[value]))


def _check_numbers(note: Note, numbers: list[_Number], own: _Votes, others: _Votes) -> Iterator[Problem]:
    mark, size, wide = (
        _choose_most_common(own[0], others[0]),
        _choose_most_common(own[1], others[1]),
        _choose_most_common(own[2], others[2]),
    )
    wanted = [_format_number(number, mark, size, wide) for number in numbers]
    pairs = [(number.numeral, text) for number, text in zip(numbers, wanted, strict=True)]
    deviating = [(numeral, text) for numeral, text in pairs if numeral.digits + numeral.mark != text]
    if not deviating:
        return
    example = next((numeral for numeral, text in pairs if numeral.digits + numeral.mark == text), None)
    (first, text), count = deviating[0], len(deviating)
    edits = tuple(Edit(note.add_path_to(n.place), new) for n, new in deviating)
    verb = "is" if count == 1 else "are"
    like = example.digits + example.mark if example else text
    yield Problem(
        note.add_path_to(first.place),
        f"{count} of {len(numbers)} section numbers {verb} not written like `{like}`",
        label="another form",
        related=(RelatedSpan(note.add_path_to(example.place), "the form to keep"),) if example else (),
        help=f"write `{text}`",
        fix=Fix(f"write section numbers like `{like}`", edits),
        data={"form": text, "deviating": count, "numbers": len(numbers)},
    )


def _format_number(number: _Number, mark: str, size: int, wide: bool) -> str:
    """Return the number in that form; if the form has no mark, a number with text after it keeps its own."""
    digits = str(number.numeral.value).zfill(size)
    digits = digits.translate(_FULL_WIDTH) if wide else digits
    return digits + (mark or (number.numeral.mark if number.titled else ""))
