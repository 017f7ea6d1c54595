"""The report at the end of a run, and its targets: one format to stdout, others to files."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from techstock import formats
from techstock.commands.console import (
    OutputRecord,
    get_terminal_width,
    is_color_enabled,
    require_stdout,
    write_output,
    write_stdout,
)
from techstock.commands.errors import UsageError
from techstock.commands.options import OutputOptions
from techstock.commands.output_files import OutputTarget, write_file
from techstock.commands.session import Session, locate_cache
from techstock.engine import RuleRun
from techstock.formats import Report
from techstock.model import OFF, Corpus, Diagnostic
from techstock.registry import PAIRS
from techstock.storage.regular_file import FileTooLargeError, read_regular_file

_MAX_REPORT_SIZE = 256 * 1024 * 1024  # bytes of a report to compare with
_UNREADABLE_RULE = "note-unreadable"


def make_report(found: Sequence[Diagnostic], corpus: Corpus, work: Session, options: OutputOptions) -> Report:
    """Return the report of these problems, with paths for people relative to the working directory."""
    root, cwd = (path.as_posix() for path in (work.project.root, work.cwd))
    return Report(
        found, corpus, base=work.project.base, root=root, cwd=cwd, group_by=options.group_by, most=options.most
    )


class RunEnd(msgspec.Struct, frozen=True):
    """The summary of a run, and the rows about what to do next; `overview` are those below a first screen."""

    summary: str
    steps: tuple[str, ...] = ()
    overview: tuple[str, ...] = ()  # empty: no first screen in place of many problems


def write_reports(
    report: Report, targets: Sequence[OutputTarget], options: OutputOptions, end: RunEnd, record: OutputRecord
) -> list[str]:
    """Write the problems to every target, files first, so that a reader of stdout can open them.

    Return the rows at the end that remain for stderr. What goes to stdout is added to `record`.
    """
    report = replace(report, before=read_previous_counts(Path(options.compare)) if options.compare else None)
    rest = [end.summary, *end.steps]
    for target in sorted(targets, key=lambda target: target.file is None):
        chosen = formats.load_format(target.format)
        if target.file is not None:
            write_file(target.file, chosen.render(report))
        elif not options.statistics:
            color = is_color_enabled(options.color, require_stdout(), os.environ)
            shown = replace(report, color=color, width=get_terminal_width(require_stdout()))
            shown = shown.select_printed() if target.format in formats.ARRANGED else shown
            if end.overview and (screen := _render_first_screen(shown, end)):
                write_stdout(record.copy_pieces(screen))
                rest = []
            else:
                write_output(record.copy_pieces(chosen.render(shown), exact=chosen.exact), exact=chosen.exact)
    if options.statistics:
        write_stdout(record.copy_pieces(formats.format_statistics(report.diagnostics)))
    return rest


def _render_first_screen(report: Report, end: RunEnd) -> list[str]:
    """Return the rows of the first screen; none if all problems fit on two screens."""
    from techstock.formats._first_screen import fits_two_screens, format_first_screen

    if fits_two_screens(report, [end.summary, *end.steps]):
        return []
    return list(format_first_screen(report, end.summary, end.overview))


def may_show_first_screen(
    options: OutputOptions, targets: Iterable[OutputTarget], environment: Mapping[str, str]
) -> bool:
    """Return whether stdout is a terminal that a person looks at, who has not asked how problems are printed."""
    if options.all or options.group_by or options.most or options.statistics or environment.get("PRE_COMMIT"):
        return False
    formatted = [target.format for target in targets if target.file is None]
    return formatted == [formats.FULL] and require_stdout().isatty()


def read_previous_counts(file: Path) -> Counter[str]:
    """Return the number of problems by rule in a `json` report. Raise `UsageError` for anything else."""
    from techstock.text.bounded_parsing import parse_json

    try:
        found = parse_json(read_regular_file(file, _MAX_REPORT_SIZE, follow_links=True))
        if isinstance(found, list):
            return Counter(str(one["rule"]) for one in found)
    except FileTooLargeError:
        raise UsageError(f"--compare: `{file}` has more than {_MAX_REPORT_SIZE:,} bytes") from None
    except OSError as error:
        raise UsageError(f"--compare: `{file}` cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        pass
    raise UsageError(f"--compare: `{file}` is not a report in the format `json`")


def format_unchecked_notices(report: Report, scope: frozenset[str] | None) -> list[str]:
    """Return notices about unchecked notes that no diagnostic reports: the rule for them may be off."""
    said = {one.problem.place.path for one in report.diagnostics if one.rule == _UNREADABLE_RULE}
    return [
        f"`{report.to_shown_path(note.path)}` is not checked{' completely' if note.text else ''}: {fault.message}"
        for note in report.corpus.select_notes(scope)
        if note.faults and note.path not in said
        for fault in note.faults
    ]


def format_scope_notices(work: Session, plans: Iterable[RuleRun]) -> tuple[str, ...]:
    """Return a notice for the first run on a project, when nothing is kept yet: that all its notes are compared.

    It is for a run that finds copies in two folders, and does not set `duplicate-scope`. Call it before the cache is
    written.
    """
    config = work.config
    if not work.loading.cache or config.duplicate_scope != "corpus" or ("duplicate-scope",) in config.origins:
        return ()
    folders = len({path.rpartition("/")[0] for path in work.paths})
    if folders == 1 or not any(plan.rule.sight == PAIRS and plan.severity != OFF for plan in plans):
        return ()
    if Path(locate_cache(work.loading.cache_dir, work.project.root, work.cwd).path).exists():
        return ()
    return (
        f"definitions are compared across all {folders:,} folders of the project; "
        '`duplicate-scope = "directory"` compares those of one folder only',
    )


def spans_folders(diagnostic: Diagnostic) -> bool:
    """Return whether a problem has places in notes of different folders."""
    places = (diagnostic.problem.place, *(other.place for other in diagnostic.problem.related))
    return len({place.path.rpartition("/")[0] for place in places}) > 1
