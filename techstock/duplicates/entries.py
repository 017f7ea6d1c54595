"""Entries in the form in which they are compared, in reading order."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from techstock.analysis.entries import is_link_only, is_pointer
from techstock.duplicates.entry_kinds import DEFINITION, HEADING, EntryClassifier, extract_core, get_outline
from techstock.duplicates.normalize import (
    compute_weight,
    is_alphabetic,
    normalize_sentences,
    normalize_text,
    normalize_texts,
    weighs,
)
from techstock.duplicates.prose import (
    HEADED,
    PARAGRAPH,
    classify_prose,
    get_prose_entries,
    list_compared_entries,
)
from techstock.duplicates.term_keys import has_abbreviation, make_related_keys, make_term_keys, normalize_term
from techstock.model import Corpus, Entry, InlineMarkup, Note, Span
from techstock.text.lazy_patterns import compile_lazily

_DIGITS = compile_lazily(r"([0-9]+)")


def make_natural_sort_key(path: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key for a path, which sorts folder by folder."""
    parts = _DIGITS.split(path.replace("/", "\0"))
    return tuple((0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts if part)


MIN_SENTENCE_WEIGHT = 16  # weight; what says less is in two entries by chance
MIN_PARAGRAPH_WEIGHT = 40  # weight; what a paragraph or a sentence of it says that is a copy
MIN_ALPHABETIC_PARAGRAPH_WEIGHT = 50  # the same in letters, of which a word takes many

_BREAK = compile_lazily(r"<br ?/?>|&nbsp;")
# Not a colon, but much the same to who looks for a term: `用語・・・説明`, `用語 → 説明`.
_TERM_SEPARATOR = compile_lazily(r"([^。:：]{1,60}?)[ \u3000]*(?:・・・|……|→|⇒)[ \u3000]*(?=\S)")
# Longer than any term, but most of it is a parenthesis that says the same in other words.
_LONG_TERM = compile_lazily(r"([^。:：（()）]{1,60}[（(][^。:：（()）]{1,200}[)）])[ \u3000]*[:：][ \u3000]*")
_SENTENCE_MARK = compile_lazily(r"[。．！？.!?]\s*$")
# What such an entry says is of another text, or of a list of things to do.
_SOURCE_OR_TASK = compile_lazily(r"(?:出典|参考|参照|引用|source|ref(?:erence)?s?)\b|\[[ x]\]\s|[☐☑☒]", re.I)


class ComparedEntry(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An entry in the words by which it is compared; all but `name` and `text` are plain (see `words.plain`).

    `note` is the index of its note, `entry` its own, `parent` that of the entry around it (-1: none), `list` that of
    its list among the note's blocks. `text` is its first paragraph as a reader reads it, `own` the same, plain, and
    `weight` how much that says. `name` is its term as lists compare it, `key` as the corpus does, `short` the
    parenthesis that means the same as the term, `other` one that does not. `body` is the definition behind the colon
    (all of it without a colon; nothing if it is but the heading of what is nested), `sentences` those of it. `items`
    are the texts nested in it, in order; `above` is the term or text of the entry around it, at the top the heading
    unless that is numbered.

    `kind` is what it is by its own form (see `entry_kinds`). `title` is the heading above, plain, unless numbered;
    `section` and `outer` are the blocks of that heading and of the one around it. `core` is the weight of its
    definition, `nested` that of its `items`, and `start` is where the definition begins in `text`. `form` is `headed`
    or `paragraph` for prose (see `prose`). `position` is its position among all entries of a note that has prose.
    """

    note: int
    entry: int
    parent: int
    list: int
    depth: int
    text: str
    own: str
    weight: float
    name: str
    key: str
    short: str
    other: str
    sentences: tuple[str, ...]
    items: tuple[str, ...]
    above: str
    expands: bool = False
    title: str = ""
    section: int = -1
    outer: int = -1
    kind: str = DEFINITION
    core: float = 0
    start: int = 0
    form: str = ""
    nested: float = 0
    position: int = -1

    @property
    def body(self) -> str:
        """Return the definition, plain; it is not kept, since its sentences are."""
        return "".join(self.sentences)


def collect_compared_entries(corpus: Corpus, chosen: Mapping[int, Sequence[int]] | None = None) -> list[ComparedEntry]:
    """Return the entries of all notes that have content of their own, in reading order.

    With `chosen`, return only these entries of these notes, by indexes; those of one note are in order.
    """
    numbers = range(len(corpus.notes)) if chosen is None else chosen
    found: list[ComparedEntry] = []
    for number in sorted(numbers, key=lambda number: make_natural_sort_key(corpus.notes[number].path)):
        note = corpus.notes[number]
        own = note.get_or_compute("units", build_compared_entries)
        some = list(own) if chosen is None else [own[index] for index in chosen[number]]
        for unit in some:
            msgspec.structs.force_setattr(unit, "note", number)  # it is new, and nobody has seen it
        found += some
    return found


def build_compared_entries(note: Note) -> Sequence[ComparedEntry]:
    """Return the compared entries of one note, in its order; their `note` is -1."""
    entries, count = list_compared_entries(note), len(note.entries)
    texts = [extract_visible_text(note, entry.head) for entry in note.entries]
    terms = [split_term(entry.name, text) for entry, text in zip(note.entries, texts, strict=True)]
    bodies = [
        _get_definition(note, entry, text[start:])
        for entry, text, (_, start) in zip(note.entries, texts, terms, strict=True)
    ]
    bodies += [extract_visible_text(note, entry.definition or entry.head) for entry in entries[count:]]
    sentences = normalize_sentences(bodies)
    listed = list(_iter_compared_entries(note, texts, terms, bodies[:count], sentences[:count]))
    prose = list(_iter_prose_entries(note, bodies[count:], sentences[count:]))
    if not prose:
        return listed
    starts = [entry.place.start for entry in entries]
    in_order = sorted(range(len(entries)), key=starts.__getitem__)
    positions = {index: position for position, index in enumerate(in_order)}
    for unit in (*listed, *prose):
        msgspec.structs.force_setattr(unit, "position", positions[unit.entry])
    return sorted((*listed, *prose), key=_get_position)


def _get_position(unit: ComparedEntry) -> int:
    return unit.position


def _iter_compared_entries(
    note: Note,
    texts: Sequence[str],
    terms: Sequence[tuple[str, int]],
    bodies: Sequence[str],
    sentences_of: list[tuple[str, ...]],
) -> Iterator[ComparedEntry]:
    owns = _normalize_entry_texts(texts, bodies, sentences_of)
    weights = [compute_weight(own) for own in owns]
    items, nested = _collect_nested(note, owns, weights)
    names = [make_term_keys(term) if term else ("", "", "") for term, _ in terms]
    outline, classifier = get_outline(note), EntryClassifier(note)
    for index, entry in enumerate(note.entries):
        if _is_only_heading(entry, bodies[index], items[index]):
            sentences_of[index] = ()
        if owns[index] and not _is_source_or_task(note, index, texts[index]):
            around = outline.above(entry.place.start)
            kind = classifier.classify(index, texts[index], bodies[index], around)
            yield ComparedEntry(
                -1,
                index,
                entry.parent,
                entry.list,
                entry.depth,
                texts[index],
                owns[index],
                weights[index],
                normalize_term(terms[index][0]) if entry.term else "",
                *names[index],
                sentences_of[index],
                tuple(items[index]),
                (names[entry.parent][0] or owns[entry.parent]) if entry.parent >= 0 else around.title,
                bool(names[index][1]) and has_abbreviation(terms[index][0]),
                around.title,
                around.block,
                around.outer,
                HEADING if kind == DEFINITION and not sentences_of[index] else kind,
                *_measure_definition(texts[index], bodies[index], sentences_of[index], (owns[index], weights[index])),
                nested=nested[index],
            )


def _iter_prose_entries(
    note: Note, bodies: Sequence[str], sentences_of: Sequence[tuple[str, ...]]
) -> Iterator[ComparedEntry]:
    outline, count = get_outline(note), len(note.entries)
    for number, (entry, body, sentences) in enumerate(zip(get_prose_entries(note), bodies, sentences_of, strict=True)):
        said = "".join(sentences)
        is_headed = entry.opens == HEADED
        around = (outline.around if is_headed else outline.above)(entry.place.start)
        keys = make_term_keys(entry.name) if is_headed else ("", "", "")
        name, own = (normalize_term(entry.name), normalize_text(entry.name) + said) if is_headed else ("", said)
        weight = compute_weight(own)
        if said:
            yield ComparedEntry(
                -1,
                count + number,
                -1,
                entry.list,
                1,
                f"{entry.name}: {body}" if is_headed else body,
                own,
                weight,
                name,
                *keys,
                sentences,
                (),
                around.title,
                bool(keys[1]) and has_abbreviation(entry.name),
                around.title,
                around.block,
                around.outer,
                classify_prose(note, entry),
                compute_weight(said) if is_headed else weight,
                len(entry.name) + 2 if entry.name else 0,
                entry.opens,
            )


def _measure_definition(
    text: str, body: str, sentences: tuple[str, ...], whole: tuple[str, float]
) -> tuple[float, int]:
    """Return the weight of the definition of an entry, and where it begins in its text; `sentences` are all of it.

    `whole` is the text, plain, with its weight: mostly it is the definition.
    """
    rest = extract_core(text, body)
    start = len(text) - len(rest) if text.endswith(rest) else 0
    if not sentences:
        return 0, start
    own, weight = whole
    said = "".join(sentences) if rest == body else normalize_text(rest)
    return weight if said == own else compute_weight(said), start


def _get_definition(note: Note, entry: Entry, rest: str) -> str:
    """Return the definition of an entry; `rest` is the text after its term if it has no colon."""
    if entry.definition is None or _is_split_formula(entry.name):
        return rest
    return extract_visible_text(note, entry.definition)


def _is_only_heading(entry: Entry, body: str, items: list[str]) -> bool:
    """Return whether an entry is only the heading of its nested entries and defines nothing."""
    return bool(items) and entry.term is None and not _SENTENCE_MARK.search(body)


def _normalize_entry_texts(
    texts: Sequence[str], bodies: Sequence[str], sentences_of: Sequence[tuple[str, ...]]
) -> list[str]:
    """Return the normalized texts of the entries.

    Most of a text is its body, whose sentences are normalized already, and the marks between them are dropped anyway.
    """
    fronts = [text.removesuffix(body) for text, body in zip(texts, bodies, strict=True)]
    plain = iter(normalize_texts([front for front in fronts if front]))
    return [
        (next(plain) if front else "") + ("".join(said) if text.endswith(body) else "")
        for text, front, body, said in zip(texts, fronts, bodies, sentences_of, strict=True)
    ]


def get_min_paragraph_weight(text: str) -> float:
    """Return how much of a paragraph must be a copy; `text` is normalized."""
    return MIN_ALPHABETIC_PARAGRAPH_WEIGHT if is_alphabetic(text) else MIN_PARAGRAPH_WEIGHT


def get_sentence_match_keys(unit: ComparedEntry) -> Iterable[str]:
    """Return the keys that entries share if they may share a sentence."""
    least = get_min_paragraph_weight(unit.own) if unit.form == PARAGRAPH else MIN_SENTENCE_WEIGHT
    return {sentence for sentence in unit.sentences if weighs(sentence, least)}


def get_term_match_keys(unit: ComparedEntry) -> Iterable[str]:
    """Return the keys that entries share if they may define one term, or two of which one contains the other."""
    return {unit.key, unit.short, *make_related_keys(unit.key)} - {""} if unit.key or unit.short else set()


def make_label_key(unit: ComparedEntry) -> tuple[bool, str]:
    """Return the key by which a term is learned to be a label; headings are told apart from list items."""
    return (True, f"# {unit.key}") if unit.form else (unit.depth > 1, unit.key)


def split_term(name: str, text: str) -> tuple[str, int]:
    """Return the term of an entry, and the offset of its definition if its colon is none of the parser's, else 0.

    Arrows and dots replace one, and a term may be too long for one with a parenthesis that expands it.
    """
    if _is_split_formula(name):
        return "", 0
    if name:
        return name, 0
    match = None
    if "→" in text or "⇒" in text or "……" in text or "・・・" in text:
        match = _TERM_SEPARATOR.match(text)
    if not match and (")" in text or "）" in text) and (":" in text or "：" in text):
        match = _LONG_TERM.match(text)
    return (match[1], match.end()) if match else ("", 0)


def _is_split_formula(name: str) -> bool:
    """Return whether the colon behind a term is inside a formula, such as `$f : V$`: there is no term."""
    return name.count("$") % 2 == 1


def _collect_nested(note: Note, owns: Sequence[str], weights: Sequence[float]) -> tuple[list[list[str]], list[float]]:
    """Return for each entry the texts nested in it, and the weight of all of them."""
    items: list[list[str]] = [[] for _ in owns]
    nested = [0.0] * len(owns)
    for index, own in enumerate(owns):
        parent = note.entries[index].parent
        while parent >= 0:
            if own:
                items[parent].append(own)
                nested[parent] += weights[index]
            parent = note.entries[parent].parent
    return items, nested


def extract_visible_text(note: Note, place: Span) -> str:
    """Return the text that a reader sees at `place`: no link targets, images or tags; code is unchanged.

    Of a wiki link its label is seen, or where it leads.
    """
    starts, spans = _get_hidden_spans(note)
    first = bisect_left(starts, place.start)
    if first == len(starts) or starts[first] >= place.end:
        return _replace_breaks(place.extract_from(note.text))
    parts, at = [], place.start
    for index in range(first, len(starts)):
        if starts[index] >= place.end:
            break
        span = spans[index]
        parts.append(note.text[at : max(span.place.start, at)])
        if span.kind == "target" and note.text.startswith("[[", span.place.start):
            parts.append(note.text[span.place.start + 2 : span.place.end - 2].rpartition("|")[2])
        at = max(at, span.place.end)
    parts.append(note.text[at : max(place.end, at)])
    return _replace_breaks("".join(parts))


def _get_hidden_spans(note: Note) -> tuple[list[int], list[InlineMarkup]]:
    """Return what a reader does not see of a note, and where each begins, computed once."""
    found: tuple[list[int], list[InlineMarkup]] | None = note.memo.get("hidden spans")
    if found is None:
        spans = [span for span in note.spans if span.kind not in ("code", "math")]
        found = note.memo["hidden spans"] = [span.place.start for span in spans], spans
    return found


def _replace_breaks(text: str) -> str:
    return _BREAK.sub(" ", text) if "<" in text or "&" in text else text


def _is_source_or_task(note: Note, index: int, text: str) -> bool:
    """Return whether an entry only gives a source, points to a definition, or is a task."""
    if _SOURCE_OR_TASK.match(text):
        return True
    place, starts = note.entries[index].place, note.link_starts
    first = bisect_left(starts, place.start)
    has_link = first < len(starts) and starts[first] < place.end
    if not has_link and note.text.find("http", place.start, place.end) < 0:
        return False
    return is_link_only(note, index) or is_pointer(note, index)
