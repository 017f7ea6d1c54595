"""Links and images that stayed text, because their target is written in a way that Markdown does not know."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from techstock.links.file_index import FileIndex, get_file_index
from techstock.links.resolver import HEADING, NOTE, resolve_target
from techstock.model import Corpus, Edit, Fix, Note, Problem, Span, compute_once
from techstock.model.files import FILE, FOLDER

_OPENING = re.compile(
    r"(?P<image>[!！]?)[\[［](?P<label>(?:[^\[\]［］\\]|\\.|\[[^\[\]\n]*\](?:\([^()\n]*\))?)*)[\]］]"
    r"(?P<gap>[ \t\u3000\u00a0]*)(?P<paren>[(（])"
)
_MIDDLE = re.compile(r"\][ \t\u3000\u00a0]*[(（]")  # what begins with one character is searched fast
_ANY_MIDDLE = re.compile(r"[\]］][ \t\u3000\u00a0]*[(（]")
_IMAGE = r"apng|avif|bmp|gif|heic|heif|ico|jfif|jpe?g|png|svg|tiff?|webp"
_FILE = rf"markdown|md|{_IMAGE}|csv|docx?|drawio|html?|ipynb|json|pdf|pptx?|py|sh|toml|txt|xlsx?|ya?ml|zip"
_IMAGE_PATH = re.compile(rf"(?i)[^\n]*?\.(?:{_IMAGE})(?![A-Za-z0-9])(?:[?#][^\s()（）]*)?")
_FILE_PATH = re.compile(rf"(?i)[^\n]*?\.(?:{_FILE})(?![A-Za-z0-9])(?:[?#][^\s()（）]*)?")
_URL = re.compile(r"<?https?://[^\s<>（）、。「」]+")
_FOLDER = re.compile(r"[^\s:|,、。]+(?:/[^/|,:、。\n()（）]+)*/$")
_OTHER_PATH = re.compile(r"(?:#|\.{1,2}/)[^\s()（）/][^()（）|]*")
_SIZE = re.compile(
    r"[ \t\u3000]+(?:=?[0-9]+%?(?:[xX*][0-9]*%?)?|=?[xX*][0-9]+%?"
    r"|\{?(?:(?:width|height|w|h)[ ]?=[ ]?[\"']?[0-9.]+(?:px|%|em)?[\"']?[ ,]*)+\}?)[ \t]*$"
)
_TITLE = re.compile(r"[ \t\u3000]+[^\n]*$")
_BROKEN_TITLE = re.compile(r"[ \t\u3000]+[\"'“”‘’「（(][^\n]*$")
_TEMPLATES = ("{{", "{%", "${", "<%", "}}", "%}")
_MAX_REST = 2_000  # characters behind a parenthesis that are looked at: a line of many brackets may be long
_CLOSING = frozenset(")）")


class UnrenderedTarget(msgspec.Struct, frozen=True, array_like=True):
    """A link or an image that is shown as text, at `place`.

    `why` names the cause: `blank` (in the target), `size` or `title` (behind it), `wide` (full-width brackets), `gap`
    (before the parenthesis), `open` (the parenthesis is not closed), `parenthesis` (one more than is closed).
    """

    place: Span
    image: bool
    label: str
    target: str
    why: str


def find_unrendered_targets(note: Note) -> tuple[UnrenderedTarget, ...]:
    """Return the links and images of the note that stayed text, computed once."""
    return compute_once(note, _find_unrendered)


def _find_unrendered(note: Note) -> tuple[UnrenderedTarget, ...]:
    return tuple(_iter_unrendered(note))


def _iter_unrendered(note: Note) -> Iterator[UnrenderedTarget]:
    text = note.text
    has_wide_sign = "！[" in text or "！［" in text  # before a link: the only reason to look at one that is rendered
    matches = (_ANY_MIDDLE if "］" in text else _MIDDLE).finditer(text)
    middles = [match.start() for match in matches if has_wide_sign or not _has_target(note, *match.span())]
    for place in _iter_places(note) if middles else ():
        at, last = place.start, middles[bisect_left(middles, place.end) - 1]
        while at <= last < place.end and (match := _OPENING.search(text, at, place.end)):
            found = _read_match(note, match, min(place.end, note.lines.find_end(match.end())))
            at = found.place.end if found else match.start() + 1  # an image may be in the text of a link
            if found:
                yield found


def _iter_places(note: Note) -> Iterator[Span]:
    """Yield the places of the note in which a link may be: blocks, and the cells of tables."""
    for block in note.blocks:
        if not block.texts:
            continue
        if block.kind == "table":
            yield from block.texts
        else:
            yield Span(block.texts[0].start, block.texts[-1].end)


def _read_match(note: Note, match: re.Match[str], line_end: int) -> UnrenderedTarget | None:
    if not _is_taken(note, match):
        return _read_target(note, match, line_end)
    index = bisect_left(note.link_starts, match.start() + 1)
    if match["image"] == "！" and note.link_starts[index : index + 1] == (match.start() + 1,):
        link = note.links[index]  # the sign before it should make an image of it
        if link.kind == "inline" and _IMAGE_PATH.fullmatch(link.target):
            return UnrenderedTarget(Span(match.start(), link.place.end), True, match["label"], link.target, "wide")
    return None


def _is_taken(note: Note, match: re.Match[str]) -> bool:
    """Return whether the brackets are a link already, or are in code, a formula, a tag or a target."""
    start, paren = match.start(), match.start("paren")
    index = bisect_right(note.span_starts, start) - 1
    for span in reversed(note.spans[max(index - 3, 0) : index + 1]):
        if span.place.start <= start < span.place.end:
            return True
    label_end = match.end("label")
    if _has_target(note, label_end, paren + 1):
        return True
    first = bisect_left(note.link_starts, start)
    return any(link.place.start < label_end for link in note.links[first : first + 1])


def _has_target(note: Note, start: int, end: int) -> bool:
    """Return whether the target of a link or an image begins between these offsets."""
    for index in range(bisect_left(note.span_starts, start), bisect_left(note.span_starts, end)):
        if note.spans[index].kind == "target":
            return True
    return False


def _read_target(note: Note, match: re.Match[str], line_end: int) -> UnrenderedTarget | None:
    text, start, behind = note.text, match.start(), match.end()
    image, label = bool(match["image"]), match["label"]
    before = text[start - 1 : start]
    glued = before != "" and before.isascii() and (before.isalnum() or before in "$_)]")
    if before == "\\" or (before == "^" and not image) or label[:1] in ("^", "["):  # an escape, a footnote, a wiki link
        return None
    is_box = not label.strip() or (match["gap"] and label in ("x", "X"))
    if not image and (is_box or glued):
        return None
    rest = text[behind : min(line_end, behind + _MAX_REST)]
    content, closed = _cut_content(rest)
    end = behind + len(content) + closed
    wide = match["image"] == "！" or match["paren"] == "（" or "［" in match[0] or "］" in match[0]
    wide = wide or (closed and text[end - 1] == "）")
    target, why = _split_target(content, image)
    if not target or any(mark in rest for mark in _TEMPLATES):
        return None
    if not closed:
        why = "open"
        end = behind + len(content[: len(content) - len(content.lstrip())] + target)
    elif why == "":
        why = "wide" if wide else "gap" if match["gap"] else "parenthesis" if _is_unbalanced(target) else "blank"
    if why in ("gap", "wide") and not image and not _is_meant(match, target):
        return None
    return UnrenderedTarget(Span(start, end), image, label, target, why)


def _is_meant(match: re.Match[str], target: str) -> bool:
    """Return whether brackets around a path are a link: both may be the sentence's own."""
    if "［" in match[0] and match["paren"] == "（":
        return not _URL.match(target)
    return not match["gap"] or len(match["gap"]) == 1


def _cut_content(rest: str) -> tuple[str, bool]:
    """Return what is between the parentheses, and whether they are closed on the line."""
    depth = 0
    for at, character in enumerate(rest):
        if character in "(（":
            depth += 1
        elif character in _CLOSING:
            if depth == 0:
                return rest[:at], True
            depth -= 1
    path = _FILE_PATH.match(rest)
    if path and rest[path.end() : path.end() + 1] in (")", "）"):
        return path[0], True
    return rest, False


def _is_unbalanced(target: str) -> bool:
    return target.count("(") != target.count(")")


def _split_target(content: str, image: bool) -> tuple[str, str]:  # noqa: PLR0911 (each tells another reason)
    """Return the target in the parentheses, and why it is none; empty if this is no target."""
    content = content.strip(" \t\u3000")
    pattern = _IMAGE_PATH if image else _FILE_PATH
    if url := _URL.match(content):
        rest = content[url.end() :]
        if not rest:
            return url[0], ""
        return (url[0], _name_rest(rest)) if image or not rest.strip().startswith(("http", "[")) else ("", "")
    path = pattern.match(content)
    if path:
        rest = content[path.end() :]
        longer = pattern.match(content, path.end()) if rest else None
        if longer and longer.end() == len(content):
            return content, ""
        if not rest or rest == ">":
            return content, ""
        why = _name_rest(rest)
        return (path[0], why) if why else ("", "")
    if not image and (_FOLDER.fullmatch(content) or _OTHER_PATH.fullmatch(content)):
        return content, ""
    return "", ""


def _name_rest(rest: str) -> str:
    if _SIZE.fullmatch(rest):
        return "size"
    return "title" if _BROKEN_TITLE.fullmatch(rest) or _TITLE.fullmatch(rest) else ""


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
    is_there = there in (NOTE, HEADING, FILE, FOLDER)
    if not is_there and _names_two_files(plain, one.image):
        return None
    text = f"{'!' if one.image else ''}[{one.label}]({target})"
    return Fix(f"write `{text}`", (Edit(one.place, text),), is_there)


def _names_two_files(target: str, image: bool) -> bool:
    """Return whether a target is rather a sentence about two files."""
    first = None if _URL.match(target) else (_IMAGE_PATH if image else _FILE_PATH).match(target)
    return first is not None and first.end() < len(target)
