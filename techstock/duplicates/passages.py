"""Findings of one copied run of entries, taken together: a passage that was pasted twice is one thing to mend."""

import msgspec

from techstock.duplicates.clusters import DuplicateCluster, DuplicateResults, get_copy_span
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.signs import DEFINITION, TERM
from techstock.model import Corpus, Span

_LEAST = 3  # findings; fewer are reported one by one


class Passage(msgspec.Struct, frozen=True):
    """The findings of one run, in order, and the kind of finding under which it is reported."""

    findings: tuple[DuplicateCluster, ...]
    kind: str

    def places(self, corpus: Corpus) -> list[Span]:
        """Return where the passage is first, where it is again, and where else single entries of it are."""
        spans: list[list[Span]] = [[], []]
        rest = []
        for finding in self.findings:
            ends = sorted((finding.kept, finding.others[-1]), key=_order)
            for span, unit in zip(spans, ends, strict=True):
                span.append(get_copy_span(corpus, unit, finding.whole))
            rest += [get_copy_span(corpus, unit, finding.whole) for unit in finding.others[:-1]]
        return [*map(_span, spans), *sorted(rest, key=lambda place: (place.path, place.start))]


def find_passages(decision: DuplicateResults) -> list[Passage]:
    """Return the passages among the findings of a decision, without those that comments ignore."""
    if (known := decision.views.corpus.memo.get("passages")) is not None:
        found: list[Passage] = known
        return found
    runs: dict[int, list[tuple[DuplicateCluster, str]]] = {}
    for kind in (DEFINITION, TERM):
        for finding in decision.findings.get(kind, ()):
            one, other = finding.kept, finding.others[-1]
            ends = (one.note, one.entry), (other.note, other.entry)
            run = decision.views.runs.get(ends, decision.views.runs.get((ends[1], ends[0])))
            if run is not None and not finding.ignored:
                runs.setdefault(run, []).append((finding, kind))
    found = [
        Passage(
            tuple(sorted((one for one, _ in some), key=lambda one: one.others[-1].entry)), min(kind for _, kind in some)
        )
        for some in runs.values()
        if len(some) >= _LEAST
    ]
    decision.views.corpus.memo["passages"] = found
    return found


def _order(unit: ComparedEntry) -> tuple[int, int]:
    return unit.note, unit.entry


def _span(places: list[Span]) -> Span:
    return Span(min(place.start for place in places), max(place.end for place in places), places[0].path)
