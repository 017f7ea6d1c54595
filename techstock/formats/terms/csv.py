"""A row for each term, for spreadsheets and flash cards."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from techstock.formats._report import PROGRAMS, Report
from techstock.formats.terms._locations import format_line_location, group_by_definition
from techstock.survey.term_index import IndexedTerm
from techstock.text.escape import escape

AUDIENCE = PROGRAMS

_BOM = "\ufeff"  # without it, Excel takes UTF-8 for something else
_FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"  # also in full width: spreadsheets of Japan take these, too
_MAX_CELL_LENGTH = 32_767  # characters of a cell, in Excel


def render(terms: Sequence[IndexedTerm], report: Report) -> Iterator[str]:
    """Yield rows of term, definitions, places, spellings; several values in one cell are on separate lines."""
    yield _BOM
    yield _format_row(["term", "definition", "places", "spellings"])
    for term in terms:
        places = [format_line_location(spot) for _, spots in group_by_definition(term, report) for spot in spots]
        definitions = [line for text in term.definitions for line in text.split("\n")]
        yield _format_row(map(_format_cell, ([term.term], definitions, places, term.spellings)))


def _format_row(cells: Iterator[str] | Sequence[str]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerow(cells)  # ends with \r\n, quotes what needs it: RFC 4180
    return out.getvalue()


def _format_cell(lines: Sequence[str]) -> str:
    """Return lines as a cell that is never read as a formula: a line that begins like one is prefixed with `'`."""
    text = "\n".join(_neutralize_formula(escape(line)) for line in lines)
    return text if len(text) <= _MAX_CELL_LENGTH else f"{text[: _MAX_CELL_LENGTH - 1]}…"


def _neutralize_formula(line: str) -> str:
    return f"'{line}" if line.lstrip().startswith(tuple(_FORMULA_STARTS)) else line
