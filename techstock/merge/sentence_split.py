"""Sentences of an entry, with their spans in the source, and how sentences are joined again.

`duplicates.normalize` splits visible text only to compare it, so it may cut anywhere; here a sentence is moved, so that
its markup, quotations and brackets must stay whole.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import category

import msgspec

from techstock.analysis.entries import select_facts_starting_in
from techstock.duplicates.entries import extract_visible_text
from techstock.links.file_index import get_file_index
from techstock.links.resolver import Destination, resolve_link
from techstock.merge.sentence_containment import tokenize_sentence
from techstock.model import Corpus, Image, InlineMarkup, Link, Note, Span

_STOP = re.compile(r"[。！？!?]*(?:[。！？?]|!(?!\[))|\.(?=\s|$)|<br ?/?>", re.I)
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|no|fig|approx|inc|[A-Z])|^\W*[0-9]+)$", re.I)
_CLOSING_BRACKETS = re.compile(r"[」』）)】\]\"'”’]+")
_BRACKET_DEPTHS = {**dict.fromkeys("「『（(【［[", 1), **dict.fromkeys("」』）)】］]", -1)}
_BLANK = re.compile(r"(?:\s|<br ?/?>|&nbsp;)+", re.I)

_SCHEME = r"(?:(?:https?|ftp)://|(?<![/\w.])www\.)"
_BARE_URL = re.compile(rf"{_SCHEME}[^\s<>\u3000、。」』）]*[^\s<>\u3000、。」』）?!.,:;)]", re.I)
# GitHub makes a link of everything up to the next white space.
_BARE_URL_AT_END = re.compile(rf"(?<!\]\()(?<![<\"'=]){_SCHEME}[^\s<>]*\Z", re.I)


class Sentence(msgspec.Struct, frozen=True):
    """A sentence: its span, its visible text, where its links and images lead, and its marks (see `marks`)."""

    place: Span
    text: str
    assets: frozenset[Destination]
    marks: frozenset[str] = frozenset()


def split_sentences(corpus: Corpus, note: Note, place: Span) -> list[Sentence]:
    """Return the sentences within `place`, in order; markup, quotations and brackets are not split.

    `note` has the path of one in the corpus, which may have another text.
    """
    index, found = get_file_index(corpus), []
    for start, end in _find_sentence_ranges(note, place):
        own = Span(start, end)
        text = " ".join(extract_visible_text(note, own).split())
        held = frozenset(resolve_link(index, note, one) for one in find_links_and_images(note, own))
        if text or held:
            found.append(Sentence(own, text, held, find_marks(note, own)))
    return found


def find_links_and_images(note: Note, place: Span) -> Iterator[Image | Link]:
    """Yield the links and images that begin within `place`."""
    yield from select_facts_starting_in(note.links, place)
    yield from select_facts_starting_in(note.images, place)


def trim_span(text: str, place: Span) -> Span:
    """Return `place` without surrounding white space and line breaks."""
    start, end = place.start, place.end
    while blank := _BLANK.match(text, start, end):
        start = blank.end()
    source = text[start:end]
    while source and (blank := re.search(rf"{_BLANK.pattern}\Z", source, re.I)):
        source = source[: blank.start()]
    return Span(start, start + len(source))


def _find_sentence_ranges(note: Note, place: Span) -> Iterator[tuple[int, int]]:
    text, start = note.text, place.start
    held = _find_unsplittable_spans(note, place)
    for match in _STOP.finditer(text, place.start, place.end):
        tag, at = match[0].startswith("<"), match.start()
        if at < start or any(own.start <= at < own.end for own in held if not (tag and at == own.start)):
            continue
        # A run of marks may reach into an embed: `。![[x.png]]`.
        end = min((own.start for own in held if at < own.start < match.end() < own.end), default=match.end())
        if not tag and (closing := _CLOSING_BRACKETS.match(text, end, place.end)):
            end = closing.end() if _is_balanced(text[start : closing.end()]) else end
        end = _include_closing_marks(text, start, end, place.end)
        piece = text[start:end]
        if _is_balanced(piece) and not (match[0] == "." and _ABBREVIATION.search(text[start:at])):
            yield from _trim_range(text, Span(start, end))
            start = end
    yield from _trim_range(text, Span(start, place.end))


def _include_closing_marks(text: str, start: int, end: int, last: int) -> int:
    """Return the end of a sentence, including the emphasis marks that close after it."""
    marks = re.compile(r"[*_~]+").match(text, end, last)
    return (
        marks.end() if marks and not _is_balanced(text[start:end]) and _is_balanced(text[start : marks.end()]) else end
    )


def _trim_range(text: str, place: Span) -> Iterator[tuple[int, int]]:
    place = trim_span(text, place)
    if place.start < place.end:
        yield place.start, place.end


def _find_unsplittable_spans(note: Note, place: Span) -> list[Span]:
    """Return the spans of code, links, images, tags and URLs: a full stop inside them ends no sentence."""
    kinds: tuple[Sequence[InlineMarkup | Link | Image], ...] = (note.spans, note.links, note.images)
    held = [fact.place for facts in kinds for fact in select_facts_starting_in(facts, place)]
    return [*held, *(Span(*match.span()) for match in _BARE_URL.finditer(note.text, place.start, place.end))]


def _is_balanced(piece: str) -> bool:
    """Return whether all brackets and emphasis marks are closed."""
    depth = 0
    for character in piece:
        depth = max(depth + _BRACKET_DEPTHS.get(character, 0), 0)
    return depth == 0 and all(piece.count(mark) % 2 == 0 for mark in ("**", "__", "`", "~~"))


_SENTENCE_END = re.compile(r"[。！？!?.…][」』）)\]\"'”’*_~]*$")
_EMPHASIS_MARKS = "*_~"  # behind punctuation they close only before a space or more punctuation
_WIDE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")


def has_sentence_end(text: str) -> bool:
    """Return whether a text ends like a sentence."""
    return _SENTENCE_END.search(text) is not None


def choose_separator(before: str, behind: str) -> str:
    """Return the separator that keeps two sentences apart. A bare URL has white space on both sides."""
    if _BARE_URL_AT_END.search(before):
        return " "
    separator = _choose_mark(before, behind)
    return f"{separator.rstrip()} " if _BARE_URL.match(behind) else separator


def _choose_mark(before: str, behind: str) -> str:
    if match := _SENTENCE_END.search(before):
        return "" if match[0][0] in "。！？…" and before[-1] not in _EMPHASIS_MARKS else " "
    if _HANGUL.search(before + behind):
        return ". "
    return "。" if _WIDE.search(before) or _WIDE.search(behind) else "; "


def join_sentences(texts: Iterable[str]) -> str:
    """Return the sentences as one text on one line."""
    whole = ""
    for text in map(join_lines, texts):
        whole = f"{whole}{choose_separator(whole, text)}{text}" if whole else text
    return whole


def join_lines(text: str) -> str:
    """Return a sentence with its line breaks removed."""
    pieces = [piece for piece in re.split(r"[ \t]*\n(?:[ \t]|&nbsp;)*", text.rstrip()) if piece]
    whole = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        whole = whole.removesuffix("\\")
        wide = bool(_WIDE.search(whole[-1:]) and _WIDE.search(piece[:1]))
        tight = wide or whole[-1:] in "、。，" or piece[:1] in "、。，"
        whole += piece if tight else f" {piece}"
    return whole


_STRUCK = re.compile(r"(?s)~~(?=\S)(.+?)~~")
_SIGNED = re.compile(r"(?<![\w)\]}-])[-\u2212±][0-9]+(?:[.,][0-9]+)*")
_MARKUP_SIGNS = frozenset("|<>^`~=+$→")  # of Markdown and HTML, and those that are words of a sentence already


def find_marks(note: Note, place: Span) -> frozenset[str]:
    """Return what a text says beyond its words: code as it is written, signs, signed numbers, and struck text."""
    return frozenset(_iter_marks(note, place))


def _iter_marks(note: Note, place: Span) -> Iterator[str]:
    for span in select_facts_starting_in(note.spans, place):
        if span.kind == "code":
            yield " ".join(span.place.extract_from(note.text).strip("`").split())
    text = extract_visible_text(note, place)
    for match in _STRUCK.finditer(text):
        yield f"~~{' '.join(tokenize_sentence(match[1]))}~~"
    yield from (match[0].replace("\u2212", "-") for match in _SIGNED.finditer(text))
    yield from (char for char in text if char not in _MARKUP_SIGNS and category(char) in ("So", "Sm", "Sc"))
