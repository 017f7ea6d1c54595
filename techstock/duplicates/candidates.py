"""Checksums of the texts of a note, and the candidates for duplicates that they show: most notes need not be read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations, pairwise
from typing import TYPE_CHECKING

from techstock.duplicates.checksums import (
    NO_CHECKSUMS,
    NoteChecksums,
    TermContext,
    Title,
    get_line_length,
    pack_lines,
    pack_numbers,
    sum_line_lengths,
    sum_texts,
    unpack_lines,
    unpack_numbers,
)
from techstock.duplicates.entries import (
    ComparedEntry,
    build_compared_entries,
    get_sentence_match_keys,
    get_term_match_keys,
    make_label_key,
)
from techstock.duplicates.entry_kinds import (
    JOURNAL,
    QUOTE,
    SOURCE,
    Surroundings,
    get_author,
    get_outline,
    is_source_entry,
)
from techstock.duplicates.normalize import casefold_nfkc
from techstock.duplicates.prose import PARAGRAPH
from techstock.model import Corpus, Note, compute_once
from techstock.text.lazy_patterns import compile_lazily

if TYPE_CHECKING:
    from techstock.duplicates.recurrence import Recurrence

_SENTENCE, _TERM = 1, 2  # kinds of texts whose checksums differ
# White space in NFKC, but for the ends of lines.
_ASCII_BLANKS = b" \t\r\x0b\x0c\x1c\x1d\x1e\x1f"
_OTHER_BLANKS = "\x85\u1680\u2028\u2029"
_LEADS = compile_lazily(
    r"(?:[-*+]|[0-9]{1,9}[.)])?(?:\[[x ]?\])?(?:!?\[\[[^\]]+\]\]|!?\[[^\]]*\]\([^)]*\)|<?https?://[^\s>]+>?|[,、|])*"
)
_LEADS_FIRST = "-*+0123456789[!<h,、|"  # characters of what leads somewhere
_LEADS_LAST = "-*+.)],、|"  # but for an address
_MANY_NOTES = 8  # what is in more is part of a template; of these only neighbors are compared by it
_LIKELY = 0.5  # of the characters of the smaller note: below that no text is read
_LANGUAGE = compile_lazily(r"[._-](?:en|ja|jp|ko|kr|zh|cn|tw|de|fr|es|pt|it|ru|vi|id|th)(?:[_-][a-z]{2})?$", re.I)


def list_checksums(corpus: Corpus) -> list[NoteChecksums]:
    """Return the checksums of all notes, in their order; looked up once for each corpus."""
    return compute_once(corpus, _look_up_checksums)


def _look_up_checksums(corpus: Corpus) -> list[NoteChecksums]:
    return [note.get_or_compute("handles", _compute_checksums) for note in corpus.notes]


def list_sums(corpus: Corpus) -> list[Sequence[int]]:
    """Return the checksums of the texts of all notes, in their order; unpacked once for each corpus."""
    return compute_once(corpus, _unpack_sums)


def _unpack_sums(corpus: Corpus) -> list[Sequence[int]]:
    return [unpack_numbers(own.sums) if own.sums else () for own in list_checksums(corpus)]


def _compute_checksums(note: Note) -> NoteChecksums:
    return compute_checksums(note, build_compared_entries(note))


def get_recurrence(corpus: Corpus) -> "Recurrence":
    """Return the labels and frames learned from these notes; computed once for each corpus."""
    if "recurrence" not in corpus.memo:
        from techstock.duplicates.recurrence import learn_recurrence  # late: most notes need none

        corpus.memo["recurrence"] = learn_recurrence(list_checksums(corpus))
    found: Recurrence = corpus.memo["recurrence"]
    return found


def compute_checksums(note: Note, units: Sequence[ComparedEntry]) -> NoteChecksums:
    """Return the checksums of a note from its lines and all its compared entries."""
    lines = pack_lines(fold_lines(note))
    if not units:
        return NoteChecksums(author=get_author(note), lines=lines) if lines else NO_CHECKSUMS
    # A text without a definition is compared with what is nested in it; here it is enough that the text is one.
    sums = sum_texts([unit.own for unit in units])
    owners = [*range(len(units))]
    for kind, get_keys in ((_SENTENCE, get_sentence_match_keys), (_TERM, get_term_match_keys)):
        keys = [(owner, key) for owner, unit in enumerate(units) for key in get_keys(unit)]
        sums += sum_texts([key for _, key in keys], kind)
        owners += [owner for owner, _ in keys]
    lists = Counter((unit.list, unit.name) for unit in units if unit.name)
    return NoteChecksums(
        pack_numbers(sums),
        pack_numbers(owners),
        tuple(owner for owner, unit in enumerate(units) if lists[unit.list, unit.name] > 1),
        _labels(units),
        _titles(note, units),
        get_author(note),
        len(units),
        lines,
        tuple(owner for owner, unit in enumerate(units) if unit.form == PARAGRAPH),
    )


def is_template(corpus: Corpus, text: object) -> bool:
    """Return whether so many notes hold a text or sentence, normalized, that it makes no paragraph a copy."""
    if not isinstance(text, str):
        return False
    sums = *sum_texts([text]), *sum_texts([text], _SENTENCE)
    return not _get_template_checksums(corpus).isdisjoint(sums)


def _get_template_checksums(corpus: Corpus) -> frozenset[int]:
    """Return the checksums that are in more notes than a cluster has, in all of the project; computed once."""
    every = corpus.around or corpus
    if "template checksums" not in every.memo:
        repeated = _get_repeated_checksums(every)
        counts = Counter(chain.from_iterable(map(repeated.intersection, list_sums(every))))
        every.memo["template checksums"] = frozenset(sum_ for sum_, count in counts.items() if count > _MANY_NOTES)
    found: frozenset[int] = every.memo["template checksums"]
    return found


def fold_lines(note: Note) -> set[str]:
    """Return the lines of a note below its front matter, each once, without comments, spaces, width and case.

    A line that only leads somewhere says nothing.
    """
    start = note.blocks[0].place.end if note.blocks and note.blocks[0].kind == "front-matter" else 0
    text = casefold_nfkc(note.text[start:])
    if "<!--" in text:
        text = _remove_comments(text)
    lines = set(_remove_blanks(text))
    return {line for line in lines if not _leads_somewhere(line)}


def _leads_somewhere(line: str) -> bool:
    """Return whether a folded line holds nothing but links, and what parts them."""
    if line[:1] not in _LEADS_FIRST or (line[-1:] not in _LEADS_LAST and "http" not in line):
        return False
    return _LEADS.fullmatch(line) is not None


def _remove_comments(text: str) -> str:
    """Return a text without its comments. Where one does not end, no later one does: the text is searched once."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join([*parts, text[at:]])


def _remove_blanks(text: str) -> list[str]:
    """Return the lines of a text in NFKC without any white space."""
    text = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_BLANKS).decode("utf-8", "surrogatepass")
    for blank in _OTHER_BLANKS if not text.isascii() else ():
        text = text.replace(blank, "")
    return text.split("\n")


def _labels(units: Sequence[ComparedEntry]) -> tuple[TermContext, ...]:
    """Return the terms that may be labels, each with what is around it and what it says."""
    named = [unit for unit in units if unit.key and unit.above]
    contents = sum_texts(["\n".join((unit.body, *unit.items)) for unit in named])
    return tuple(
        sorted({(*make_label_key(unit), unit.above, said) for unit, said in zip(named, contents, strict=True)})
    )


def _titles(note: Note, units: Sequence[ComparedEntry]) -> tuple[Title, ...]:
    """Return a `Title` for each heading, unless numbered, with entries directly below it."""
    by_entry = {unit.entry: unit for unit in units}
    outline = get_outline(note)
    found: dict[int, tuple[str, list[str], list[bool]]] = {}
    for index, entry in enumerate(note.entries):
        if entry.depth > 1:
            continue
        around = outline.above(entry.place.start)
        if around.title:
            unit = by_entry.get(index)
            _, owns, leads = found.setdefault(around.block, (around.title, [], []))
            owns.append(unit.own if unit else "")
            leads.append(unit is None or _is_source(note, unit, around))
    contents = sum_texts(["\n".join(owns) for _, owns, _ in found.values()])
    return tuple(
        (title, content, len(leads), sum(leads))
        for (title, _, leads), content in zip(found.values(), contents, strict=True)
    )


def _is_source(note: Note, unit: ComparedEntry, around: Surroundings) -> bool:
    if unit.kind in (QUOTE, JOURNAL):  # these go before
        return is_source_entry(note, note.entries[unit.entry], unit.text, around)
    return unit.kind == SOURCE


def find_candidate_entries(corpus: Corpus) -> dict[int, list[int]]:
    """Return the entries that may be part of a pair, by the index of their note: every pair lies within them.

    They include each entry that is repeated in a translation of its note, together with that repetition. Computed once
    for each corpus.
    """
    if "candidates" not in corpus.memo:
        corpus.memo["candidates"] = _find_candidates(corpus, list_checksums(corpus))
    candidates: dict[int, list[int]] = corpus.memo["candidates"]
    return candidates


def _find_candidates(corpus: Corpus, found: Sequence[NoteChecksums]) -> dict[int, list[int]]:
    chosen: dict[int, set[int]] = {}
    templates = _get_template_checksums(corpus)
    sums = list_sums(corpus)
    for members in _group_compared_notes(corpus, found):
        shared = (
            _get_repeated_checksums(corpus)
            if corpus.duplicate_scope == "corpus"
            else _find_repeated_checksums(sums[number] for number in members)
        )
        for number in members:
            own = found[number]
            owners = set(own.repeated)
            if not shared.isdisjoint(sums[number]):
                apart = frozenset(own.paragraphs)
                owners.update(
                    owner
                    for sum_, owner in zip(sums[number], unpack_numbers(own.owners), strict=False)
                    if sum_ in shared and not (owner in apart and sum_ in templates)
                )
            if owners:
                chosen.setdefault(number, set()).update(owners)
    return {number: sorted(owners) for number, owners in chosen.items()}


def find_similar_notes(corpus: Corpus) -> tuple[tuple[int, int], ...]:
    """Return the pairs of notes of one scope, by index, that may be copies by their lines; computed once.

    The time it takes grows with the lines of all notes.
    """
    if "similar" not in corpus.memo:
        groups = _group_by_scope(corpus, range(len(corpus.notes)))
        found = (_find_similar_notes(corpus, numbers) for numbers in groups if len(numbers) > 1)
        corpus.memo["similar"] = tuple(sorted(pair for pairs in found for pair in pairs))
    pairs: tuple[tuple[int, int], ...] = corpus.memo["similar"]
    return pairs


def _find_similar_notes(corpus: Corpus, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    every = list_checksums(corpus)
    lines = {number: unpack_lines(packed) for number in numbers if (packed := every[number].lines)}
    repeated = _find_repeated_checksums(lines.values())
    common = {number: found for number, own in lines.items() if (found := repeated.intersection(own))}
    wanted: set[int] = set()  # lines of notes of which so much is repeated that one other may hold it
    for number, sums in common.items():
        if sum([get_line_length(sum_) for sum_ in sums]) >= _LIKELY * sum_line_lengths(every[number].lines):
            wanted |= sums
    several: dict[int, list[int]] = {}
    for number, sums in common.items():
        for sum_ in sums & wanted:
            several.setdefault(sum_, []).append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for sum_, members in several.items():
        pairs = combinations(members, 2) if len(members) <= _MANY_NOTES else pairwise(members)
        for pair in pairs:
            shared[pair] += get_line_length(sum_)
    sizes = {number: sum_line_lengths(every[number].lines) for number in set(chain.from_iterable(shared))}
    return (pair for pair, size in shared.items() if size >= _LIKELY * min(sizes[pair[0]], sizes[pair[1]]))


def _group_by_scope(corpus: Corpus, numbers: Iterable[int]) -> Iterable[list[int]]:
    """Return the notes, by index, in groups that are compared."""
    groups: dict[object, list[int]] = {}
    for number in numbers:
        groups.setdefault(make_scope_key(corpus.notes[number].path, number, corpus.duplicate_scope), []).append(number)
    return groups.values()


def _group_compared_notes(corpus: Corpus, found: Sequence[NoteChecksums]) -> Iterator[list[int]]:
    """Yield groups of notes, by index, whose entries are compared: one scope, or translations of one note."""
    yield from _group_by_scope(corpus, (number for number, own in enumerate(found) if own.count))
    if corpus.duplicate_scope == "file":  # else they stand within one scope
        yield from group_translations(get_translation_keys(corpus))


def _find_repeated_checksums(sums: Iterable[Sequence[int]]) -> set[int]:
    """Return the checksums that occur at least twice in all."""
    counts = Counter(chain.from_iterable(sums))
    return {sum_ for sum_, count in counts.items() if count > 1}


def _get_repeated_checksums(corpus: Corpus) -> set[int]:
    """Return the checksums of texts that occur at least twice in all notes; computed once for each corpus."""
    return compute_once(corpus, _find_all_repeated_checksums)


def _find_all_repeated_checksums(corpus: Corpus) -> set[int]:
    return _find_repeated_checksums(list_sums(corpus))


def make_scope_key(path: str, number: int, scope: str) -> object:
    """Return the key that notes share if their entries are compared; `number` is the index of the note."""
    return number if scope == "file" else path.rpartition("/")[0] if scope == "directory" else ""


def get_translation_keys(corpus: Corpus) -> Sequence[str]:
    """Return the key that each note shares with its translations: its folder, and its name without a language."""
    if "works" not in corpus.memo:
        corpus.memo["works"] = [make_translation_key(note.path) for note in corpus.notes]
    found: list[str] = corpus.memo["works"]
    return found


def make_translation_key(path: str) -> str:
    """Return the key that the notes at two paths share if one is the other in another language."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder + slash + _LANGUAGE.sub("", stem).replace("_", "-").casefold()


def group_translations(works: Sequence[str]) -> list[list[int]]:
    """Return the notes, by index, of each work that has several; `works` are the keys of all notes, in order."""
    notes: dict[str, list[int]] = {}
    for number, work in enumerate(works):
        notes.setdefault(work, []).append(number)
    return [several for several in notes.values() if len(several) > 1]
