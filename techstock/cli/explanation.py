"""The output of `techstock explain`: how duplicates of one entry are judged, in rows of 80 columns."""

from collections.abc import Iterator

from techstock.config import Config, level
from techstock.model import OFF, Corpus, Note
from techstock.similarity.findings import Decision, decide, findings
from techstock.similarity.nearest import Neighbour, nearest
from techstock.similarity.pairs import CONFLICT, NEAR
from techstock.similarity.units import Unit, words
from techstock.similarity.verdicts import Verdict, verdict
from techstock.similarity.words import plain, weight
from techstock.text.escape import escape
from techstock.text.labels import shown
from techstock.text.width import broken, cut, display_width

_WIDTH = 80  # columns
_COUNT = 5  # neighbours
_ROOM = 20  # columns; in less, the term above an entry says nothing
_LISTED = 3  # sentences in common


def explanation(corpus: Corpus, config: Config, note: Note, entry: int, line: int) -> Iterator[str]:
    """Yield the rows about an entry, given by its index and the line it was found by; escaped, without line ends."""
    decision = decide(corpus)
    units, number = decision.views.units, corpus.notes.index(note)
    begins = _line(note, entry)
    yield from _headed("", note, entry)
    if line != begins:
        yield f"  (line {line} belongs to it)"
    yield ""
    unit = next((index for index, unit in enumerate(units) if (unit.note, unit.entry) == (number, entry)), -1)
    if unit < 0:
        yield from _text("", f"It is not compared with others: {_why_not(note, entry)}.")
        return
    yield from _compared(decision, units[unit])
    yield ""
    yield from _neighbours(decision, config, unit)


def _why_not(note: Note, entry: int) -> str:
    if not plain(words(note, note.entries[entry].head)):
        return "it has no text of its own"
    return "it only leads somewhere, names where something comes from, or is a thing to do"


def _compared(decision: Decision, unit: Unit) -> Iterator[str]:
    """Yield rows about the parts of the entry that are compared."""
    yield from _text("  ", f"term key   {_term(decision, unit)}")
    yield f"  weight     {unit.weight:g}; an ideograph or kana counts 1, any other character one half"
    if unit.items:
        yield f"  nested     {len(unit.items):,} more that weigh {sum(map(weight, unit.items)):g}, compared with it"
    if unit.sentences:
        yield "  sentences  as they are compared, each with its weight:"
    for sentence in unit.sentences:
        yield _cut(f"    {weight(sentence):>5g}  ", sentence)
    if not unit.sentences:
        yield "  sentences  none"


def _term(decision: Decision, unit: Unit) -> str:
    if not unit.key:
        return "none"
    also = f", or `{unit.short}`" if unit.short else ""
    apart = f", told from others by `({unit.other})`" if unit.other else ""
    label = ", a label: it stands under every subject" if decision.views.is_label(unit) else ""
    return f"`{unit.key}`{also}{apart}{label}"


def _neighbours(decision: Decision, config: Config, unit: int) -> Iterator[str]:
    views = decision.views
    joined = set(_joined(decision, config, unit)) - {unit}
    near = nearest(views, unit, joined, _COUNT)
    if not near:
        yield "No other entry has anything in common with it."
        return
    scope = views.corpus.duplicate_scope
    yield f"The nearest of {len(views.units) - 1:,} other entries; `duplicate-scope` is `{scope}`:"
    for rank, one in enumerate(near, 1):
        yield ""
        yield from _neighbour(decision, config, unit, one, verdict(decision, unit, one.index), rank)


def _joined(decision: Decision, config: Config, unit: int) -> Iterator[int]:
    """Yield the indexes of the entries that are paired with this one and normally reported, itself included."""
    for pair in decision.found:
        if unit in (pair.first, pair.second) and pair.kind != CONFLICT:
            yield from (pair.first, pair.second)
    if level(config, "near-duplicate")[0] == OFF:
        return
    units = decision.views.units
    for finding in findings(decision.views.corpus, NEAR):
        members = finding.members
        if (units[unit].note, units[unit].entry) in members:
            yield from (index for index, one in enumerate(units) if (one.note, one.entry) in members)


def _neighbour(
    decision: Decision, config: Config, unit: int, near: Neighbour, judged: Verdict, rank: int
) -> Iterator[str]:
    own, other = decision.views.units[unit], decision.views.units[near.index]
    note = decision.views.corpus.notes[other.note]
    start, indent = f"{rank}. ", " " * len(f"{rank}. ")
    yield from _headed(start, note, other.entry)
    yield from _text(indent, _said(config, judged))
    key = "no term key" if not other.key else "the same term key" if _is_same(own, other) else f"term key `{other.key}`"
    yield from _text(indent, f"Jaccard {near.jaccard:.2f}, containment {near.contained:.2f}, {key}")
    shared = [sentence for sentence in dict.fromkeys(own.sentences) if sentence in other.sentences]
    for sentence in shared[:_LISTED]:
        yield _cut(f"{indent}in both: ", sentence)
    if len(shared) > _LISTED:
        yield f"{indent}and {len(shared) - _LISTED:,} more"


def _is_same(a: Unit, b: Unit) -> bool:
    return bool({a.key, a.short} & {b.key, b.short} - {""})


def _said(config: Config, judged: Verdict) -> str:
    """Return which rule reports a pair, or why none does."""
    why = "; ".join(judged.why)
    if not judged.rule:
        return f"not reported: {why}"
    severity, _ = level(config, judged.rule)
    if severity == OFF:
        return f"not reported, for {judged.rule} is off: {why}"
    return f"reported by {judged.rule} ({severity}): {why}"


def _line(note: Note, entry: int) -> int:
    return note.lines.index(note.entries[entry].place.start) + 1


def _headed(start: str, note: Note, entry: int) -> Iterator[str]:
    """Yield the location of an entry, the term above it, and its text."""
    around = note.entries[entry].parent
    while around >= 0 and not note.entries[around].name:
        around = note.entries[around].parent
    under = f", under `{shown(note.entries[around].name)}`" if around >= 0 else ""
    spot = escape(f"{note.path}:{_line(note, entry)}")
    yield _cut(f"{start}{spot}", under) if display_width(spot) <= _WIDTH - _ROOM else f"{start}{spot}"
    text = " ".join(words(note, note.entries[entry].head).split())
    yield _cut(" " * (len(start) or 2), text or "(no text)")


def _cut(indent: str, text: str) -> str:
    """Return one row with text of a note, cut at 80 columns."""
    return indent + cut(escape(text), _WIDTH - display_width(indent))


def _text(indent: str, text: str) -> Iterator[str]:
    """Yield a message of techstock wrapped into as many rows as it needs."""
    for row in broken(escape(text), _WIDTH - len(indent)):
        yield indent + row
        indent = " " * len(indent)
