"""Every ignore comment is still needed.

What was ignored has been corrected, moved away or deleted, and the comment stayed. It says that something is wrong
where nothing is, and it would hide the next problem of its kind.

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

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from techstock.analysis.suppressions import list_suppressions
from techstock.model import Edit, Fix, Note, NoteSuppressions, Problem, Span, Suppression


def check(ignores: NoteSuppressions) -> Iterator[Problem]:
    every: dict[Span, list[Suppression]] = {}
    closed: dict[Span, list[Suppression]] = {}  # by the comment that ends them
    for ignore in list_suppressions(ignores.note) if ignores.unused else ():
        every.setdefault(ignore.comment, []).append(ignore)
        if ignore.ends:
            closed.setdefault(ignore.ends[0], []).append(ignore)
    blocks = {directive.place: directive.block for directive in ignores.note.directives}
    for comment, group in groupby(ignores.unused, key=lambda ignore: ignore.comment):
        unused = list(group)
        gone = {ignore.name for ignore in unused}
        left = [ignore for ignore in every[comment] if ignore.name not in gone]
        names = _join_names([f"`{ignore.rule}`" for ignore in unused])
        message = f"nothing here is ignored as {names}"
        cure = f"remove {names} from this comment" if left else "remove this comment"
        edits = _remove_names(unused, left) if left else _remove_comments(ignores.note, unused, closed, blocks)
        fix = Fix(cure, edits) if edits else None
        place = unused[0].name if left else comment
        yield Problem(place, message, label="not needed", help=cure, fix=fix, data={"rules": [i.rule for i in unused]})


def _join_names(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _remove_comments(
    note: Note, unused: Sequence[Suppression], closed: Mapping[Span, Sequence[Suppression]], blocks: Mapping[Span, int]
) -> tuple[Edit, ...]:
    """Return the edits that remove a comment and those that end it; none if one of them also ends another comment."""
    ends = {ignore.ends[0] for ignore in unused if ignore.ends}
    gone = {ignore.name for ignore in unused}
    if not all(ignore.name in gone for end in ends for ignore in closed[end]):
        return ()
    from techstock.analysis.comment_removal import make_removal_edit  # late: most comments are needed

    return tuple(make_removal_edit(note, one, blocks[one]) for one in (unused[0].comment, *sorted(ends)))


def _remove_names(unused: Sequence[Suppression], left: Sequence[Suppression]) -> tuple[Edit, ...]:
    """Return the edits that remove the unused names from a comment; none if another comment must change too."""
    if any(ignore.ends[0] != ignore.ends[1] for ignore in unused if ignore.ends):
        return ()  # an end that gives names: they would have to go from there as well
    names = sorted(ignore.name for ignore in (*unused, *left))
    return (Edit(Span(names[0].start, names[-1].end), ", ".join(ignore.rule for ignore in left)),)
