"""Copies that are not merged, whatever they say: a merge would lose or change something."""

from itertools import combinations

from techstock.duplicates.pair_suppressions import get_display_name
from techstock.duplicates.term_keys import differ_in_head, strip_term_markup
from techstock.merge.candidates import MergeCandidate
from techstock.merge.errors import MergeError
from techstock.merge.formulas import find_formula
from techstock.model import Corpus

_SHOWN = 40  # characters of a formula


def check_copies(corpus: Corpus, cluster: MergeCandidate) -> None:
    """Raise `MergeError` if copies of this cluster must not be merged."""
    for copy in cluster.copies:
        note = corpus.notes[copy.note]
        if formula := find_formula(note, copy.entry):
            line, _ = note.lines.find_position(note.entries[copy.entry].place.start)
            raise MergeError(
                f"the copy at `{note.path}:{line}` holds a formula, `{strip_term_markup(formula)[:_SHOWN]}`, which a merge may "
                "break; merge these by hand"
            )
    for a, b in combinations(cluster.copies, 2):
        if differ_in_head(a, b):
            one, other = (strip_term_markup(get_display_name(corpus, unit)).strip() for unit in (a, b))
            raise MergeError(
                f"`{one}` and `{other}` have only what stands in parentheses in common, so they may be two things; "
                "merge these by hand"
            )
