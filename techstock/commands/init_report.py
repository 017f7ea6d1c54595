"""The conventions that `techstock init` finds, as report rows and as settings."""

from collections.abc import Iterator
from typing import Any

import msgspec

from techstock.survey.conventions import Convention, CorpusConventions
from techstock.text.escape import escape
from techstock.text.phrases import format_count

_MAX_COLLECTIONS = 20  # collections that are named
_COLON_EXAMPLES = {":": "term: definition", "：": "term：definition", " : ": "term : definition"}


class ProposedSetting(msgspec.Struct, frozen=True):
    """A setting to propose: its key below `[tool.techstock]` with the tables around it, its value, and the reason.

    One that is not `active` is written as a comment.
    """

    key: tuple[str, ...]
    value: Any
    why: str = ""
    active: bool = True


def format_conventions(found: CorpusConventions) -> Iterator[str]:
    """Yield the rows of the report, escaped and without line ends."""
    yield f"{format_count(found.notes, 'note')} read; what they have in common:"
    yield ""
    for name, text in _describe_conventions(found):
        yield f"  {name:<16}{escape(text)}"
    for index, run in enumerate(found.runs[:_MAX_COLLECTIONS]):
        name = "" if index else "collections"
        notes = format_count(run.notes, "note")
        yield f"  {name:<16}`{escape(run.folder or '.')}`: {run.first} to {run.last} in {notes}"
    if not found.runs:
        yield f"  {'collections':<16}none: no numbers run on from note to note"
    elif len(found.runs) > _MAX_COLLECTIONS:
        yield f"  {'':<16}and {len(found.runs) - _MAX_COLLECTIONS:,} more"


def _describe_conventions(found: CorpusConventions) -> Iterator[tuple[str, str]]:
    languages = ", ".join(f"{name} {count:,}" for name, count in found.languages)
    yield "languages", languages or "none"
    if not found.level.total:
        yield "sections", "no note has numbered ones"
    else:
        yield "section level", f"{found.level.form}, {_format_share(found.level, 'numbered notes')}"
        yield "number form", f"`{found.form.form}`, {_format_share(found.form, 'section numbers')}"
        yield "numbered", _format_share(found.numbered, "sections of numbered notes")
        yield "without a gap", _format_share(found.steps, "steps from number to number")
        yield "entries", f"{_format_share(found.entries, 'in numbered sections')}: term, image or link"
    for index, colon in enumerate(found.colons):
        yield "" if index else "colon", f"`{_COLON_EXAMPLES[colon.form]}`, {_format_share(colon, 'terms')}"
    if not found.colons:
        yield "colon", "no term is followed by one"


def _format_share(habit: Convention, what: str) -> str:
    share = f"{habit.share} %" if habit.share or not habit.count else "under 1 %"
    return f"{habit.count:,} of {habit.total:,} {what} ({share})" if habit.total else f"no {what}"


def propose_settings(found: CorpusConventions) -> Iterator[ProposedSetting]:
    """Yield settings for the conventions that the notes keep."""
    if found.level.is_kept:
        yield ProposedSetting(("section-level",), int(found.level.form), _format_share(found.level, "numbered notes"))
    for rule, habit, what in (
        ("section-unnumbered", found.numbered, "sections of numbered notes have a number"),
        ("section-number-gap", found.steps, "numbers are followed by the next"),
        ("entry-form", found.entries, "entries are a term, an image or a link"),
    ):
        if habit.is_kept:
            yield ProposedSetting(("rules", rule, "level"), "warning", f"{habit.count:,} of {habit.total:,} {what}")
    if found.colons and (colon := found.colons[0]).is_kept:
        yield ProposedSetting(("rules", "colon-style", "level"), "warning", _format_share(colon, "terms"))
        yield ProposedSetting(("rules", "colon-style", "colon"), colon.form)
