"""A comment that ignores a rule is needed.

What was ignored has been mended, moved away or deleted, and the comment stayed. It says that something is wrong where
nothing is, and it would hide the next problem of its kind.

```markdown bad
<!-- techstock: ignore section-empty, section-number-repeated later -->
## 1.

## 2.

- 待避: 新しい要求を受けない状態。
```

```markdown bad
<!-- techstock: ignore-start term-repeated -->
- 待避: 新しい要求を受けない状態。
- 復旧: 止まった仕事を再び始めること。
<!-- techstock: ignore-end -->
```

```markdown good
<!-- techstock: ignore section-empty later -->
## 1.

## 2.

- 待避: 新しい要求を受けない状態。
```

Where two comments hold for one place, the one that begins last is needed and the other is not; but each side of a
duplicate may have one. A comment about a rule that did not run, or in a note that was not read to its end, is not
judged; so a run with `--select` reports none of the others. The fix takes out the names, or the comment where no name
is left in it; where the blocks around it would grow together without it, an empty comment stays. `data` holds `rules`,
the names.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from techstock.model import Edit, Fix, Ignore, Ignores, Note, Place, Problem
from techstock.model.removal import removal


def check(ignores: Ignores) -> Iterator[Problem]:
    every: dict[Place, list[Ignore]] = {}
    for ignore in ignores.note.ignores:
        every.setdefault(ignore.comment, []).append(ignore)
    for comment, group in groupby(ignores.unused, key=lambda ignore: ignore.comment):
        unused = list(group)
        left = [ignore for ignore in every[comment] if ignore not in unused]
        names = _listed([f"`{ignore.rule}`" for ignore in unused])
        message = f"nothing here is ignored as {names}"
        cure = f"remove {names} from this comment" if left else "remove this comment"
        edits = _edits(ignores.note, unused, left)
        fix = Fix(cure, edits) if edits else None
        place = unused[0].name if left else comment
        yield Problem(place, message, label="not needed", help=cure, fix=fix, data={"rules": [i.rule for i in unused]})


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _edits(note: Note, unused: Sequence[Ignore], left: Sequence[Ignore]) -> tuple[Edit, ...]:
    """What takes the unused names out; nothing where that could not be done without another comment."""
    blocks = {directive.place: directive.block for directive in note.directives}
    ends = {ignore.ends[0] for ignore in (*unused, *left) if ignore.ends}
    if not left:
        alone = all(ignore in unused for ignore in note.ignores if ignore.ends and ignore.ends[0] in ends)
        return tuple(removal(note, one, blocks[one]) for one in (unused[0].comment, *sorted(ends))) if alone else ()
    if any(ignore.ends[0] != ignore.ends[1] for ignore in unused if ignore.ends):
        return ()  # an end that gives names: they would have to go from there as well
    names = sorted(ignore.name for ignore in (*unused, *left))
    return (Edit(Place(names[0].start, names[-1].end), ", ".join(ignore.rule for ignore in left)),)
