"""Input of an output format, and who reads what it makes of it.

Text for people is disarmed wherever it goes, data for programs is exact to the byte. Each format says once which of the
two it is, as `AUDIENCE`. What people read may end up in the log of a build server, which obeys commands in it, and no
variable tells for sure. What programs read must not be changed; such a format is harmless by its own means, if at all.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import Final, ParamSpec

import msgspec
from msgspec.structs import replace

from techstock.model import ERROR, INFO, LEVELS, WARNING, Corpus, Diagnostic, Problem, Span
from techstock.text.escape import disarm_log_commands
from techstock.text.folders import list_folders_of, make_shown_path, show_named_paths

PEOPLE: Final = "people"
PROGRAMS: Final = "programs"
_Given = ParamSpec("_Given")
HEADING_STYLE = "1"
MUTED_STYLE = "36"
SEVERITY_STYLES = {ERROR: "1;31", WARNING: "1;33", INFO: "1;34"}
_DEFAULT_COLUMNS = 80
_MIN_COLUMNS = 40  # narrower than this, a mark and its label have no room beside each other


class Report(msgspec.Struct, frozen=True):
    """Diagnostics in the order of their paths and spans, and the corpus that they are about.

    `color` tells whether to use ANSI colours. `width` is the width of the terminal in columns, 0 if there is none.
    `base` is the path of the root relative to the repository around it, empty if that is the root itself or there is
    none. `before` counts the problems of an earlier run by rule, for comparison; `None` if there is none. `root` and
    `cwd` are absolute, with `/`; people get paths relative to `cwd`, and to the root if these are empty. `group_by` and
    `most` are for `full`, `grouped` and `concise`: what problems are grouped by (`note`, `rule` or nothing), and how
    many are printed at most (0: all). Problems of the rules in `counted` are not printed there; the summary
    counts them. `unfinished` is the number of rules that could not finish.
    """

    diagnostics: Sequence[Diagnostic]
    corpus: Corpus
    color: bool = False
    width: int = 0
    base: str = ""
    before: Counter[str] | None = None
    root: str = ""
    cwd: str = ""
    group_by: str = ""
    most: int = 0
    counted: frozenset[str] = frozenset()
    unfinished: int = 0

    def select_printed(self) -> "Report":
        """Return the report without the problems that people get as a count."""
        if not self.counted:
            return self
        return replace(self, diagnostics=[one for one in self.diagnostics if one.rule not in self.counted])

    @property
    def columns(self) -> int:
        """Return the maximum width of the output in columns, at least 40."""
        return max(self.width or _DEFAULT_COLUMNS, _MIN_COLUMNS)

    def colorize(self, text: str, style: str) -> str:
        """Return text in an ANSI style if the report is coloured."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and text else text

    def locate_span(self, place: Span) -> tuple[int, int, int, int]:
        """Return line and column of a span's start, and of its end (exclusive), from 1, columns in code points.

        All four are 1 if the span is in no note of the corpus (a configuration file, an image).
        """
        note = self.corpus.by_path.get(place.path)
        if note is None:
            return 1, 1, 1, 1
        return (*note.lines.find_position(place.start), *note.lines.find_position(place.end))

    def format_location(self, place: Span) -> str:
        """Return `path:line:column` of the start of a span, for people; the path is not escaped."""
        line, column = self.corpus.find_position(place)
        return f"{self.to_shown_path(place.path)}:{line}:{column}"

    def to_shown_path(self, path: str) -> str:
        """Return the path of a file of the project as people can paste it: relative to the working directory."""
        return make_shown_path(path, self.root, self.cwd)

    def to_shown_text(self, problem: Problem, text: str) -> str:
        """Return a text of a problem with the paths that it names as people can paste them."""
        if self.root == self.cwd or "`" not in text:
            return text
        return show_named_paths(text, _list_named_paths(problem), self.to_shown_path)

    def to_repository_path(self, path: str) -> str:
        """Return the path relative to the top of the repository, not to a project inside it."""
        return f"{self.base}/{path}" if self.base else path


def _list_named_paths(problem: Problem) -> set[str]:
    """Return the paths from the root that the texts of a problem may name, in backticks."""
    paths = {problem.place.path, *(other.place.path for other in problem.related)}
    target = problem.data.get("path")
    return paths | {target, *list_folders_of([target])} if isinstance(target, str) else paths


def group_by_rule(diagnostics: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """Return the diagnostics of each rule, in their order."""
    found: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        found.setdefault(diagnostic.rule, []).append(diagnostic)
    return found


def rank_by_severity(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the worst problems first: by severity, then by the number of related places, then in the given order."""
    return sorted(diagnostics, key=lambda found: (LEVELS.index(found.severity), -len(found.problem.related)))


def put_differing_first(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the copies that differ before all other problems, else in their order.

    Of two copies that say two things, at least one is wrong.
    """
    return sorted(diagnostics, key=lambda found: not _has_differences(found))


def put_differing_paths_first(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the problems of paths with copies that differ before those of other paths, else in their order."""
    paths = {found.problem.place.path for found in diagnostics if _has_differences(found)}
    return sorted(diagnostics, key=lambda found: found.problem.place.path not in paths)


def _has_differences(found: Diagnostic) -> bool:
    return bool(found.problem.data.get("differs"))


def prepare_render(render: Callable[_Given, Iterator[str]], audience: str) -> Callable[_Given, Iterator[str]]:
    """Return the function of a format with its output disarmed, if people read it."""
    if audience == PROGRAMS:
        return render

    @wraps(render)
    def render_disarmed(*given: _Given.args, **named: _Given.kwargs) -> Iterator[str]:
        return map(disarm_log_commands, render(*given, **named))

    return render_disarmed
