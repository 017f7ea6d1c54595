"""Relations between two terms that are not equal in all: related names, parents that are alike, and weak overlap."""

from typing import Final

from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import ComparedEntry
from techstock.duplicates.normalize import compute_weight, is_alphabetic
from techstock.duplicates.term_keys import is_label, make_related_keys

MIN_ALIKE_PARENTS: Final = 0.7  # of the pairs of letters of two parents
MIN_STRONG_OVERLAP, MIN_STRONG_CONTAINMENT, MIN_STRONG_WEIGHT = 0.5, 0.8, 18  # of one thing, whatever is above it
MIN_WEAK_OVERLAP, MIN_WEAK_WEIGHT = 0.1, 16  # of two definitions that nothing but their term places
MIN_PLACED_CONTAINMENT: Final = 0.125  # of two definitions whose term and parent both are the same
MIN_MIXED_OVERLAP, MIN_MIXED_CONTAINMENT = 0.08, 0.35  # of two definitions, also if only one is below an entry
_MIN_PARENT = 2  # weight of one that is the beginning or the end of another


def are_strongly_alike(jaccard: float, contained: float, weight: float) -> bool:
    """Return whether two definitions overlap so much that they are of one thing."""
    is_alike = jaccard >= MIN_STRONG_OVERLAP or contained >= MIN_STRONG_CONTAINMENT
    return is_alike and weight >= MIN_STRONG_WEIGHT


def have_alike_parents(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether what is above two nested entries is worded alike: `錠前`, `錠前の管理`."""
    if not a.above or not b.above or is_label(a.above) or is_label(b.above):
        return False
    shorter, longer = sorted((a.above, b.above), key=len)
    if compute_weight(shorter) >= _MIN_PARENT and (longer.startswith(shorter) or longer.endswith(shorter)):
        return True
    return compute_bigram_overlap(shorter, longer) >= MIN_ALIKE_PARENTS


def compute_bigram_overlap(one: str, other: str) -> float:
    """Return the Jaccard index of the pairs of letters of two texts, 0 to 1."""
    ours, theirs = _extract_bigrams(one), _extract_bigrams(other)
    common = len(ours & theirs)
    return common / len(ours | theirs) if common else 0.0


def _extract_bigrams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(max(len(text) - 1, 1))}


def have_related_names(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether the name of one entry is that of the other with words before or behind it that narrow it."""
    if not a.key or not b.key or a.key == b.key:
        return False
    return b.key in make_related_keys(a.key) or a.key in make_related_keys(b.key)


def are_placed_alike(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether no heading tells two terms apart, and no entry above them either.

    A heading with a title places what is below it: `手順` below 起動 is another thing than below 停止.
    """
    if a.title or b.title or views.is_sibling(a, b):
        return False
    return min(a.depth, b.depth) == 1 or (a.above == b.above and not is_label(a.above))


def overlap_weakly(a: ComparedEntry, b: ComparedEntry, jaccard: float, contained: float, weight: float) -> bool:
    """Return whether two definitions of one term that is placed alike overlap by more than chance.

    In letters, of which a word takes many, such an overlap is chance. Less is enough where the entries above are the
    same too, and more is needed where only one of the two is below an entry: it may tell what a thing does there.
    """
    if a.key != b.key and not (a.expands or b.expands):
        return False
    if weight < MIN_WEAK_WEIGHT or is_alphabetic(a.body + b.body + "".join((*a.items, *b.items))):
        return False
    if a.depth > 1 and b.depth > 1:
        return contained >= MIN_PLACED_CONTAINMENT
    is_contained = jaccard >= MIN_MIXED_OVERLAP and contained >= MIN_MIXED_CONTAINMENT
    return is_contained or (a.depth == b.depth and jaccard >= MIN_WEAK_OVERLAP)
