"""Plan of a merge of definitions in prose: a link replaces a copy that says nothing the kept one does not say."""

from collections.abc import Iterator, Sequence

from techstock.analysis.entries import select_facts_starting_in
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.pair_suppressions import get_display_name
from techstock.duplicates.prose import HEADED, get_compared_entry
from techstock.merge import MergeError
from techstock.merge.candidates import MergeCandidate
from techstock.merge.copy_changes import KEPT, REPLACED, SHARED, CopyChange
from techstock.merge.replacement_links import KeptCopyLinker, make_replacement_link
from techstock.model import Corpus, Image, Link, Note, Span

_BY_HAND = "; merge these by hand"


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
    if select_facts_starting_in(note.directives, get_compared_entry(note, copy.entry).place):
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
