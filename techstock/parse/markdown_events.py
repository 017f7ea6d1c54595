"""Events of the native Markdown parser, with places in code points. The only module that imports pyromark.

pulldown-cmark follows CommonMark. Where GitHub's renderer reads a text differently, the parser is given a text that it
reads like GitHub; the places are those in the text as it was.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Any, NamedTuple
from unicodedata import category

from pyromark import Markdown, Options

from techstock.parse.source_text import find_front_matter
from techstock.text.lazy_patterns import compile_lazily

PlacedEvent = tuple[Any, Any]
"""An event as pyromark yields it, a string or a dict with one key, and its `start` and `end` as byte offsets."""

_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_FOOTNOTES | Options.ENABLE_MATH
_PARSER = Markdown(options=_OPTIONS)
_FIRST_BYTES = bytes(not 0x80 <= byte < 0xC0 for byte in range(256))
_LONG_LINE = 2_000  # bytes; what is shorter is counted each time
_STAND_INS = {2: "\u00e6", 3: "\u6587", 4: "\U00020bb7"}  # letters, by their length in UTF-8

_MARK_BESIDE_CHARACTER = compile_lazily(r"[*_](?:(?=[^\x00-\x7f])|(?<=[^\x00-\x7f][*_]))")
_TAB_BEHIND_FENCE = compile_lazily(r"(?<=```|~~~)[ \t]*\t[ \t]*$", re.M)
_DASH_AND_PIPE = compile_lazily(r"-[ \t:]*\|"), compile_lazily(r"\|[ \t:]*-")  # one or the other begins a fast search
_DELIMITER_ROW = compile_lazily(r"[ \t>]*(\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*)")
# The header of a table; a group is what has no pipe in front.
_HEADER = compile_lazily(
    r"[ \t>]*(?!(?:[-+*]|\d+[.)]|#{1,6})(?:\s|$)|```|~~~|([-*_])[ \t]*(?:\1[ \t]*){2,}$)(?:([^\s|<>].*)|\S.*)$"
)
_PIPE = compile_lazily(r"(?<!\\)\|")
_CLOSING_PIPE = compile_lazily(r"(?<!\\)\|[ \t]*$")
_ROW = compile_lazily(r"\n([ \t]*)(?:(?<=    )|(?<=\t)|(?![-+*>#`~<=0-9]|\|[ \t]*$))([^ \t\n].*)", re.M)
# Formulas; `$5、または$6`, `$HOME:$PATH` and other signs that are no formula are kept from the parser. What must not
# stand before the sign is tested behind it: a search that begins with a character is fast.
_FORMULA = compile_lazily(
    r"\$(?:(?<![\\$]\$)\$(?!\$)(?:(?!\$\$|\n[ \t]*\n)[\s\S])+?\$\$(?!\$)"
    r"|(?<![\\$A-Za-z0-9_]\$)(?=[^\s$])(?:[^$\n\\、。]|\\.|\n(?!\s*\n))*?(?<=[^\s\\])\$(?![A-Za-z0-9_$]))"
)
_DECLARATION = compile_lazily(r"<!(?=[a-z])")  # GitHub knows those in capitals


class ParserPanicError(Exception):
    """The native parser failed on a text."""


PositionLookup = Callable[[int], int]
"""A function from byte offsets of what was parsed to positions in the text."""


class MarkdownEvents(NamedTuple):
    """The events of a text, and what they do not tell.

    `definitions` are the places of the link definitions, as byte offsets, by label; `front_matter` is its end, or 0.
    """

    events: Iterator[PlacedEvent]
    to_position: PositionLookup
    definitions: dict[str, tuple[int, int]]
    front_matter: int


@contextmanager
def convert_panics() -> Iterator[None]:
    """Raise `ParserPanicError` for a panic of the native parser, which is no `Exception` and cannot be imported."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ParserPanicError(str(error)) from error
        raise


def parse_events(text: str) -> MarkdownEvents:
    """Parse a text, whose lines end in `\\n`; its front matter is blank."""
    end = find_front_matter(text)
    if end:
        text = "\n".join([" " * len(line) for line in text[:end].split("\n")]) + text[end:]
    try:
        text.encode()
    except UnicodeEncodeError:
        text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    inserted: list[int] = []
    prepared = _copy_like_github(text, inserted)
    definitions = _PARSER.reference_definitions(prepared) if "]:" in prepared else {}
    return MarkdownEvents(
        _PARSER.events_with_range(prepared),
        _map_positions(prepared, inserted),
        {normalize_label(label): (at["span"]["start"], at["span"]["end"]) for label, at in definitions.items()},
        end,
    )


def normalize_label(label: str) -> str:
    """Return the form in which labels of links are compared."""
    return " ".join(label.split()).casefold()


def _copy_like_github(text: str, inserted: list[int]) -> str:
    """Return the text for the parser; `inserted` receives the positions of characters that only this text has."""
    if not text.isascii():
        text = _replace_symbols(text)
    if "<!" in text:
        text = _DECLARATION.sub("<.", text)
    if "$" in text:
        text = _mask_dollars(text)
    if "\t" in text:
        text = _TAB_BEHIND_FENCE.sub(lambda match: " " * len(match[0]), text)
    return _adapt_tables(text, inserted) if "|" in text else text


def _mask_dollars(text: str) -> str:
    """Replace the dollar signs outside formulas by another sign, which means nothing to the parser."""
    pieces, done = [], 0
    for match in _FORMULA.finditer(text):
        pieces += [text[done : match.start()].replace("$", "%"), match[0]]
        done = match.end()
    return "".join([*pieces, text[done:].replace("$", "%")])


def _replace_symbols(text: str) -> str:
    """Replace symbols beside emphasis marks: to CommonMark 0.29, as GitHub follows it, only ASCII ones are signs."""
    found = None
    for match in _MARK_BESIDE_CHARACTER.finditer(text):
        for at in (max(match.start() - 1, 0), match.end()):
            character = text[at : at + 1]
            if character > "\x7f" and category(character)[0] == "S":
                found = found or list(text)
                found[at] = _STAND_INS[len(character.encode())]
    return "".join(found) if found else text


def _find_delimiter_rows(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the rows below the headers of tables, without indentation and quote marks."""
    lines = {line for form in _DASH_AND_PIPE for line in _find_lines(text, form)}
    for line in sorted(lines - {0}):
        end = text.find("\n", line)
        end = len(text) if end < 0 else end
        row = _DELIMITER_ROW.match(text, line, end)
        if row and row.end() == end:
            yield row.span(1)


def _find_lines(text: str, form: re.Pattern[str]) -> Iterator[int]:
    """Yield the start of each line in which a form begins, once: a line may hold very many."""
    at = 0
    while match := form.search(text, at):
        yield text.rfind("\n", at, match.start()) + 1 or at
        at = text.find("\n", match.start())
        if at < 0:
            return


def _adapt_tables(text: str, inserted: list[int]) -> str:
    """Change rows below headers, and headers, so that pulldown-cmark sees a table where GitHub does.

    It allows no tabs, needs a pipe in the header, in front if text is above it, and takes code below for a row.
    """
    pieces, done, last = [], 0, 0
    for start, end in _find_delimiter_rows(text):
        above = text.rfind("\n", 0, start)
        line = text.rfind("\n", 0, above) + 1
        header = _HEADER.match(text, line, above)
        if line < last or not header or _count_cells(header[0]) != _count_cells(text[start:end]):
            continue  # a row like another, or no table
        row = text[start:end].replace("\t", " ")
        if row.startswith("- "):
            row = row.replace("|", "/")  # an entry, and no table
        elif header[2] and ("|" not in header[2] or _has_text_above(text, line)):
            inserted.append(header.start(2) + len(inserted))
            pieces += [text[done : header.start(2)], "|"]
            done = header.start(2)
        if row != text[start:end]:
            pieces += [text[done:start], row]
            done = end
        code, last = _find_code_below(text, line, end)
        if code and not row.startswith("- "):
            inserted.append(last + len(inserted))
            pieces += [text[done:last], "\n"]
            done = last
    return "".join([*pieces, text[done:]])


def _count_cells(row: str) -> int:
    row = row.strip(" \t>").removeprefix("|")
    return len(_PIPE.findall(row)) + (not _CLOSING_PIPE.search(row))


def _has_text_above(text: str, line: int) -> bool:
    return bool(text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : line].strip(" \t>\n"))


def _find_code_below(text: str, header: int, end: int) -> tuple[bool, int]:
    """Return whether indented code ends the table whose second row ends at `end`, and where its rows end."""
    line = text[header:end]
    margin = len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(4))
    while row := _ROW.match(text, end):
        if len(row[1].expandtabs(4)) >= margin + 4:
            return True, row.start(1)
        if not _PIPE.search(row[2]):
            break
        end = row.end()
    return False, end


def _map_positions(prepared: str, inserted: list[int]) -> PositionLookup:
    if inserted:
        widths = bytearray(prepared.encode().translate(_FIRST_BYTES))
        for at in inserted:
            widths[len(prepared[:at].encode())] = 0
        return list(accumulate(widths, initial=0)).__getitem__
    return range(len(prepared) + 1).__getitem__ if prepared.isascii() else _make_line_lookup(prepared)


def _make_line_lookup(text: str) -> PositionLookup:
    """Return a lookup that counts from the start of a line. Most questions are about the line of the last.

    The characters of a long line are counted once: it may hold very many marks.
    """
    data = text.encode()
    starts = list(accumulate(map((1).__add__, map(len, data.split(b"\n"))), initial=0))
    firsts = list(accumulate(map((1).__add__, map(len, text.split("\n"))), initial=0))
    start = first = end = 0
    counts: Sequence[int] = ()  # of the characters before each byte of the line, if it is long
    known: dict[int, Sequence[int]] = {}

    def to_position(at: int) -> int:
        nonlocal start, first, end, counts
        if not start <= at < end:
            line = bisect_right(starts, at) - 1
            start, first, end = starts[line], firsts[line], starts[line + 1]
            if end - start > _LONG_LINE and line not in known:
                known[line] = array("I", accumulate(data[start:end].translate(_FIRST_BYTES), initial=0))
            counts = known.get(line, ())
        return first + (counts[at - start] if counts else len(data[start:at].decode()))

    return to_position
