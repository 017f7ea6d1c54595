"""Problems of links and images that stayed text, with the fix that makes them what they were meant to be."""

from collections.abc import Iterator, Sequence
from typing import Any

from techstock.analysis.unrendered_targets import UnrenderedTarget, find_unrendered_targets
from techstock.links.file_index import FileIndex, get_file_index
from techstock.links.resolver import HEADING, NOTE, resolve_target
from techstock.model import Corpus, Edit, Fix, Note, Problem, Span
from techstock.model.files import FILE, FOLDER

Gist = Sequence[Sequence[Any]]

_WHY = {
    "blank": ("a blank ends the target", "write the target between `<` and `>`"),
    "size": ("there is a size behind it", 'write it as `<img src="…" width="…">`'),
    "title": ("a blank ends the target", "put the title between quotes, or a target with blanks in `<…>`"),
    "wide": ("full-width brackets", "write `[…](…)` with ordinary brackets"),
    "gap": ("a space before `(`", "take the space away"),
    "open": ("`(` is not closed", "put `)` behind the target"),
    "parenthesis": ("parentheses do not match", "write the target between `<` and `>`"),
}
_FIXABLE = frozenset({"blank", "wide", "gap", "open", "parenthesis"})


def collect_unrendered(note: Note, *, images: bool) -> list[list[Any]]:
    """Return the images of a note that stayed text, or the links, as plain values."""
    found = [one for one in find_unrendered_targets(note) if one.image is images]
    return [[one.place.start, one.place.end, one.image, one.label, one.target, one.why] for one in found]


def make_unrendered_problems(corpus: Corpus, note: Note, found: Gist) -> Iterator[Problem]:
    """Yield a problem for each of these; a fix is safe where the target is there."""
    for start, end, image, label, target, why in found:
        one = UnrenderedTarget(Span(start, end, note.path), image, label, target, why)
        what, cure = _WHY[why]
        names = get_file_index(corpus) if corpus.files is not None else None
        yield Problem(
            one.place,
            f"this {'image' if image else 'link'} is shown as text: {what}",
            label="shown as it is written",
            help=cure,
            fix=_make_fix(names, note, one) if why in _FIXABLE else None,
        )


def _make_fix(names: FileIndex | None, note: Note, one: UnrenderedTarget) -> Fix | None:
    plain = one.target.strip("<>")
    if "<" in plain or ">" in plain or "\\" in plain:
        return None
    unusual = any(character in plain for character in " \t()")
    target = f"<{plain}>" if unusual else plain
    there = resolve_target(names, note, plain, is_image=one.image).kind if names else ""
    text = f"{'!' if one.image else ''}[{one.label}]({target})"
    return Fix(f"write `{text}`", (Edit(one.place, text),), there in (NOTE, HEADING, FILE, FOLDER))
