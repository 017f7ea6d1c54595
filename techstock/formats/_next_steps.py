"""The end of a run: counts by rule, and the commands that are of use next."""

from collections.abc import Iterable, Iterator
from shlex import quote

import msgspec
from msgspec.structs import replace

from techstock.formats._arrangement import rank_rules
from techstock.formats._report import Report
from techstock.model import Diagnostic
from techstock.text.escape import escape
from techstock.text.phrases import format_count
from techstock.text.terminal_width import display_width, wrap_words

_NO_BREAK = "\xa0"  # a count stays on the row of its rule
_MAX_PATHS_WIDTH = 30  # columns of the paths that are repeated in a command
_MAX_CHOICES_WIDTH = 120  # columns of the options that are


class RunContext(msgspec.Struct, frozen=True):
    """The run that the next commands follow."""

    paths: tuple[str, ...]  # as typed
    choices: tuple[str, ...]  # options that decide which problems are found, as typed: the next run needs them, too
    selection: tuple[str, ...]  # `--select` and the rules, if typed; one rule can take its place
    command: str  # `lint` or `images`
    fixed: bool  # notes have just been fixed
    clean: str  # the command that makes a baseline; empty if there is one
    mergeable: tuple[str, ...]  # the rules whose problems `merge` solves, the surest first


def format_end(report: Report, context: RunContext, *, overview: bool) -> list[str]:
    """Return the counts by rule, unless an `overview` has told them, in 80 columns, and the next commands.

    A command is never wrapped, so that it can be pasted.
    """
    rows: list[str] = []
    ranked = rank_rules(report.diagnostics)
    if not overview and len(report.diagnostics) > len(ranked):
        counts = ", ".join(f"{len(found):,}{_NO_BREAK}{rule}" for rule, found in ranked)
        wrapped = enumerate(wrap_words(f"by rule: {counts}", 78))
        rows = [f"{'  ' if index else ''}{row.replace(_NO_BREAK, ' ')}" for index, row in wrapped]
    steps = list(_list_steps(report, context, overview=overview))
    width = max((len(purpose) for purpose, _ in steps), default=0) + 1
    return [*rows, *(f"  {purpose + ':':<{width}}  {command}" for purpose, command in steps)]


def _list_steps(report: Report, context: RunContext, *, overview: bool) -> Iterator[tuple[str, str]]:
    """Yield what can be done next, each with its command."""
    fixes = [fix for one in report.diagnostics if (fix := one.problem.fix)] if not context.fixed else []
    rule = rank_rules(report.diagnostics)[0][0]
    if overview:
        yield "print all of them", _format_lint("--all", context, context.command)
        if len(rank_rules(report.diagnostics)) > 1:
            one_kind = replace(context, selection=("--select", rule))
            yield "print one kind", _format_lint("--all", one_kind, context.command)
    if safe := sum(fix.safe for fix in fixes):
        yield f"fix {safe:,} of them", _format_lint("--fix", context)
    if unsafe := len(fixes) - sum(fix.safe for fix in fixes):
        yield (
            f"look at {format_count(unsafe, 'unsafe fix', 'unsafe fixes')}",
            _format_lint("--diff --unsafe-fixes", context),
        )
    if copies := [one for one in report.diagnostics if one.rule in context.mergeable and not one.parts]:
        surest = min(copies, key=lambda one: context.mergeable.index(one.rule))
        yield "merge copies of an entry", f"techstock merge {_format_place(surest, report)}"
    yield "read about a rule", f"techstock rules {rule}"
    if context.clean:
        yield "report only new problems", context.clean


def _format_place(one: Diagnostic, report: Report) -> str:
    line, _ = report.corpus.find_position(one.problem.place)
    return escape(quote(f"{report.to_shown_path(one.problem.place.path)}:{line}"))


def _format_lint(options: str, context: RunContext, command: str = "lint") -> str:
    choices = _join_words((*context.selection, *context.choices), _MAX_CHOICES_WIDTH)
    paths = _join_words(context.paths, _MAX_PATHS_WIDTH)
    return " ".join(filter(None, ("techstock", command, options, choices, paths)))


def _join_words(words: Iterable[str], columns: int) -> str:
    """Return the words of a command as a shell reads them; `…` if they take more than these columns."""
    text = escape(" ".join(map(quote, words)))
    return text if display_width(text) <= columns else "…"
