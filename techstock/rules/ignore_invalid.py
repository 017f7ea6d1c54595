"""Every ignore comment is understood.

A misspelt rule in a comment, an `ignore-start` that never ends, a verb that does not exist: such a comment ignores
nothing, and whoever wrote it believes that it does.

```markdown bad
<!-- techstock: ignore section-emtpy the next chapter says it -->
## 1.

## 2.

- 待避: 新しい要求を受けない状態。
```

```markdown bad
<!-- techstock: ignore-start section-number-gap -->
## 1.

## 3.
```

These are the comments there are. A reason may follow the names.

```markdown good
<!-- techstock: ignore section-empty the next chapter says it -->
## 1.

<!-- techstock: ignore-start section-number-gap, section-empty -->
## 3.

## 5.
<!-- techstock: ignore-end -->

<!-- techstock: ignore-file term-repeated -->
<!-- techstock: ignore duplicate-definition with="web.md#待避" both are read alone -->
- 待避: 新しい要求を受けない状態。
```

`ignore` holds for the next block: a heading, a paragraph, a table, code, or an entry without what is nested in it. In a
line of text it holds for the block that it is in. `with` names what the other half of a duplicate is called, as a
link in this note would name its file, with its term or the heading above it; only rules on duplicates take it.

What a note cannot ignore: `note-unreadable`, since silence must mean that a note was read, and the two rules on
comments, this one and `unused-ignore`. They are turned off in the configuration. Nor what is said of a file that is no
note: `per-file` in the configuration takes a path.
"""

from collections.abc import Iterable, Iterator

from techstock.analysis.suppressions import COMMENT_VERBS, list_invalid_comments, list_suppressions
from techstock.model import NoteSuppressions, Problem, Suppression


def check(ignores: NoteSuppressions) -> Iterator[Problem]:
    for slip in list_invalid_comments(ignores.note):
        meant = _suggest(slip.verb, COMMENT_VERBS) if slip.verb else ""
        yield Problem(slip.place, f"{slip.message}{meant}", label="this comment", help=slip.help)
    for ignore in list_suppressions(ignores.note):
        what, cure = _find_mistake(ignores, ignore)
        if what:
            yield Problem(ignore.name, what, label="in this comment", help=cure)


def _find_mistake(ignores: NoteSuppressions, ignore: Suppression) -> tuple[str, str]:
    """Return the mistake in the name of a rule, and a help text; two empty strings if there is none."""
    rule = ignore.rule
    if rule not in ignores.known:
        return f"there is no rule `{rule}`{_suggest(rule, ignores.known)}", ""
    if rule in ignores.fixed:
        return f"`{rule}` cannot be ignored by a comment", "turn it off in the configuration, or `per-file` there"
    if ignore.other and rule not in ignores.paired:
        return f"`with` has no meaning for `{rule}`, which does not compare two things", "remove `with`"
    return "", ""


def _suggest(name: str, known: Iterable[str]) -> str:
    from techstock.text.phrases import suggest_name  # late: most comments are valid

    return suggest_name(name, known)
