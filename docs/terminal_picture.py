"""Draw what `techstock lint notes` prints as docs/terminal.svg: `python docs/terminal_picture.py` writes it anew.

Each run of words of one width and one style is a `<text>` with its exact place and length, so that the marks below
Japanese text are aligned in any font. The picture has its own dark background, and loads nothing.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import techstock
from techstock.text.terminal_width import measure_characters

ROOT = Path(__file__).parents[1]
FILE = Path(__file__).with_name("terminal.svg")
COMMAND = "techstock lint notes"
_COLUMN, _ROW, _MARGIN = 8.4, 19, 16  # pixels
_COLUMNS = 80
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono CJK JP', 'MS Gothic', monospace"
_COLORS = {"31": "#ff7b72", "33": "#e3b341", "34": "#79c0ff", "36": "#7d8590"}
_WORDS = re.compile(r"\S+(?: \S+)*")  # browsers join spaces, and leave out those at the ends, whatever `xml:space` says
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


def run_command() -> str:
    """Return what the command prints on this repository's notes, with colours; stdout first."""
    with TemporaryDirectory() as scratch:
        shutil.copytree(ROOT / "notes", Path(scratch, "notes"))
        env = os.environ | {"FORCE_COLOR": "1", "PYTHONPATH": str(Path(techstock.__file__).parents[1])}
        done = subprocess.run(
            [sys.executable, "-P", "-m", *COMMAND.split(), "--no-cache"],
            cwd=scratch,
            env={name: value for name, value in env.items() if name not in ("NO_COLOR", "GITHUB_ACTIONS")},
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
    return done.stdout + done.stderr


def draw_picture(text: str) -> str:
    """Return terminal output with colours as an SVG."""
    lines = [f"\x1b[1m$ {COMMAND}\x1b[0m", *text.rstrip("\n").split("\n")]
    drawn = [row for line in lines for row in _draw_line(line)]
    width, height = 2 * _MARGIN + _COLUMNS * _COLUMN, 2 * _MARGIN + len(drawn) * _ROW
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height}" '
        f'viewBox="0 0 {width:g} {height}" role="img" aria-label="{escape(COMMAND)}">',
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n<g font-family="{_FONT}" font-size="14" '
        'fill="#e6edf3">',
    ]
    for number, row in enumerate(drawn, 1):
        y = _MARGIN + number * _ROW - 5
        rows += [f'<text x="{x:g}" y="{y}" {rest}' for x, rest in row]
    return "\n".join([*rows, "</g>\n</svg>\n"])


def _draw_line(line: str) -> list[list[tuple[float, str]]]:
    """Return the rows of one line, which a terminal breaks at its edge: runs, each with its place and its text."""
    rows: list[list[tuple[float, str]]] = [[]]
    column = 0
    for style, text in _split_styles(line):
        cells = list(zip(text, measure_characters(text), strict=True))
        placed: list[tuple[int, int, int, str]] = []  # row, column, width, character
        for character, width in cells:
            if column + width > _COLUMNS:
                rows.append([])
                column = 0
            placed.append((len(rows) - 1, column, width, character))
            column += width
        for (row, width), run in groupby(placed, key=lambda cell: (cell[0], cell[2])):
            found = list(run)
            for words in _WORDS.finditer("".join(cell[3] for cell in found)):
                length = width * len(words[0]) * _COLUMN
                place = _MARGIN + found[words.start()][1] * _COLUMN
                rows[row].append((place, f'textLength="{length:g}"{_format_style(style)}>{escape(words[0])}</text>'))
    return rows


def _split_styles(line: str) -> Iterator[tuple[str, str]]:
    """Yield each style, as ANSI writes it, with its text."""
    style, at = "", 0
    for match in _ESCAPE.finditer(line):
        yield style, line[at : match.start()]
        style, at = match[1].removeprefix("0"), match.end()
    yield style, line[at:]


def _format_style(style: str) -> str:
    parts = style.split(";")
    weight = ' font-weight="bold"' if "1" in parts else ""
    return weight + "".join(f' fill="{_COLORS[part]}"' for part in parts if part in _COLORS)


if __name__ == "__main__":
    FILE.write_text(draw_picture(run_command()), "utf-8", newline="\n")
