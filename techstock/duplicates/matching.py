"""The decision that two entries are copies: `judge_pair` returns a pair, or a rejection with its reason."""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from techstock.analysis.entries import has_lazy_line
from techstock.duplicates import CONFLICT, EXACT, REPEATED, SENTENCE, TERM
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import MIN_SENTENCE_WEIGHT, ComparedEntry, get_min_paragraph_weight
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
    is_condition,
)
from techstock.duplicates.normalize import compute_weight, extract_numbers, extract_trigrams, is_alphabetic
from techstock.duplicates.prose import PARAGRAPH
from techstock.duplicates.term_keys import is_label
from techstock.duplicates.term_relations import (
    MIN_STRONG_CONTAINMENT,
    are_placed_alike,
    are_strongly_alike,
    have_alike_parents,
    have_related_names,
    overlap_weakly,
)
from techstock.model import Note

# How much must be shared, in the weight of `words.weight`.
MIN_TEXT_WEIGHT: Final = 16  # one text
MIN_ALPHABETIC_WEIGHT: Final = 20  # a sentence in letters, of which a word takes many
MIN_UNRELATED_WEIGHT: Final = 30  # of two subjects: other terms, parents that contrast things, headings that recur
MIN_CONTRASTED_WEIGHT: Final = 60  # below two headings of one section, which a writer tells apart in equal words
MIN_PARALLEL_WEIGHT: Final = 100  # in two lists below one heading: what is between them tells them apart
MIN_DEFINITION_WEIGHT: Final = 10  # what the shorter of two definitions of one term must say
MIN_ENGLISH_WORDS: Final = 8  # words; what is shorter repeats by chance
MIN_LIKENESS: Final = 0.5  # of the grams of two definitions of a term that recurs as a label does
MIN_RUN_CONTAINMENT: Final = 0.8  # of the grams of the smaller definition in a copied run
MIN_OVERLAP, MIN_CONTAINMENT = 0.25, 0.6  # of the grams of two definitions, and of the smaller one

_ENUMERATED = re.compile(r"\W*[^\W\d_]+[ \u3000]+(?:[0-9]{1,2}|[IVX]{1,4}|[A-Z])\W*[:：]")  # `Case I`, `ルール 3`

REASONS: Final = {
    "translation": "by its name, one note is the other in another language",
    "nested": "one is inside the other",
    "authors": "the notes are publications of several authors, each complete in itself",
    "editions": "the two notes are editions of one text, of which only what they share is told, and only as one",
    "projects": "the notes are files that each project has, such as a README",
    "cram": "by its name, one of the notes is a short form of others, and says again what they say",
    "paragraphs": "one of them is a paragraph, and paragraphs are compared with those of other notes only",
    "kind": "one of them is {detail}, and only definitions are compared",
    "nothing": "no text, whole sentence or term in common",
    "empty": "the same words, but they define nothing",
    "short": "the same text, but English of less than {needed:g} words repeats by chance",
    "property": "the same term below two neighbors of one list, which both have this property",
    "light": "the same text, but its definition weighs {weight:g} and it takes {needed:g}{detail}",
    "sentence-siblings": "a sentence in common, but entries of one list tell things apart",
    "sentence-light": "a sentence in common, but it weighs {weight:g} and it takes {needed:g}{detail}",
    "label": "the same term, but it is a label: it recurs below other parents and says other things there",
    "cousins": "the same term, but in two entries of one list",
    "notes": "the same term, but the names of their notes tell two kinds of it",
    "parents": "the same term, but nested below different ones",
    "related": "one term contains the other, but their definitions do not agree",
    "subjects": "the same term, but below two headings, with definitions of their own",
    "little": "the same term, but the shorter definition weighs {weight:g} and it takes {needed:g}",
    "values": "the same term, but each tells a number that the other does not",
    "undefined": "the same term, but one of them has no definition",
    "unlike": "alike by {weight:.2f}, and near-duplicate takes {needed:g}{detail}",
    "near-light": "nearly the same text, but it weighs {weight:g} and near-duplicate takes {needed:g}",
    "near-siblings": "nearly the same text, but entries of one list tell things apart",
    "near-cousins": "nearly the same text, but entries below two entries of one list tell things apart",
    "near-terms": "nearly the same text, but their terms tell them apart",
    "near-numbers": "nearly the same text, but each has a number that the other has not",
    "near-negation": "nearly the same text, but one of them has more negations",
    "near-names": "nearly the same text, but each has a name that the other has not",
    "near-signs": "nearly the same text, but an arrow or sign in it differs",
    "near-ideographs": "nearly the same text, but each has an ideograph that the other has not",
    "scope": "they are in two {detail}",
    "untranslated": "the same text in another language's note counts for it",
    "template": "it is in {weight:g} notes, so it is a template",
    "often": "so many entries have this in common that only neighbors are compared",
    "repeated-often": "one term more than twice in one list, or twice in several lists: a label",
    "repeated-apart": "one term twice in one list, but text between them makes two lists of it",
    "repeated-beside": "one term twice side by side in one list, with two short values: a label",
}
"""The sentence for each reason of a `Rejection`, with places for its values."""


class DuplicatePair(msgspec.Struct, frozen=True):
    """Two units, by index, the first before the second, that are copies by one sign (`kind`).

    `score` is 0 to 1, `shared` the sentence that both hold, plain. `whole`: what is nested in them is copied, too.
    """

    first: int
    second: int
    kind: str
    score: float
    shared: str = ""
    whole: bool = False


class Rejection(msgspec.Struct, frozen=True):
    """A reason why two entries are no copies: a key of `REASONS`, and its values."""

    reason: str
    weight: float = 0
    needed: float = 0
    detail: str = ""

    def __str__(self) -> str:
        return REASONS[self.reason].format(weight=self.weight, needed=self.needed, detail=self.detail)


Judgment = DuplicatePair | Rejection


def judge_pair(views: ComparisonContext, first: int, second: int) -> Judgment:
    """Return the strongest sign by which two units, by index, the first before the second, are copies, or why not."""
    if apart := judge_apart(views, views.units[first], views.units[second]):
        return apart
    rejections: list[Rejection] = []
    for decide in (_judge_text, _judge_sentence, _judge_repeated, _judge_term):
        found = decide(views, first, second)
        if isinstance(found, DuplicatePair):
            is_meant = found.kind == CONFLICT and views.are_editions(views.units[first].note, views.units[second].note)
            return Rejection("editions") if is_meant else found
        if found:
            rejections.append(found)
    return rejections[0] if rejections else Rejection("nothing")


def judge_apart(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> Rejection | None:
    """Return what keeps two units apart whatever they say."""
    if reason := next((reason for reason, are_apart in _APART.items() if are_apart(views, a, b)), ""):
        return Rejection(reason)
    for unit in (a, b):
        kind = get_entry_kind(views, unit)
        if kind in _ALONE and not (kind in _IN_RUNS and views.is_in_run(a, b)):
            return Rejection("kind", detail=f"an {kind}" if kind == ANSWER else f"a {kind}")
    return None


_APART: Final[dict[str, Callable[[ComparisonContext, ComparedEntry, ComparedEntry], bool]]] = {
    "translation": lambda views, a, b: views.is_translation(a, b),
    "nested": lambda views, a, b: views.is_nested(a, b),
    "authors": lambda views, a, b: views.are_publications(a.note, b.note),
    "projects": lambda views, a, b: views.are_project_files(a, b),
    "cram": lambda views, a, b: views.is_cram_note(a, b),
    "paragraphs": lambda views, a, b: views.are_in_one_note(a, b),
}
_ALONE = frozenset({STEP, SOURCE, FIELD, QUOTE, JOURNAL, QUESTION, ANSWER, FRAME})
_IN_RUNS = frozenset({STEP, QUESTION, ANSWER})


def get_entry_kind(views: ComparisonContext, unit: ComparedEntry) -> str:
    """Return what an entry is, by its own form and by all notes."""
    if unit.kind not in (DEFINITION, HEADING):
        return unit.kind
    if views.is_journal(unit.note):
        return JOURNAL
    return SOURCE if views.is_source(unit) else unit.kind


def _judge_text(views: ComparisonContext, first: int, second: int) -> Judgment | None:
    """Return a pair if two entries have one text; a term without text of its own counts with its nested entries."""
    a, b = views.units[first], views.units[second]
    if a.own != b.own or bool(a.body) != bool(b.body) or (not a.body and a.items != b.items):
        return None
    if not (a.body or a.items):
        return Rejection("empty")
    if views.is_shared_property(a, b):
        return Rejection("property")
    total = min(a.core, b.core) if a.body else a.nested
    if a.key and a.above == b.above and min(a.depth, b.depth) > 1 and not is_label(a.above):
        total = max(total, a.weight)  # said of one subject: its property is the same one
    least, why = _get_min_weight(
        views, a, b, MIN_DEFINITION_WEIGHT if a.key else MIN_TEXT_WEIGHT if a.body else MIN_ALPHABETIC_WEIGHT
    )
    if not views.is_in_run(a, b):
        if is_short_english(a):
            return Rejection("short", needed=MIN_ENGLISH_WORDS)
        if total < least:
            return Rejection("light", total, least, why)
    return DuplicatePair(first, second, EXACT, 1.0, whole=_is_block(a, b))


def _get_min_weight(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry, least: float) -> tuple[float, str]:
    """Return how much two units must share, and a clause that says why it is more than usual."""
    if PARAGRAPH in (a.form, b.form):
        return get_min_paragraph_weight(a.own + b.own), " in a paragraph"
    return _get_min_listed_weight(views, a, b, least)


def _get_min_listed_weight(
    views: ComparisonContext, a: ComparedEntry, b: ComparedEntry, least: float
) -> tuple[float, str]:
    if views.is_cousin(a, b):
        return MIN_CONTRASTED_WEIGHT if a.title else MIN_UNRELATED_WEIGHT, " below two entries of one list"
    if views.are_below_siblings(a, b) and not _is_named(views, a, b):
        return MIN_CONTRASTED_WEIGHT, " below two headings of one section"
    is_one_section = bool(a.title) and (a.note, a.section) == (b.note, b.section)
    if views.have_headings_alone(a, b):
        return (
            MIN_PARALLEL_WEIGHT if is_one_section else MIN_CONTRASTED_WEIGHT,
            " where headings alone tell the subject",
        )
    if is_label_among(views, a) or is_label_among(views, b):
        return (
            MIN_PARALLEL_WEIGHT if is_one_section else MIN_CONTRASTED_WEIGHT if a.title else MIN_UNRELATED_WEIGHT,
            " under a label",
        )
    if views.is_framed(a) or views.is_framed(b):
        return MIN_UNRELATED_WEIGHT, " below a heading that recurs"
    return least, ""


def is_short_english(unit: ComparedEntry) -> bool:
    """Return whether a definition is so short that English repeats it by chance; ✅ and → are not counted as words."""
    items = () if unit.body else unit.items
    if not (is_alphabetic(unit.own) and all(map(is_alphabetic, items))):
        return False
    words = sum(any(map(str.isalnum, word)) for word in unit.text[unit.start :].split())
    return words + len(items) < MIN_ENGLISH_WORDS


def _judge_sentence(views: ComparisonContext, first: int, second: int) -> Judgment | None:
    """Return a pair if two entries share a whole sentence; under different subjects it must have more weight."""
    a, b = views.units[first], views.units[second]
    shared = set(a.sentences) & set(b.sentences)
    if not shared or a.own == b.own:
        return None
    best = max(shared, key=lambda sentence: (compute_weight(sentence), sentence))
    if views.is_sibling(a, b):
        return Rejection("sentence-siblings")
    if views.is_shared_property(a, b):
        return Rejection("property")
    least, why = _get_min_weight(views, a, b, MIN_ALPHABETIC_WEIGHT if is_alphabetic(best) else MIN_SENTENCE_WEIGHT)
    if a.key and b.key and a.key != b.key and not have_related_names(a, b):
        least, why = MIN_UNRELATED_WEIGHT, " under two terms"
    if compute_weight(best) < least:
        return Rejection("sentence-light", compute_weight(best), least, why)
    score = compute_weight(best) / max(compute_weight(a.body), compute_weight(b.body))
    return DuplicatePair(first, second, SENTENCE, min(score, 1.0), best, whole=_is_block(a, b))


def _judge_repeated(views: ComparisonContext, first: int, second: int) -> Judgment | None:
    """Return a pair if a name appears exactly twice in one list."""
    a, b = views.units[first], views.units[second]
    if not a.name or (a.note, a.list, a.name) != (b.note, b.list, b.name):
        return None
    return _reject_repeated(views, a, b) or DuplicatePair(first, second, REPEATED, 1.0)


def _reject_repeated(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> Rejection | None:
    """Return why a term that is repeated in one list is no name, or is not repeated for a reader."""
    if views.is_label(a):
        return Rejection("label")
    if views.count_term_in_list(a) > 2 or views.count_repeating_lists(a) > 1:
        return Rejection("repeated-often")
    if _is_interrupted(views, a, b):
        return Rejection("repeated-apart")
    is_value = max(map(compute_definition_weight, (a, b))) < MIN_DEFINITION_WEIGHT
    if is_value and _are_neighbors(views, a, b):
        return Rejection("repeated-beside")
    return None if (a.body or a.items) and (b.body or b.items) else Rejection("undefined")


def _is_interrupted(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether a reader sees two lists, because text between two entries begins another.

    It is a line without indent, or an entry that only leads in: `in other words:`.
    """
    note = views.corpus.notes[a.note]
    first, last = min(a.entry, b.entry), max(a.entry, b.entry)
    if any(has_lazy_line(note, entry) for entry in note.entries[first:last]):
        return True
    between = () if a.form else (index for index in note.siblings[a.list] if first < index < last)
    return any(_leads_in(note, index) for index in between)


def _leads_in(note: Note, index: int) -> bool:
    """Return whether an entry ends in a colon with nothing below it: what follows is below it for a reader."""
    return note.entries[index].head.extract_from(note.text).endswith((":", "：")) and not note.children.get(index)


def _are_neighbors(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> bool:
    if a.form:
        return False
    siblings = views.corpus.notes[a.note].siblings[a.list]
    return abs(siblings.index(a.entry) - siblings.index(b.entry)) == 1


def _judge_term(views: ComparisonContext, first: int, second: int) -> Judgment | None:
    """Return a pair if two entries define one term, below one term, with definitions that overlap or conflict."""
    a, b = views.units[first], views.units[second]
    if not {a.key, a.short} & {b.key, b.short} - {""}:
        return _judge_related(views, first, second)
    if rejection := _judge_names(views, a, b):
        return rejection
    jaccard, contained = compute_overlap(a, b)  # not before: it takes long
    if rejection := _judge_definitions(views, a, b, jaccard, contained):
        return rejection
    is_weak = jaccard < MIN_OVERLAP and contained < MIN_CONTAINMENT
    weight = min(map(compute_definition_weight, (a, b)))
    if is_weak and not (are_placed_alike(views, a, b) and overlap_weakly(a, b, jaccard, contained, weight)):
        if not ((a.body or a.items) and (b.body or b.items)):
            return Rejection("undefined")
        return None if views.is_sibling(a, b) else DuplicatePair(first, second, CONFLICT, max(jaccard, contained))
    return DuplicatePair(first, second, TERM, max(jaccard, contained), whole=_is_block(a, b))


def _judge_related(views: ComparisonContext, first: int, second: int) -> Judgment | None:
    """Return a pair if the name of one entry contains that of the other, and its definition as well."""
    a, b = views.units[first], views.units[second]
    if not have_related_names(a, b):
        return None
    if rejection := _judge_related_names(views, a, b):
        return rejection
    jaccard, contained = compute_overlap(a, b)
    if rejection := _judge_definitions(views, a, b, jaccard, contained):
        return rejection
    weight = min(map(compute_definition_weight, (a, b)))
    if not are_strongly_alike(jaccard, contained, weight):
        return Rejection("related")
    return DuplicatePair(first, second, TERM, max(jaccard, contained), whole=_is_block(a, b))


def _judge_related_names(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> Rejection | None:
    """Return why two names of which one contains the other name two things."""
    if views.is_sibling(a, b) or views.is_cousin(a, b):
        return Rejection("cousins")
    if is_label_among(views, a) or is_label_among(views, b):
        return Rejection("label")
    return None if min(a.depth, b.depth) == 1 or have_alike_parents(a, b) else Rejection("parents")


def _judge_names(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> Rejection | None:
    """Return why equal names do not name one thing; a copied run is proof that they do."""
    in_run = views.is_in_run(a, b)
    if not in_run and not views.has_same_term(a, b) and not _have_one_parent(views, a, b):
        return Rejection("parents")
    if views.is_cousin(a, b):
        return Rejection("cousins")
    if not in_run and views.are_named_apart(a, b):
        return Rejection("notes")
    if not in_run and (views.is_label(a) or views.is_label(b)):
        return Rejection("label")
    return Rejection("subjects") if _ENUMERATED.match(a.text) else None


def _have_one_parent(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether two nested terms of one name are of one thing, though the words above them differ."""
    if a.other != b.other or not views.is_same_term(a, b) or is_label_among(views, a) or is_label_among(views, b):
        return False
    if have_alike_parents(a, b):
        return not views.are_below_siblings(a, b)
    weight = min(map(compute_definition_weight, (a, b)))
    return a.note != b.note and are_strongly_alike(*compute_overlap(a, b), weight)


def _judge_definitions(
    views: ComparisonContext, a: ComparedEntry, b: ComparedEntry, jaccard: float, contained: float
) -> Rejection | None:
    """Return why the definitions of one name, which overlap by these shares, are not the same."""
    if views.is_in_run(a, b):
        return None
    weight = min(map(compute_definition_weight, (a, b)))
    if max(jaccard, contained) > 0:
        needed = _get_min_definition_weight(a, b, jaccard)
        if weight < needed:
            return Rejection("little", weight, needed)
        if has_different_numbers(a, b):
            return Rejection("values")
    is_doubtful = jaccard < MIN_LIKENESS or weight < MIN_ALPHABETIC_WEIGHT or _has_two_values(a, b)
    return Rejection("subjects") if is_doubtful and _have_two_subjects(a, b) else None


def _is_named(views: ComparisonContext, a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether two units have a term in common that tells by itself what they are about."""
    if not a.key or a.key != b.key or not views.has_same_term(a, b):
        return False
    return not is_label_among(views, a)


def is_label_among(views: ComparisonContext, unit: ComparedEntry) -> bool:
    """Return whether a term is a label in these notes, a condition, or one of a series: `Case I`, `ルール 3`."""
    if not unit.key:
        return False
    return views.is_label(unit) or bool(_ENUMERATED.match(unit.text) or is_condition(unit.text))


def _get_min_definition_weight(a: ComparedEntry, b: ComparedEntry, jaccard: float) -> float:
    """Return what the shorter of two definitions of one term must say, so that what they share is no chance."""
    if is_alphabetic(a.body + b.body + "".join((*a.items, *b.items))):
        return MIN_UNRELATED_WEIGHT
    if (a.form or b.form) and a.note != b.note:
        return MIN_DEFINITION_WEIGHT  # a heading is the subject itself, and what is above it but the name of the list
    is_titled = (bool(a.title and b.title) and a.title != b.title) or (
        a.note == b.note and bool(a.title or b.title) and jaccard < MIN_LIKENESS
    )
    return MIN_ALPHABETIC_WEIGHT if is_titled else MIN_DEFINITION_WEIGHT


def _have_two_subjects(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether two terms of one note are below headings or entries of other names, or in two lists below one."""
    if a.note != b.note or not (a.above and b.above):
        return False
    return a.above != b.above or (a.section == b.section and a.list != b.list)


def compute_overlap(a: ComparedEntry, b: ComparedEntry) -> tuple[float, float]:
    """Return how much two definitions, with all nested entries, share of their trigrams.

    The first number is their Jaccard index, the second the share of the smaller set; both are 0 to 1. What only one
    term says in its parenthesis, the other may say in its definition.
    """
    ours, theirs = (a.body + "".join(a.items), b.body + "".join(b.items))
    ours, theirs = (
        (a.short if a.expands and not b.short else "") + ours,
        (b.short if b.expands and not a.short else "") + theirs,
    )
    one, other = extract_trigrams(ours), extract_trigrams(theirs)
    common = len(one & other)
    every = len(one) + len(other) - common
    return (common / every, common / min(len(one), len(other))) if common else (0.0, 0.0)


def compute_definition_weight(unit: ComparedEntry) -> float:
    """Return the weight of a definition with all nested entries, without its term."""
    return unit.core + unit.nested


def has_different_numbers(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether each of two short definitions has a number that the other lacks: one quantity of two things."""
    return min(map(compute_definition_weight, (a, b))) < MIN_ALPHABETIC_WEIGHT and _has_two_values(a, b)


def _has_two_values(a: ComparedEntry, b: ComparedEntry) -> bool:
    one, other = extract_numbers(a.text), extract_numbers(b.text)
    return bool(one - other and other - one)


def _is_block(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether most of what is nested in the smaller entry is also nested in the other."""
    one, other = set(a.items), set(b.items)
    if not (one and other):
        return False
    if one & other and len(one & other) >= 0.6 * min(len(one), len(other)):
        return True
    ours, theirs = extract_trigrams("".join(a.items)), extract_trigrams("".join(b.items))
    return bool(ours and theirs) and len(ours & theirs) >= MIN_STRONG_CONTAINMENT * min(len(ours), len(theirs))


def have_same_content(a: ComparedEntry, b: ComparedEntry) -> bool:
    """Return whether two units may be one entry of a copied run: one text, a sentence, or a term said alike."""
    if a.own == b.own:
        return True
    if a.key and a.key == b.key and a.other == b.other:
        jaccard, contained = compute_overlap(a, b)
        return jaccard >= MIN_LIKENESS or contained >= MIN_RUN_CONTAINMENT
    return any(sentence in b.sentences for sentence in a.sentences if compute_weight(sentence) >= MIN_SENTENCE_WEIGHT)
