"""The preview of `techstock merge`: the copies and the merged result, in rows of 80 columns."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import msgspec

from techstock.merge.change import KEPT, POINTER, REMOVED, Change
from techstock.merge.copies import Shown
from techstock.merge.plan import Plan
from techstock.project.blame import Written
from techstock.text.counts import counted
from techstock.text.escape import escape
from techstock.text.labels import shown
from techstock.text.width import padded
from techstock.text.wrapping import wrapped

_WIDTH = 80  # columns
_BETWEEN = " | "
_ASIDE = 2  # copies that fit side by side


class View(msgspec.Struct, frozen=True):
    """The content of the preview: the plan, the copies, and when each was written (empty without git)."""

    plan: Plan
    copies: tuple[Shown, ...]
    written: tuple[Written, ...]


def rows(view: View) -> Iterator[str]:
    """Yield the rows of the preview, escaped and without line ends."""
    cluster = view.plan.cluster
    yield f"{counted(len(view.copies), 'copy', 'copies')}, by {cluster.rule}; {cluster.kept + 1} stays"
    yield ""
    if len(view.copies) <= _ASIDE:
        width = (_WIDTH - len(_BETWEEN)) // 2
        cells = [_cell(view, index, width) for index in range(len(view.copies))]
        for left, right in zip_longest(*cells, fillvalue=""):
            yield f"{padded(left, width)}{_BETWEEN}{right}".rstrip()
    else:
        for index in range(len(view.copies)):
            yield from _cell(view, index, _WIDTH)
            yield ""
    if len(view.copies) <= _ASIDE:
        yield ""
    yield from _proposal(view)


def _cell(view: View, index: int, width: int) -> list[str]:
    copy = view.copies[index]
    under = f", under `{shown(copy.term)}`" if copy.term and not _begins_with(copy) else ""
    found = wrapped(escape(f"{index + 1}  {copy.path}:{copy.line}{under}"), width, indent="   ")
    for text in (_age(view.written[index]) if view.written else "", _links(copy)):
        found += wrapped(f"   {text}", width, indent="   ") if text else ()
    found.append("")
    for line in copy.source:
        found += _source(line, width)
    return found


def _begins_with(copy: Shown) -> bool:
    return copy.term in copy.source[0]


def _source(line: str, width: int, sign: str = "") -> Iterator[str]:
    """Yield a line of a note as rows; continuation rows are indented to its text."""
    indent = len(line) - len(line.lstrip(" "))
    hang = min(indent + 2 * line.lstrip(" ").startswith(("- ", "* ", "+ ")), width // 2)
    for row in wrapped(escape(line), width - len(sign), indent=" " * hang):
        yield f"{sign}{row}".rstrip()


def _age(written: Written) -> str:
    if not written.first:
        return "not committed yet"
    since = f"{written.first} or earlier" if written.earlier else written.first
    if written.unsaved:
        return f"written {since}, last edit not committed yet"
    return f"written {since}, last edit {written.last}" if written.last != written.first else f"written {since}"


def _links(copy: Shown) -> str:
    parts = [
        f"{counted(copy.to_heading, 'link')} to its heading" if copy.to_heading else "",
        f"{counted(copy.to_note, 'link')} to its note" if copy.to_note else "",
    ]
    return ", ".join(filter(None, parts)) or "no link leads there"


def _proposal(view: View) -> Iterator[str]:
    for change in sorted(view.plan.changes, key=lambda change: change.kind != KEPT):
        yield from _kept(view, change) if change.kind == KEPT else _other(view, change)
    for text in _doubts(view.plan):
        yield ""
        yield from wrapped(text, _WIDTH)
    for one, other in view.plan.near:
        yield ""
        yield from wrapped("These two say nearly the same; both stay, choose by hand:", _WIDTH)
        for text in (one, other):
            yield from wrapped(escape(f"  {' '.join(text.split())}"), _WIDTH, indent="  ")


def _doubts(plan: Plan) -> Iterator[str]:
    if plan.cluster.rule == "term-repeated":
        yield "They stand in one list: if two terms were meant, tell these apart instead."
    if plan.cluster.rule == "term-conflict":
        yield "They say different things: if these are two, give them two names instead."
    if plan.doubled:
        yield "They hold different code, and all of it stays: look whether they are one thing."


def _kept(view: View, change: Change) -> Iterator[str]:
    before = view.copies[change.copy].source
    after = _dedented(view, change)
    if list(before) == after:
        yield f"{change.copy + 1} stays as it is: it says all of it."
        return
    yield f"{change.copy + 1} becomes, with + before what is new:"
    yield ""
    for line, sign in zip(after, _signs(before, after), strict=True):
        yield from _source(line, _WIDTH, sign)


def _dedented(view: View, change: Change) -> list[str]:
    """Return the lines of the kept copy after the merge, dedented like the sources of the other copies."""
    copy = view.copies[change.copy]
    first, *rest = change.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    before = copy.lines[0][1].expandtabs(4)
    indent = len(before) - len(copy.source[0])
    cut = [line.expandtabs(4) for line in rest]
    return [first.expandtabs(4), *(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in cut)]


def _signs(before: Sequence[str], after: Sequence[str]) -> list[str]:
    from difflib import SequenceMatcher

    signs = ["+ "] * len(after)
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        signs[block.b : block.b + block.size] = ["  "] * block.size
    return signs


def _other(view: View, change: Change) -> Iterator[str]:
    yield ""
    number = change.copy + 1
    if change.kind == REMOVED:
        yield f"{number} goes: the list that holds it holds {view.plan.cluster.kept + 1} as well."
        return
    if not change.text:
        return
    what = "becomes:" if change.kind == POINTER else "links to it in the place of what both say:"
    yield f"{number} {what}"
    yield ""
    marker = view.copies[change.copy].marker if change.kind == POINTER else "… "
    yield from wrapped(escape(f"  {marker}{change.text}"), _WIDTH, indent=" " * (2 + len(marker)))
