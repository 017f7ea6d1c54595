"""A list holds a term once.

A term that comes twice in one list has its definition in two places: who reads one misses the other, and one of them
soon says something else. Often one of the two was meant to be another term: `inbound` copied for `outbound`.

```markdown bad
- 待避: 新しい要求を受けない状態。
- 復旧: 止まった仕事を再び始めること。
- 待避: 受けた仕事を終えてから止まること。
```

Width, case, spaces and bold do not tell terms apart; a parenthesis does, and code is compared as it is written.

```markdown good
- 配置 (A): 三つの場所に置く。
- 配置 (B): 二つの場所に置く。
- `-w`: 書き込みを許す。
- `-W`: 警告を出す。
```

Labels such as 例, 目的, 利点 and 注意 are no terms; `labels` adds to them. Nor is what stands under four or more
entries of the note, or three times and more in one list.

```markdown good labels=["現場"]
- 待避
  - 例: 入れ替えの前。
  - 例: 更新の前。
- 現場: 東
- 現場: 西
```
"""

from collections.abc import Iterator

from techstock.model import WARNING, Note, Problem, Related
from techstock.text.labels import is_label, shown, term_key

LEVEL = WARNING
_MANY = 3  # as often in one list, a term is a pattern of the list
_PARENTS = 4  # under as many entries, a nested term is a label


def check(note: Note, *, labels: tuple[str, ...] = ()) -> Iterator[Problem]:
    own = {term_key(label) for label in labels}
    keys = {index: term_key(entry.name) for index, entry in enumerate(note.entries) if entry.term}
    twice = list(_repeated(note, keys))
    parents = _parents(note, keys) if twice else {}
    for first, second in twice:
        key = keys[first]
        if key in own or is_label(key) or _is_nested_label(note.entries[second].depth, parents.get(key)):
            continue
        before, after = note.entries[first].term, note.entries[second].term
        if before and after:
            yield Problem(
                after,
                f"`{shown(note.entries[second].name)}` stands twice in one list",
                label="again here",
                related=(Related(before, "first here"),),
                help="join the two definitions, or tell the terms apart",
            )


def _is_nested_label(depth: int, parents: set[int] | None) -> bool:
    return depth > 1 and parents is not None and len(parents) >= _PARENTS


def _repeated(note: Note, keys: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Pairs of entries with one key, for each list that holds it just twice; in the order of the second."""
    found: dict[tuple[int, str], list[int]] = {}
    for index, key in keys.items():
        found.setdefault((note.entries[index].list, key), []).append(index)
    pairs = [(entries[0], entries[1]) for entries in found.values() if 1 < len(entries) < _MANY]
    yield from sorted(pairs, key=lambda pair: pair[1])


def _parents(note: Note, keys: dict[int, str]) -> dict[str, set[int]]:
    """The entries that each nested term stands under."""
    found: dict[str, set[int]] = {}
    for index, key in keys.items():
        if (parent := note.entries[index].parent) >= 0:
            found.setdefault(key, set()).add(parent)
    return found
