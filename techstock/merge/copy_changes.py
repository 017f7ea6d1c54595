"""Changes to the copies that are not kept."""

from collections.abc import Iterator, Sequence

import msgspec

from techstock.analysis.entries import compute_column
from techstock.duplicates.clusters import compare_candidate_entries
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.normalize import compute_weight, normalize_text
from techstock.duplicates.pair_suppressions import get_display_name
from techstock.duplicates.term_keys import Named, is_same_term
from techstock.links.resolver import find_backlinks
from techstock.merge.candidates import MergeCandidate
from techstock.merge.entry_tree import build_entry_tree
from techstock.merge.replacement_links import KeptCopyLinker, make_replacement_link
from techstock.merge.sentence_containment import tokenize_sentence
from techstock.merge.sentence_split import Sentence
from techstock.model import Corpus, Note, Span

KEPT, REPLACED, SHARED, REMOVED = "kept", "pointer", "shared", "removed"
_MIN_SHARED_WEIGHT = 8  # in the weight of `words.weight`; shorter sentences are shared by chance


class CopyChange(msgspec.Struct, frozen=True):
    """A change of a copy: the text within `place` is replaced by `text`. `copy` is the copy's index in the candidate.

    `kind` is `kept`, `pointer` (a link replaces the whole definition), `shared` (a link replaces the sentences that the
    copy shares with the kept one), or `removed` (the entry is deleted, since the kept copy is in the same list).
    """

    copy: int
    kind: str
    place: Span
    text: str


def plan_copy_changes(corpus: Corpus, cluster: MergeCandidate, index: int, goal: KeptCopyLinker) -> list[CopyChange]:
    """Return the changes that replace the copy with this index."""
    copy, kept = cluster.copies[index], cluster.copies[cluster.kept]
    note = corpus.notes[copy.note]
    if not is_same_subject(cluster, copy, kept) and (runs := _find_shared_runs(corpus, copy, kept)):
        return [
            CopyChange(index, SHARED, note.add_path_to(place), text)
            for place, text in _link_shared_runs(corpus, copy, runs, goal)
        ]
    together = (copy.note, copy.list) == (kept.note, kept.list) and not _is_in_run(corpus, copy, kept)
    gone = _find_removable_lines(note, copy.entry) if together and is_named(copy, kept) else None
    if gone:
        return [CopyChange(index, REMOVED, note.add_path_to(gone), "")]
    place, text = make_replacement_link(corpus, copy, goal)
    return [CopyChange(index, REPLACED, note.add_path_to(place), text)]


def _is_in_run(corpus: Corpus, copy: ComparedEntry, kept: ComparedEntry) -> bool:
    """Return whether two copies are part of a copied run, in which a link must take the place of one.

    What is left of the run is told by what is there: without the link, its other entries would be a shorter one.
    """
    views = compare_candidate_entries(corpus).views
    return views.is_in_run(copy, kept) or views.is_in_run(kept, copy)


def is_same_subject(cluster: MergeCandidate, copy: ComparedEntry, kept: ComparedEntry) -> bool:
    """Return whether two copies are about the same thing, so that sentences of one may be added to the other."""
    if cluster.rule != "duplicate-definition" or copy.own == kept.own:
        return True
    if {(copy.note, copy.entry), (kept.note, kept.entry)} <= cluster.whole:
        return True
    return is_same_term(copy, kept)


def is_named(copy: Named, kept: Named) -> bool:
    """Return whether the term of the kept copy says all that the term of the other does, so that no name is lost."""
    return {copy.key, copy.short} <= {kept.key, kept.short, ""} and copy.other == kept.other


def _find_shared_runs(corpus: Corpus, copy: ComparedEntry, kept: ComparedEntry) -> list[Sequence[Sentence]]:
    """Return the runs of sentences that a copy shares with the kept one; none if it says nothing else."""
    theirs = {
        tokenize_sentence(one.text) for one in build_entry_tree(corpus, corpus.notes[kept.note], kept.entry).sentences
    }
    item = build_entry_tree(corpus, corpus.notes[copy.note], copy.entry)
    both = [
        tokenize_sentence(one.text) in theirs and compute_weight(normalize_text(one.text)) >= _MIN_SHARED_WEIGHT
        for one in item.sentences
    ]
    if all(both) and not item.items and not item.blocks:
        return []
    runs: list[list[Sentence]] = []
    for at, one in enumerate(item.sentences):
        if both[at]:
            if at and both[at - 1]:
                runs[-1].append(one)
            else:
                runs.append([one])
    return list(runs)


def _link_shared_runs(
    corpus: Corpus, copy: ComparedEntry, runs: Sequence[Sequence[Sentence]], goal: KeptCopyLinker
) -> Iterator[tuple[Span, str]]:
    """Yield the replacements of the runs: a link for the first one, an empty text for the others."""
    note = corpus.notes[copy.note]
    link = f"→ {goal.format_link(note, get_display_name(corpus, copy))}"
    for run in runs:
        place = Span(run[0].place.start, run[-1].place.end)
        behind = note.text[place.end : place.end + 1]
        yield place, f"{link} " if link and behind.strip() else link
        link = ""


def _find_removable_lines(note: Note, index: int) -> Span | None:
    """Return the lines of an entry, with the gap to the next or previous entry; `None` if they contain anything else.

    `None` in numbered lists too, so that every entry keeps its number.
    """
    entry = note.entries[index]
    siblings = note.siblings[entry.list]
    at = siblings.index(index)
    start = note.lines.find_start(entry.place.start)
    if entry.ordered or note.blocks[entry.list].quotes or note.text[start : entry.place.start].strip():
        return None
    if at + 1 < len(siblings):
        following = note.entries[siblings[at + 1]].place.start
        end = note.lines.find_start(following)
        return Span(start, end) if not note.text[entry.place.end : following].strip() else None
    if not at:
        return None
    last = note.entries[siblings[at - 1]].place.end
    return Span(last, entry.place.end) if not note.text[last : entry.place.start].strip() else None


class CopySummary(msgspec.Struct, frozen=True):
    """A copy: its location, its term, and its source without the indentation of its first line.

    `lines` are its lines in the note, each with its index; `marker` is the marker of the entry. `to_heading` counts the
    links to the heading above the copy, `to_note` the other links to its note.
    """

    path: str
    line: int
    term: str
    source: tuple[str, ...]
    lines: tuple[tuple[int, str], ...]
    marker: str
    to_heading: int
    to_note: int


def summarize_copy(corpus: Corpus, unit: ComparedEntry) -> CopySummary:
    """Return the summary of a copy."""
    note = corpus.notes[unit.note]
    first, last = _find_line_range(note, unit.entry)
    lines = tuple((at, note.text[note.lines.starts[at] : note.lines.ends[at]]) for at in range(first, last + 1))
    anchor = KeptCopyLinker(corpus, unit).anchor.casefold()
    fragments = [fragment.casefold().removeprefix("user-content-") for _, _, fragment in find_backlinks(corpus, note)]
    heading = sum(bool(anchor) and fragment == anchor for fragment in fragments)
    indent = compute_column(note, note.entries[unit.entry].place.start)
    source = tuple(_dedent(text, indent) for _, text in lines)
    own = get_display_name(corpus, unit)
    marker = f"{note.entries[unit.entry].marker.extract_from(note.text)} "
    return CopySummary(note.path, first + 1, own, source, lines, marker, heading, len(fragments) - heading)


def _find_line_range(note: Note, entry: int) -> tuple[int, int]:
    place = note.entries[entry].place
    return note.lines.find_line(place.start), note.lines.find_line(max(place.end - 1, place.start))


def _dedent(text: str, columns: int) -> str:
    text = text.expandtabs(4)
    return text[min(columns, len(text) - len(text.lstrip(" "))) :]
