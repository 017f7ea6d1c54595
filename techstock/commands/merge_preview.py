"""The preview of `techstock merge`: the copies and the merged result, in rows of 80 columns."""

from collections.abc import Iterator, Sequence, Set
from itertools import zip_longest

import msgspec

from techstock.duplicates.near_rules import diff_characters
from techstock.duplicates.term_keys import strip_term_markup
from techstock.merge.copy_changes import KEPT, REMOVED, REPLACED, CopyChange, CopySummary
from techstock.merge.plan import MergePlan
from techstock.merge.reading import dedent_kept_copy, find_new_lines, list_plan_warnings
from techstock.project.git_blame import LineDates
from techstock.text.escape import escape
from techstock.text.phrases import format_count
from techstock.text.terminal_width import measure_characters, pad_to_width, wrap_text

_WIDTH = 80  # columns
_COLUMN_SEPARATOR = " | "
_MAX_SIDE_BY_SIDE = 2  # copies that fit side by side
_MAX_MARKED_SHARE = 0.6  # of a line; where more differs, marks say nothing


class MergePreview(msgspec.Struct, frozen=True):
    """The content of the preview: the plan, the copies, when each was written (empty without git), and warnings."""

    plan: MergePlan
    copies: tuple[CopySummary, ...]
    written: tuple[LineDates, ...]
    warnings: tuple[str, ...] = ()


def format_preview(view: MergePreview) -> Iterator[str]:
    """Yield the rows of the preview, escaped and without line ends."""
    cluster = view.plan.cluster
    yield f"{format_count(len(view.copies), 'copy', 'copies')}, by {cluster.rule}; {cluster.kept + 1} stays"
    yield ""
    if len(view.copies) <= _MAX_SIDE_BY_SIDE:
        width = (_WIDTH - len(_COLUMN_SEPARATOR)) // 2
        cells = [_format_copy(view, index, width) for index in range(len(view.copies))]
        for left, right in zip_longest(*cells, fillvalue=""):
            yield f"{pad_to_width(left, width)}{_COLUMN_SEPARATOR}{right}".rstrip()
    else:
        for index in range(len(view.copies)):
            yield from _format_copy(view, index, _WIDTH)
            yield ""
    if len(view.copies) <= _MAX_SIDE_BY_SIDE:
        yield ""
    yield from _format_changes(view)


def _format_copy(view: MergePreview, index: int, width: int) -> list[str]:
    copy = view.copies[index]
    under = f", under `{strip_term_markup(copy.term)}`" if copy.term and copy.term not in copy.source[0] else ""
    found = wrap_text(escape(f"{index + 1}  {copy.path}:{copy.line}{under}"), width, indent="   ")
    for text in (_format_dates(view.written[index]) if view.written else "", _format_link_counts(copy)):
        found += wrap_text(f"   {text}", width, indent="   ") if text else ()
    found.append("")
    return [*found, *_mark_source(copy.source, _find_other_source(view, index), width)]


def _find_other_source(view: MergePreview, index: int) -> Sequence[str]:
    """Return the lines that a copy is compared with: those of the copy that stays; for itself, the only other one."""
    kept = view.plan.cluster.kept
    if index != kept:
        return view.copies[kept].source
    return view.copies[1 - kept].source if len(view.copies) == _MAX_SIDE_BY_SIDE else ()


def _mark_source(source: Sequence[str], other: Sequence[str], width: int) -> Iterator[str]:
    """Yield the lines of a copy as rows, with `~` below the characters that the other one does not have."""
    lines = [escape(line) for line in source]
    text = "\n".join(lines)
    mine, _ = diff_characters(text, "\n".join(map(escape, other))) if other else ([], [])
    differing = {index for start, end in mine for index in range(start, end)}
    begin = 0
    for line, shown in zip(source, lines, strict=True):
        at, end = begin, begin + len(shown)
        differs = differing.intersection(range(begin, end))
        if len(differs) > len(shown) * _MAX_MARKED_SHARE:  # another sentence, not one with a slip
            differs = set()
        for row in _wrap_source_line(line, width):
            yield row
            content = row.lstrip(" ")
            at = text.index(content, at)
            if marks := _draw_marks(row, content, at, differs):
                yield marks
            at += len(content)
        begin = end + 1


def _draw_marks(row: str, content: str, at: int, differing: Set[int]) -> str:
    """Return the signs below a row whose text without the indent begins at `at`; empty if nothing in it differs."""
    indent = " " * (len(row) - len(content))
    signs = (
        ("~" if index in differing and character != " " else " ") * width
        for index, (character, width) in enumerate(zip(content, measure_characters(content), strict=True), at)
    )
    return f"{indent}{''.join(signs)}".rstrip()


def _wrap_source_line(line: str, width: int, sign: str = "") -> Iterator[str]:
    """Yield a line of a note as rows; continuation rows are indented to its text."""
    indent = len(line) - len(line.lstrip(" "))
    hang = min(indent + 2 * line.lstrip(" ").startswith(("- ", "* ", "+ ")), width // 2)
    for row in wrap_text(escape(line), width - len(sign), indent=" " * hang):
        yield f"{sign}{row}".rstrip()


def _format_dates(written: LineDates) -> str:
    if not written.first:
        return "not committed yet"
    since = f"{written.first} or earlier" if written.earlier else written.first
    if written.unsaved:
        return f"written {since}, last edit not committed yet"
    return f"written {since}, last edit {written.last}" if written.last != written.first else f"written {since}"


def _format_link_counts(copy: CopySummary) -> str:
    parts = [
        f"{format_count(copy.to_heading, 'link')} to its heading" if copy.to_heading else "",
        f"{format_count(copy.to_note, 'link')} to its note" if copy.to_note else "",
    ]
    return ", ".join(filter(None, parts)) or "no link leads there"


def _format_changes(view: MergePreview) -> Iterator[str]:
    for change in sorted(view.plan.changes, key=lambda change: change.kind != KEPT):
        yield from _format_kept_copy(view, change) if change.kind == KEPT else _format_other_copy(view, change)
    for text in (*view.warnings, *list_plan_warnings(view.plan)):
        yield ""
        yield from wrap_text(escape(text), _WIDTH)
    for one, other in view.plan.near:
        yield ""
        yield from wrap_text("These two say nearly the same; both stay, choose by hand:", _WIDTH)
        for text in (one, other):
            yield from wrap_text(escape(f"  {' '.join(text.split())}"), _WIDTH, indent="  ")


def _format_kept_copy(view: MergePreview, change: CopyChange) -> Iterator[str]:
    before = view.copies[change.copy].source
    after = dedent_kept_copy(view.copies[change.copy], change)
    if list(before) == after:
        yield f"{change.copy + 1} stays as it is: it says all of it."
        return
    yield f"{change.copy + 1} becomes, with + before what is new:"
    yield ""
    for line, new in zip(after, find_new_lines(before, after), strict=True):
        yield from _wrap_source_line(line, _WIDTH, "+ " if new else "  ")


def _format_other_copy(view: MergePreview, change: CopyChange) -> Iterator[str]:
    yield ""
    number = change.copy + 1
    if change.kind == REMOVED:
        yield f"{number} goes: the list that holds it holds {view.plan.cluster.kept + 1} as well."
        return
    if not change.text:
        return
    what = "becomes:" if change.kind == REPLACED else "links to it in the place of what both say:"
    yield f"{number} {what}"
    yield ""
    marker = view.copies[change.copy].marker if change.kind == REPLACED else "… "
    yield from wrap_text(escape(f"  {marker}{change.text}"), _WIDTH, indent=" " * (2 + len(marker)))
