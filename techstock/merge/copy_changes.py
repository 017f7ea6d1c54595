"""Changes to the copies that are not kept."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from techstock.analysis.entries import compute_column, select_facts_starting_in
from techstock.duplicates.clusters import compare_candidate_entries
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.normalize import compute_weight, normalize_text
from techstock.duplicates.pair_suppressions import get_display_name
from techstock.duplicates.prose import HEADED, get_compared_entry
from techstock.duplicates.term_keys import Named, is_same_term, normalize_term, strip_term_markup
from techstock.links.anchors import get_anchors, iter_heading_texts
from techstock.links.resolver import Destination, find_backlinks
from techstock.merge import MergeError
from techstock.merge.candidates import MergeCandidate
from techstock.merge.entry_tree import build_entry_tree, find_definition_offset
from techstock.merge.relocation import format_link_path
from techstock.merge.sentence_containment import tokenize_sentence
from techstock.merge.sentence_split import Sentence
from techstock.model import Corpus, Image, Link, Note, Span

_LETTER = re.compile(r"[^\W\d_]")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|&(?=[#\w])|(?<!\w)_|_(?!\w))")
_MARKUP_IN_NAME = re.compile(r"\]\(|://|[<>{}\\^]|~~|%%|&#?\w+;")  # what a link would not show as the term does
_MAX_TITLE_LENGTH = 60  # characters that may stand before the arrow
_ARROW = re.compile(r"[ \u3000]*[→⇒][ \u3000]*$")


class KeptCopyLinker:
    """Formats links to the copy that is kept."""

    def __init__(self, corpus: Corpus, kept: ComparedEntry) -> None:
        self._corpus = corpus
        self.note = corpus.notes[kept.note]
        self._name = get_display_name(corpus, kept)
        start = get_compared_entry(self.note, kept.entry).place.start
        at = _find_heading_above(self.note, start + 1 if kept.form == HEADED else start)
        self.anchor = get_anchors(self.note).headings[at] if at >= 0 else ""
        self._title = list(iter_heading_texts(self.note))[at].strip() if at >= 0 else ""

    def format_link(self, here: Note, own: str) -> str:
        """Return a link from the note `here` to the kept copy; `own` is the term of the copy that it replaces."""
        path = "" if here.path == self.note.path and self.anchor else format_link_path(here, self.note)
        anchor = f"#{self.anchor}" if self.anchor else ""
        text = _MARKDOWN_SPECIAL.sub(r"\\\1", self._choose_link_text(here, own))
        return f"[{text}]({path}{anchor})"

    def _choose_link_text(self, here: Note, own: str) -> str:
        called = strip_term_markup(self._name).strip()
        if called and normalize_term(self._name) != normalize_term(own) and not _MARKUP_IN_NAME.search(called):
            return called
        file = self.note.path.rpartition("/")[2]
        title = " ".join(self._title.split())
        if not title:
            return file
        return title if _LETTER.search(title) or here.path == self.note.path else f"{file}, {title}"


def _find_heading_above(note: Note, at: int) -> int:
    """Return the index of the nearest top-level heading above an offset; -1 if there is none."""
    index = bisect_left(note.headings, at, key=lambda heading: heading.place.start) - 1
    while index >= 0 and note.headings[index] not in note.outer_headings:
        index -= 1
    return index


def make_replacement_link(corpus: Corpus, copy: ComparedEntry, goal: KeptCopyLinker) -> tuple[Span, str]:
    """Return the span of a copy to replace, and its new text: a link after the term, nothing nested."""
    note = corpus.notes[copy.note]
    entry = note.entries[copy.entry]
    link = goal.format_link(note, get_display_name(corpus, copy))
    length = find_definition_offset(note, copy.entry)
    before = entry.head.extract_from(note.text)[:length]
    if not length and _is_short_title(note, copy):
        before = entry.head.extract_from(note.text).rstrip() + " "
    arrow = _ARROW.search(before)
    if arrow:
        before = before[: arrow.start()] + " "
    if entry.term is not None and not _has_balanced_marks(before):
        before = f"{strip_term_markup(entry.name)}: "
    gap = "" if not before or before[-1] in " \t：・…\u3000" else " "
    return Span(entry.head.start, entry.place.end), f"{before}{gap}→ {link}"


def _is_short_title(note: Note, copy: ComparedEntry) -> bool:
    """Return whether the text of a copy is a short title of the entries nested in it."""
    text = note.entries[copy.entry].head.extract_from(note.text)
    short = len(text) < _MAX_TITLE_LENGTH and "\n" not in text and not any(c in text for c in "。:：")
    return bool(copy.items) and not copy.body and short


def _has_balanced_marks(text: str) -> bool:
    return all(text.count(mark) % 2 == 0 for mark in ("**", "__", "`"))


KEPT, REPLACED, SHARED, REMOVED = "kept", "pointer", "shared", "removed"
_BY_HAND = "; merge these by hand"
_MAX_SHOWN = 40  # characters of a sentence in a message
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
    named = is_named(copy, kept) and _has_words_of(get_display_name(corpus, kept), get_display_name(corpus, copy))
    gone = _find_removable_lines(note, copy.entry) if together and named else None
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


def _has_words_of(name: str, other: str) -> bool:
    """Return whether a name holds every word of another one: `S3` does not hold `Amazon`."""
    return set(tokenize_sentence(other)) <= set(tokenize_sentence(name))


def _find_shared_runs(corpus: Corpus, copy: ComparedEntry, kept: ComparedEntry) -> list[Sequence[Sentence]]:
    """Return the runs of sentences that a copy shares with the kept one; none if it says nothing else."""
    own = build_entry_tree(corpus, corpus.notes[kept.note], kept.entry).sentences
    theirs = {tokenize_sentence(one.text) for one in own}
    assets = frozenset[Destination]().union(*(one.assets for one in own))
    marks = frozenset[str]().union(*(one.marks for one in own))
    item = build_entry_tree(corpus, corpus.notes[copy.note], copy.entry)
    both = [
        tokenize_sentence(one.text) in theirs and compute_weight(normalize_text(one.text)) >= _MIN_SHARED_WEIGHT
        for one in item.sentences
    ]
    for shared, one in zip(both, item.sentences, strict=True):
        if shared and not (one.assets <= assets and one.marks <= marks):
            raise MergeError(
                f"`{one.text[:_MAX_SHOWN]}` in `{item.note.path}` has a link, code or a sign that the copy to keep has "
                "not; merge these by hand"
            )
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


def is_prose(cluster: MergeCandidate) -> bool:
    """Return whether one of the copies is a heading with its paragraphs, or a paragraph."""
    return any(copy.form for copy in cluster.copies)


def plan_prose_changes(corpus: Corpus, cluster: MergeCandidate) -> list[CopyChange]:
    """Return the changes of all copies. Raise `MergeError` where a link in the place of a copy would lose something."""
    kept = cluster.copies[cluster.kept]
    goal = KeptCopyLinker(corpus, kept)
    note = corpus.notes[kept.note]
    place = get_compared_entry(note, kept.entry).place
    found = [CopyChange(cluster.kept, KEPT, note.add_path_to(place), place.extract_from(note.text))]
    for index, copy in enumerate(cluster.copies):
        if index != cluster.kept:
            _check_copy(corpus, copy, kept)
            found.append(_replace_copy(corpus, index, copy, goal))
    return sorted(found, key=lambda change: (change.copy, change.place))


def _replace_copy(corpus: Corpus, index: int, copy: ComparedEntry, goal: KeptCopyLinker) -> CopyChange:
    note = corpus.notes[copy.note]
    if not copy.form:
        place, text = make_replacement_link(corpus, copy, goal)
        return CopyChange(index, REPLACED, note.add_path_to(place), text)
    entry = get_compared_entry(note, copy.entry)
    link = f"→ {goal.format_link(note, get_display_name(corpus, copy))}"
    return CopyChange(index, SHARED, note.add_path_to(entry.definition or entry.place), link)


def _check_copy(corpus: Corpus, copy: ComparedEntry, kept: ComparedEntry) -> None:
    """Raise `MergeError` unless the kept copy says all that another says, and nothing belongs to that one."""
    note = corpus.notes[copy.note]
    line, _ = note.lines.find_position(get_compared_entry(note, copy.entry).place.start)
    where = f"the copy at `{note.path}:{line}`"
    if copy.items:
        raise MergeError(f"{where} has entries nested in it, and the copy to keep is prose{_BY_HAND}")
    if copy.form == HEADED and (below := _find_below(note, copy)):
        raise MergeError(f"{where} has {below} below its paragraphs, which would be left without them{_BY_HAND}")
    if not {copy.key, copy.short} <= {kept.key, kept.short, ""} and kept.form == HEADED:
        raise MergeError(f"{where} has another term than the copy to keep{_BY_HAND}")
    if any(sentence not in kept.sentences and sentence not in kept.body for sentence in copy.sentences):
        raise MergeError(f"{where} says something that the copy to keep does not say; add it there, or keep this one")
    theirs = {_locate(corpus.notes[kept.note], asset) for asset in _iter_assets(corpus.notes[kept.note], kept)}
    if any(_locate(note, asset) not in theirs for asset in _iter_assets(note, copy)):
        raise MergeError(f"{where} has an image or a link that the copy to keep does not have{_BY_HAND}")
    place = get_compared_entry(note, copy.entry).place
    if any(place.contains(comment.place) for comment in note.directives):
        raise MergeError(f"{where} has a comment for techstock in it{_BY_HAND}")


def _find_below(note: Note, copy: ComparedEntry) -> str:
    """Return what follows the paragraphs of a definition below its heading; empty if that is nothing."""
    entry = get_compared_entry(note, copy.entry)
    level = next(heading.level for heading in note.headings if heading.place.start == entry.place.start)
    block = next((block for block in note.blocks if block.place.start >= entry.place.end), None)
    if block is None:
        return ""
    if block.kind != "heading":
        return "more text" if block.kind == "paragraph" else f"a {block.kind}"
    deeper = any(heading.place.start == block.place.start and heading.level > level for heading in note.headings)
    return "subheadings" if deeper else ""


def _iter_assets(note: Note, copy: ComparedEntry) -> Iterator[Image | Link]:
    place: Span = get_compared_entry(note, copy.entry).place
    found: tuple[Sequence[Image], Sequence[Link]] = (
        select_facts_starting_in(note.images, place),
        select_facts_starting_in(note.links, place),
    )
    for some in found:
        yield from some


def _locate(note: Note, asset: Image | Link) -> tuple[str, str]:
    """Return where an image or a link leads: to an address, or to a path from the folder of its note."""
    return "" if "://" in asset.target else note.path.rpartition("/")[0], asset.target


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
    entry = get_compared_entry(note, unit.entry)
    first, last = _find_line_range(note, entry.place)
    lines = tuple((at, note.text[note.lines.starts[at] : note.lines.ends[at]]) for at in range(first, last + 1))
    anchor = KeptCopyLinker(corpus, unit).anchor.casefold()
    fragments = [fragment.casefold().removeprefix("user-content-") for _, _, fragment in find_backlinks(corpus, note)]
    heading = sum(bool(anchor) and fragment == anchor for fragment in fragments)
    indent = compute_column(note, entry.place.start)
    source = tuple(_dedent(text, indent) for _, text in lines)
    own = get_display_name(corpus, unit)
    marker = f"{entry.marker.extract_from(note.text)} "
    return CopySummary(note.path, first + 1, own, source, lines, marker, heading, len(fragments) - heading)


def _find_line_range(note: Note, place: Span) -> tuple[int, int]:
    return note.lines.find_line(place.start), note.lines.find_line(max(place.end - 1, place.start))


def _dedent(text: str, columns: int) -> str:
    text = text.expandtabs(4)
    return text[min(columns, len(text) - len(text.lstrip(" "))) :]
