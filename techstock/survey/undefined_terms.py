"""Terms that several notes use and none defines.

Without an entry that defines it, only two kinds of names can be recognized as terms with some certainty: abbreviations
in capitals, and names in Latin letters inside Japanese, Chinese or Korean sentences. A word in katakana, in bold or in
a code span may be anything: most of those that real notes use without a definition are common words, labels and
commands.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from techstock.duplicates.candidates import get_translation_keys
from techstock.duplicates.entries import collect_compared_entries, make_natural_sort_key
from techstock.duplicates.term_keys import is_label, make_term_keys, normalize_term
from techstock.model import Corpus, Note, Span
from techstock.spelling.word_sequences import find_latin_names, find_lowercase_words
from techstock.survey.term_index import DefinitionTexts, IndexedTerm, TermLocation
from techstock.text.scripts import is_cjk
from techstock.text.sort_key import make_collation_key

_MIN_NOTES = 3  # notes that use a term; translations of one note are one
_ABBREVIATION = re.compile(r"([A-Z][A-Z0-9]{0,3}[A-Z])s?")
_TRAILING_NUMBER = re.compile(r"[ -][0-9]+\Z")  # `OSI 7`: the number may belong to what follows
_INNER_CAPITAL = re.compile(r"[a-z0-9][A-Z]|[A-Z][0-9]| [A-Z]")  # of `DevOps`, `IPv6`, `Elastic IP`
_COMMON_ABBREVIATIONS = frozenset(
    "AD ALT AM AND BC CTRL ESC GB GET HEAD KB MB NG NO NOT OK OR PB PM POST PUT TAB TB TODO USD".split()  # noqa: SIM905
)
_DEFINING_PHRASE = re.compile(r"[*` \u3000]*(?:とは|は|이란|란|은|는|是|指)|[*`]* (?:is|are|means|stands for) ")
_OPENING_PARENTHESIS, _CLOSING_PARENTHESIS = re.compile(r"[*` \u3000]*[（(]\s*[^\W\d]"), re.compile(r"[*`]*[)）]")
_LEADING_NUMBER = re.compile(r"[\d.．)）\s]+")


def find_undefined_terms(corpus: Corpus) -> list[IndexedTerm]:
    """Return the undefined terms, the most used first, without definitions, each with all locations that use it."""
    known = set(_iter_defined_keys(corpus))
    uses: dict[str, list[tuple[int, Span]]] = {}
    small: Counter[str] = Counter()
    for number in sorted(range(len(corpus.notes)), key=lambda number: make_natural_sort_key(corpus.notes[number].path)):
        note = corpus.notes[number]
        small.update(find_lowercase_words(note))
        known.update(_iter_title_keys(note))
        starts = {text.start for block in note.blocks if block.kind == "paragraph" for text in block.texts[:1]}
        for place in find_latin_names(note):
            key = _make_name_key(place.extract_from(note.text))
            uses.setdefault(key, []).append((number, place))
            if _is_explained(note, place, starts):
                known.add(key)
    found, of = [], get_translation_keys(corpus)
    for key, some in uses.items():
        if key not in known and len({of[number] for number, _ in some}) >= _MIN_NOTES:
            term = _make_undefined_term(corpus, key, some)
            if _is_likely_term(corpus, term, some, small) and not _has_known_part(term, known):
                found.append(term)
    return sorted(found, key=lambda term: (-len(term.places), make_collation_key(term.key), term.key))


def _make_name_key(name: str) -> str:
    """Return the normal form of a name; the plural of an abbreviation has the same as its singular."""
    match = _ABBREVIATION.fullmatch(name)
    return make_term_keys(match[1] if match else name)[0]


def _iter_defined_keys(corpus: Corpus) -> Iterator[str]:
    """Yield the keys of terms that entries define, with a colon, or as a name on the line above nested items."""
    read: dict[int, DefinitionTexts] = {}
    for unit in collect_compared_entries(corpus):
        if unit.form:
            continue
        if unit.name:
            if read.setdefault(unit.note, DefinitionTexts(corpus.notes[unit.note])).get_text(unit.entry):
                yield from (unit.key, unit.short)
        elif unit.key or unit.items:
            yield from (unit.key, *make_term_keys(unit.text)[:2])


def _iter_title_keys(note: Note) -> Iterator[str]:
    """Yield the keys of headings and of table cells: a name with its own section or row is explained there."""
    for heading in note.headings:
        yield from make_term_keys(
            _LEADING_NUMBER.sub("", heading.title, count=1) if heading.title[:1].isdigit() else heading.title
        )[:2]
    for block in note.blocks:
        if block.kind == "table":
            for text in block.texts:
                yield from make_term_keys(text.extract_from(note.text).strip(" *`"))[:2]


def _is_explained(note: Note, place: Span, starts: set[int]) -> bool:
    """Return whether a sentence begins with the name and defines it, or a parenthesis beside it spells it out."""
    text = note.text
    if _OPENING_PARENTHESIS.match(text, place.end) or (
        text[place.start - 1 : place.start] in "(（" and _CLOSING_PARENTHESIS.match(text, place.end)
    ):
        return True
    begins = place.start in starts or text[max(place.start - 2, 0) : place.start].strip(" *`") in ("。", "")
    return begins and _DEFINING_PHRASE.match(text, place.end) is not None


def _make_undefined_term(corpus: Corpus, key: str, some: Sequence[tuple[int, Span]]) -> IndexedTerm:
    spellings = Counter(" ".join(place.extract_from(corpus.notes[number].text).split()) for number, place in some)
    names = tuple(spelling for spelling, _ in spellings.most_common())
    places = tuple(TermLocation(corpus.notes[number].add_path_to(place)) for number, place in some)
    return IndexedTerm(names[0], key, names, (), places)


def _is_likely_term(corpus: Corpus, term: IndexedTerm, some: Sequence[tuple[int, Span]], small: Counter[str]) -> bool:
    if term.term in _COMMON_ABBREVIATIONS or is_label(normalize_term(term.term)):
        return False
    if _ABBREVIATION.fullmatch(term.term):
        words = (spelling for spelling in term.spellings if not spelling.isupper() and spelling[-1:] != "s")
        return not small[term.term.lower()] and not any(words)
    if not _INNER_CAPITAL.search(term.term) or _TRAILING_NUMBER.search(term.term):
        return False
    inside = sum(_is_beside_cjk(corpus.notes[number].text, place) for number, place in some)
    return 2 * inside >= len(some)


def _has_known_part(term: IndexedTerm, known: Collection[str]) -> bool:
    """Return whether a name of several words begins or ends with a defined term, as `SNS Topic` does."""
    words = term.term.split(" ")
    cuts = range(1, len(words))
    return any(_make_name_key(" ".join(part)) in known for cut in cuts for part in (words[:cut], words[cut:]))


def _is_beside_cjk(text: str, place: Span) -> bool:
    """Return whether a letter of Chinese, Japanese or Korean is beside a name, directly or after one space."""
    before, after = (
        text[max(place.start - 2, 0) : place.start].rstrip(" ")[-1:],
        text[place.end : place.end + 2].lstrip(" ")[:1],
    )
    return any(is_cjk(letter) for letter in (before, after) if letter)
