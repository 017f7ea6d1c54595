"""Counts of one run, kept as a line of JSON, and their plot."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from techstock.report.elements import PageContext, PageSection, make_fold, make_lead
from techstock.report.markup import Markup, join_markup, make_element

MAX_POINTS = 400  # that are plotted: the newest
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 720, 220, 48, 24  # of the plot


class RunCounts(msgspec.Struct, frozen=True):
    """The counts of one run; `date` is in ISO 8601, and `commit` empty where there is none."""

    date: str
    commit: str
    notes: int
    terms: int
    duplicates: int
    problems: dict[str, int]

    @property
    def total(self) -> int:
        """Return the number of problems of all rules."""
        return sum(self.problems.values())


class HistoryError(Exception):
    """Raised for a file that is no history; the message completes a sentence about the file."""


def parse_history(data: bytes) -> list[RunCounts]:
    """Return the runs of a history, the oldest first. Raise `HistoryError`."""
    runs = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            try:
                runs.append(msgspec.json.decode(line, type=RunCounts))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                raise HistoryError(f"holds on line {number:,} no counts of a run") from None
    return runs


def format_history(runs: Sequence[RunCounts]) -> bytes:
    """Return the file of a history."""
    return b"".join(msgspec.json.encode(run) + b"\n" for run in runs)


def make_trend_section(context: PageContext, runs: Sequence[RunCounts]) -> PageSection:
    """Return the section with the plot of all problems, and the counts as a table."""
    runs = runs[-MAX_POINTS:]
    head = [context.words.say(key) for key in ("date", "problems", "duplicates", "notes-column", "glossary")]
    rows = [
        [run.date[:10], *(f"{count:,}" for count in (run.total, run.duplicates, run.notes, run.terms))]
        for run in reversed(runs)
    ]
    top = make_element("tr", [make_element("th", name, scope="col") for name in head])
    body = [make_element("tr", [make_element("td", cell) for cell in row]) for row in rows]
    table = make_element("table", make_element("thead", top), make_element("tbody", body))
    content = [make_lead(context, "trend-lead"), _make_plot(context, runs), _make_changes(runs)]
    content.append(make_fold(context.words.say("counts"), make_element("div", table, class_="wide"), open_=True))
    return PageSection("trend", len(runs), join_markup(content))


def _make_plot(context: PageContext, runs: Sequence[RunCounts]) -> Markup:
    """Return the numbers of problems as a line; its axis begins at 0."""
    totals = [run.total for run in runs]
    top = max(*totals, 1)
    step = (_WIDTH - _LEFT - 10) / max(len(totals) - 1, 1)
    spots = [
        (round(_LEFT + index * step, 1), round((_HEIGHT - _BOTTOM) * (1 - total / top) + 8, 1))
        for index, total in enumerate(totals)
    ]
    floor = _HEIGHT - _BOTTOM + 8
    label = context.words.say("trend-chart", first=totals[0], last=totals[-1])
    parts = [
        make_element("title", label),
        make_element("line", x1=_LEFT, y1=floor, x2=_WIDTH - 10, y2=floor, class_="axis"),
        make_element("text", f"{top:,}", x=_LEFT - 6, y=14, class_="tick"),
        make_element("text", "0", x=_LEFT - 6, y=floor, class_="tick"),
        make_element("polyline", points=" ".join(f"{x},{y}" for x, y in spots)),
        *(make_element("circle", cx=str(x), cy=str(y), r=3) for x, y in spots),
    ]
    return make_element("svg", parts, viewbox=f"0 0 {_WIDTH} {_HEIGHT + 8}", role="img", class_="plot")


def _make_changes(runs: Sequence[RunCounts]) -> Markup:
    """Return what has changed since the run before, by rule."""
    if len(runs) < 2:
        return Markup()
    changes = Counter(runs[-1].problems)
    changes.subtract(runs[-2].problems)
    items = [make_element("li", f"{rule} {count:+,}") for rule, count in sorted(changes.items()) if count]
    return make_element("ul", items, class_="changes") if items else Markup()


def count_problems(found: Mapping[str, int]) -> dict[str, int]:
    """Return counts by rule in the order of their names."""
    return dict(sorted(found.items()))
