"""`techstock explain`: how the duplicates of one entry were judged, in rows of 80 columns."""

from bisect import bisect_left
from collections.abc import Callable, Iterator

from techstock.commands.console import print_messages, write_stdout
from techstock.commands.corpus_loading import load_until_unchanged
from techstock.commands.errors import UsageError
from techstock.commands.options import SessionOptions
from techstock.commands.session import Session, open_session
from techstock.config import Settings, resolve_severity
from techstock.duplicates import CONFLICT, NEAR
from techstock.duplicates.clusters import DuplicateResults, compare_all_entries, find_clusters
from techstock.duplicates.entries import ComparedEntry, extract_visible_text
from techstock.duplicates.entry_kinds import (
    ANSWER,
    DEFINITION,
    FIELD,
    FRAME,
    HEADING,
    JOURNAL,
    QUESTION,
    QUOTE,
    SOURCE,
    STEP,
)
from techstock.duplicates.explanation import NearestEntry, PairExplanation, explain_pair, find_nearest_entries
from techstock.duplicates.matching import get_entry_kind
from techstock.duplicates.normalize import compute_weight, make_readable, normalize_text
from techstock.duplicates.prose import get_compared_entry, list_compared_entries
from techstock.duplicates.term_keys import strip_term_markup
from techstock.model import OFF, Corpus, Note
from techstock.text.escape import escape
from techstock.text.terminal_width import display_width, truncate_to_width, wrap_words

_WIDTH = 80  # columns
_MAX_NEIGHBOURS = 5  # neighbours
_MIN_TERM_WIDTH = 20  # columns; in less, the term above an entry says nothing
_MAX_SENTENCES = 3  # sentences in common


def format_explanation(
    corpus: Corpus, config: Settings, note: Note, entry: int, line: int, show: Callable[[str], str] = str
) -> Iterator[str]:
    """Yield the rows about an entry, given by its index and the line it was found by; escaped, without line ends.

    `show` returns the path of a note as it is printed.
    """
    decision = compare_all_entries(corpus)
    units, number = decision.views.units, corpus.notes.index(note)
    begins = _find_entry_line(note, entry)
    yield from _format_entry_header("", note, entry, show)
    if line != begins:
        yield f"  (line {line} belongs to it)"
    yield ""
    unit = next((index for index, unit in enumerate(units) if (unit.note, unit.entry) == (number, entry)), -1)
    if unit < 0:
        yield from _wrap_message("", f"It is not compared with others: {_explain_not_compared(note, entry)}.")
        return
    yield from _wrap_message("", _conclusion(decision, config, unit))
    yield ""
    yield from _format_compared_parts(decision, units[unit])
    yield ""
    yield from _format_neighbours(decision, config, unit, show)


_KINDS = {
    DEFINITION: "a definition",
    HEADING: "the heading of what is nested in it",
    STEP: "a step",
    SOURCE: "a source",
    FIELD: "a field of a reference",
    QUOTE: "a quote",
    JOURNAL: "a line of a journal",
    QUESTION: "a question",
    FRAME: "a frame, such as a licence or what leads to a list",
    ANSWER: "an answer to a numbered question",
}


def _conclusion(decision: DuplicateResults, config: Settings, unit: int) -> str:
    """Return in one sentence what an entry is taken for, and whether it is reported as a copy."""
    views = decision.views
    own = views.units[unit]
    kind = get_entry_kind(views, own)
    what = "a label with a value" if kind in (DEFINITION, HEADING) and views.is_label(own) else _KINDS[kind]
    reported = [
        rule
        for other in dict.fromkeys(_find_paired_entries(decision, config, unit))
        if other != unit
        and (rule := explain_pair(decision, unit, other).rule)
        and resolve_severity(config, rule)[0] != OFF
    ]
    if reported:
        return f"It is taken for {what}, and reported as a copy of {_count(len(reported))} by {reported[0]}."
    why = "" if kind in (DEFINITION, HEADING) else ", which is not compared by itself"
    return f"It is taken for {what}{why}; it is not reported as a copy."


def _count(number: int) -> str:
    return "another entry" if number == 1 else f"{number:,} others"


def _explain_not_compared(note: Note, entry: int) -> str:
    if not normalize_text(extract_visible_text(note, get_compared_entry(note, entry).head)):
        return "it has no text of its own"
    return "it only leads somewhere, names where something comes from, or is a thing to do"


def _format_compared_parts(decision: DuplicateResults, unit: ComparedEntry) -> Iterator[str]:
    """Yield rows about the parts of the entry that are compared."""
    yield from _wrap_message("  ", f"term key   {_format_term_key(decision, unit)}")
    yield f"  weight     {unit.weight:g}; an ideograph or kana counts 1, any other character one half"
    if unit.core not in (0, unit.weight):
        yield f"  definition {unit.core:g} of that"
    if unit.items:
        weight = sum(map(compute_weight, unit.items))
        yield f"  nested     {len(unit.items):,} more that weigh {weight:g}, compared with it"
    if unit.sentences:
        yield "  sentences  as they are compared, each with its weight:"
    for sentence in unit.sentences:
        yield _truncate_row(f"    {compute_weight(sentence):>5g}  ", make_readable(sentence))
    if not unit.sentences:
        yield "  sentences  none"


def _format_term_key(decision: DuplicateResults, unit: ComparedEntry) -> str:
    if not unit.key:
        return "none"
    also = f", or `{unit.short}`" if unit.short else ""
    apart = f", told from others by `({unit.other})`" if unit.other else ""
    label = (
        ", a label: it recurs below other parents and says other things there" if decision.views.is_label(unit) else ""
    )
    return f"`{unit.key}`{also}{apart}{label}"


def _format_neighbours(
    decision: DuplicateResults, config: Settings, unit: int, show: Callable[[str], str]
) -> Iterator[str]:
    views = decision.views
    joined = set(_find_paired_entries(decision, config, unit)) - {unit}
    near = find_nearest_entries(views, unit, joined, _MAX_NEIGHBOURS)
    if not near:
        yield "No other entry has anything in common with it."
        return
    scope = views.corpus.duplicate_scope
    yield f"The nearest of {len(views.units) - 1:,} other entries; `duplicate-scope` is `{scope}`:"
    for rank, one in enumerate(near, 1):
        yield ""
        note = views.corpus.notes[views.units[one.index].note]
        yield from _format_entry_header(f"{rank}. ", note, views.units[one.index].entry, show)
        yield from _format_neighbour(decision, config, unit, one, explain_pair(decision, unit, one.index), rank)


def _find_paired_entries(decision: DuplicateResults, config: Settings, unit: int) -> Iterator[int]:
    """Yield the indexes of the entries that are paired with this one and normally reported, itself included."""
    for pair in decision.found:
        if unit in (pair.first, pair.second) and pair.kind != CONFLICT:
            yield from (pair.first, pair.second)
    if resolve_severity(config, "near-duplicate")[0] == OFF:
        return
    units = decision.views.units
    for finding in find_clusters(decision.views.corpus, NEAR):
        members = finding.members
        if (units[unit].note, units[unit].entry) in members:
            yield from (index for index, one in enumerate(units) if (one.note, one.entry) in members)


def _format_neighbour(
    decision: DuplicateResults, config: Settings, unit: int, near: NearestEntry, judged: PairExplanation, rank: int
) -> Iterator[str]:
    own, other = decision.views.units[unit], decision.views.units[near.index]
    indent = " " * len(f"{rank}. ")
    yield from _wrap_message(indent, _format_verdict(config, judged))
    same = decision.views.is_same_term(own, other)
    key = "no term key" if not other.key else "the same term key" if same else f"term key `{other.key}`"
    yield from _wrap_message(indent, f"Jaccard {near.jaccard:.2f}, containment {near.contained:.2f}, {key}")
    shared = [sentence for sentence in dict.fromkeys(own.sentences) if sentence in other.sentences]
    for sentence in shared[:_MAX_SENTENCES]:
        yield _truncate_row(f"{indent}in both: ", make_readable(sentence))
    if len(shared) > _MAX_SENTENCES:
        yield f"{indent}and {len(shared) - _MAX_SENTENCES:,} more"


def _format_verdict(config: Settings, judged: PairExplanation) -> str:
    """Return which rule reports a pair, or why none does."""
    why = "; ".join(judged.why)
    if not judged.rule:
        return f"not reported: {why}"
    severity, _ = resolve_severity(config, judged.rule)
    if severity == OFF:
        return f"not reported, for {judged.rule} is off: {why}"
    return f"reported by {judged.rule} ({severity}): {why}"


def _find_entry_line(note: Note, entry: int) -> int:
    return note.lines.find_line(get_compared_entry(note, entry).place.start) + 1


def _format_entry_header(start: str, note: Note, entry: int, show: Callable[[str], str]) -> Iterator[str]:
    """Yield the location of an entry, the term above it, and its text."""
    around = get_compared_entry(note, entry).parent
    while around >= 0 and not note.entries[around].name:
        around = note.entries[around].parent
    under = f", under `{strip_term_markup(note.entries[around].name)}`" if around >= 0 else ""
    spot = escape(f"{show(note.path)}:{_find_entry_line(note, entry)}")
    yield (
        _truncate_row(f"{start}{spot}", under) if display_width(spot) <= _WIDTH - _MIN_TERM_WIDTH else f"{start}{spot}"
    )
    text = " ".join(extract_visible_text(note, get_compared_entry(note, entry).head).split())
    yield _truncate_row(" " * (len(start) or 2), text or "(no text)")


def _truncate_row(indent: str, text: str) -> str:
    """Return one row with text of a note, cut at 80 columns."""
    return indent + truncate_to_width(escape(text), _WIDTH - display_width(indent))


def _wrap_message(indent: str, text: str) -> Iterator[str]:
    """Yield a message of techstock wrapped into as many rows as it needs."""
    for row in wrap_words(escape(text), _WIDTH - len(indent)):
        yield indent + row
        indent = " " * len(indent)


class ExplainOptions(SessionOptions, frozen=True):
    """Options of `techstock explain`: the entry on a line (from 1) of the only path."""

    line: int


def run_explain(options: ExplainOptions) -> int:
    """Run `techstock explain` with these options and return its exit code."""
    work = open_session(options)
    path = require_single_note(work, options.project.paths[0])
    print_messages(work.notices, quiet=options.quiet)
    for attempt in load_until_unchanged(work):
        with attempt as got:
            note = got.corpus.by_path[path]
            entry = find_entry_at_line(note, options.line, options.project.paths[0])
            rows = list(format_explanation(got.corpus, work.config, note, entry, options.line, work.to_shown_path))
    write_stdout(f"{row}\n" for row in rows)
    return 0


def require_single_note(work: Session, path: str) -> str:
    """Return the path below the root of the only note in scope. Raise `UsageError` if there is not exactly one."""
    if work.scope is None or len(work.scope) > 1:
        raise UsageError(f"`{path}` is a folder; name a note")
    if not work.scope:
        raise UsageError(work.notices[-1])
    return next(iter(work.scope))


def find_entry_at_line(note: Note, line: int, shown: str = "") -> int:
    """Return the index of the innermost entry that covers a line (from 1). Raise `UsageError` if there is none.

    Entries in prose are behind those of lists (see `duplicates.prose`); none is around another. `shown` is the
    path of the note in the message.
    """
    entries = list_compared_entries(note)
    starts = [note.lines.find_line(entry.place.start) + 1 for entry in entries]
    for index in range(len(starts) - 1, -1, -1):
        last = note.lines.find_line(max(entries[index].place.end - 1, 0)) + 1
        if starts[index] <= line <= last:
            return index
    starts.sort()
    raise UsageError(
        f"there is no entry on line {line} of `{shown or note.path}`{_describe_nearest_lines(note, starts, line)}"
    )


def _describe_nearest_lines(note: Note, starts: list[int], line: int) -> str:
    """Return the end of the error message: the lines on which the nearest entries begin."""
    if not starts:
        return f", which is not checked: {note.faults[0].message}" if note.faults else ", nor on any other"
    at = bisect_left(starts, line)
    lines = [str(start) for start in (*starts[max(at - 1, 0) : at], *starts[at : at + 1])]
    return f"; the nearest {'begin on lines' if len(lines) > 1 else 'begins on line'} {' and '.join(lines)}"
