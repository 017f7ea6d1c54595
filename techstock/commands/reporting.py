"""The report at the end of a run: problems and counts."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from techstock import formats
from techstock.commands.console import is_color_enabled, require_stdout, write_stdout
from techstock.commands.errors import UsageError
from techstock.commands.options import OutputOptions
from techstock.commands.output_files import OutputTarget, write_file
from techstock.formats import Report
from techstock.model import Corpus, Diagnostic

_UNREADABLE_RULE = "note-unreadable"


def write_reports(
    found: Sequence[Diagnostic], corpus: Corpus, targets: Sequence[OutputTarget], options: OutputOptions, base: str = ""
) -> None:
    """Write the problems to every target, files first, so that a reader of stdout can open them.

    `base` is the path of the root below the repository around it.
    """
    before = read_previous_counts(Path(options.compare)) if options.compare else None
    for target in sorted(targets, key=lambda target: target.file is None):
        render = formats.load_format(target.format).render
        if target.file is not None:
            write_file(target.file, render(Report(found, corpus, base=base, before=before)))
        elif not options.statistics:
            color = is_color_enabled(options.color, require_stdout(), os.environ)
            write_stdout(
                render(Report(found, corpus, color, _get_terminal_width(), base, before)),
                commands=target.format == "github",
            )
    if options.statistics:
        write_stdout(formats.format_statistics(found))


def read_previous_counts(file: Path) -> Counter[str]:
    """Return the number of problems by rule in a `json` report. Raise `UsageError` for anything else."""
    import json

    try:
        found = json.loads(file.read_bytes())
        if isinstance(found, list):
            return Counter(str(one["rule"]) for one in found)
    except OSError as error:
        raise UsageError(f"--compare: `{file}` cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise UsageError(f"--compare: `{file}` is no report in the format `json`")


def format_unchecked_notices(found: Sequence[Diagnostic], corpus: Corpus, scope: frozenset[str] | None) -> list[str]:
    """Return notices about unchecked notes that no diagnostic reports: the rule for them may be off."""
    said = {diagnostic.problem.place.path for diagnostic in found if diagnostic.rule == _UNREADABLE_RULE}
    return [
        f"`{note.path}` is not checked{' completely' if note.text else ''}: {fault.message}"
        for note in corpus.notes
        if note.faults and note.path not in said and (scope is None or note.path in scope)
        for fault in note.faults
    ]


def _get_terminal_width() -> int:
    """Return the width of the terminal in columns, 0 if stdout is no terminal."""
    try:
        return os.get_terminal_size(require_stdout().fileno()).columns
    except (OSError, ValueError):  # no terminal, or no file at all
        return 0
