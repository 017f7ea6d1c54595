"""Terms that several notes use and none defines.

Without an entry that defines it, only two kinds of names can be recognized as terms with some certainty: abbreviations
in capitals, and names in Latin letters inside Japanese, Chinese or Korean sentences. A word in katakana, in bold or in
a code span may be anything: most of those that real notes use without a definition are common words, labels and
commands.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from techstock.model import Corpus, Note, Place
from techstock.similarity.order import reading_order
from techstock.similarity.spelling import latin_names, small_words
from techstock.similarity.terms import keys
from techstock.similarity.units import units
from techstock.similarity.views import works
from techstock.survey.definitions import Definitions
from techstock.survey.terms import Stand, Term
from techstock.text.collation import index_key
from techstock.text.labels import is_label, term_key
from techstock.text.script import is_cjk

_LEAST = 3  # notes that use a term; translations of one note are one
_ABBREVIATION = re.compile(r"([A-Z][A-Z0-9]{0,3}[A-Z])s?")
_NUMBERED = re.compile(r"[ -][0-9]+\Z")  # `OSI 7`: the number may belong to what follows
_INNER = re.compile(r"[a-z0-9][A-Z]|[A-Z][0-9]| [A-Z]")  # of `DevOps`, `IPv6`, `Elastic IP`
_COMMON = frozenset(
    "AD ALT AM AND BC CTRL ESC GB GET HEAD KB MB NG NO NOT OK OR PB PM POST PUT TAB TB TODO USD".split()  # noqa: SIM905
)
_SAYS = re.compile(r"[*` \u3000]*(?:とは|は|이란|란|은|는|是|指)|[*`]* (?:is|are|means|stands for) ")
_OPENS, _CLOSES = re.compile(r"[*` \u3000]*[（(]\s*[^\W\d]"), re.compile(r"[*`]*[)）]")
_NUMERAL = re.compile(r"[\d.．)）\s]+")


def undefined(corpus: Corpus) -> list[Term]:
    """Return the undefined terms in index order, without definitions, each with all locations that use it."""
    known = set(_defined(corpus))
    uses: dict[str, list[tuple[int, Place]]] = {}
    small: Counter[str] = Counter()
    for number in sorted(range(len(corpus.notes)), key=lambda number: reading_order(corpus.notes[number].path)):
        note = corpus.notes[number]
        small.update(small_words(note))
        known.update(_titles(note))
        starts = {text.start for block in note.blocks if block.kind == "paragraph" for text in block.texts[:1]}
        for place in latin_names(note):
            key = _key(place.of(note.text))
            uses.setdefault(key, []).append((number, place))
            if _is_explained(note, place, starts):
                known.add(key)
    found, of = [], works(corpus)
    for key, some in uses.items():
        if key not in known and len({of[number] for number, _ in some}) >= _LEAST:
            term = _term(corpus, key, some)
            if _is_term(corpus, term, some, small) and not _is_of(term, known):
                found.append(term)
    return sorted(found, key=lambda term: (index_key(term.key), term.key))


def _key(name: str) -> str:
    """Return the normal form of a name; the plural of an abbreviation has the same as its singular."""
    match = _ABBREVIATION.fullmatch(name)
    return keys(match[1] if match else name)[0]


def _defined(corpus: Corpus) -> Iterator[str]:
    """Yield the keys of terms that entries define, with a colon, or as a name on the line above nested items."""
    read: dict[int, Definitions] = {}
    for unit in units(corpus):
        if unit.name:
            if read.setdefault(unit.note, Definitions(corpus.notes[unit.note])).of(unit.entry):
                yield from (unit.key, unit.short)
        elif unit.key or unit.items:
            yield from (unit.key, *keys(unit.text)[:2])


def _titles(note: Note) -> Iterator[str]:
    """Yield the keys of headings and of table cells: a name with its own section or row is explained there."""
    for heading in note.headings:
        yield from keys(_NUMERAL.sub("", heading.title, count=1) if heading.title[:1].isdigit() else heading.title)[:2]
    for block in note.blocks:
        if block.kind == "table":
            for text in block.texts:
                yield from keys(text.of(note.text).strip(" *`"))[:2]


def _is_explained(note: Note, place: Place, starts: set[int]) -> bool:
    """Return whether a sentence begins with the name and defines it, or a parenthesis beside it spells it out."""
    text = note.text
    if _OPENS.match(text, place.end) or (
        text[place.start - 1 : place.start] in "(（" and _CLOSES.match(text, place.end)
    ):
        return True
    begins = place.start in starts or text[max(place.start - 2, 0) : place.start].strip(" *`") in ("。", "")
    return begins and _SAYS.match(text, place.end) is not None


def _term(corpus: Corpus, key: str, some: Sequence[tuple[int, Place]]) -> Term:
    spellings = Counter(" ".join(place.of(corpus.notes[number].text).split()) for number, place in some)
    names = tuple(spelling for spelling, _ in spellings.most_common())
    places = tuple(Stand(corpus.notes[number].at(place)) for number, place in some)
    return Term(names[0], key, names, (), places)


def _is_term(corpus: Corpus, term: Term, some: Sequence[tuple[int, Place]], small: Counter[str]) -> bool:
    if term.term in _COMMON or is_label(term_key(term.term)):
        return False
    if _ABBREVIATION.fullmatch(term.term):
        words = (spelling for spelling in term.spellings if not spelling.isupper() and spelling[-1:] != "s")
        return not small[term.term.lower()] and not any(words)
    if not _INNER.search(term.term) or _NUMBERED.search(term.term):
        return False
    inside = sum(_is_in_sentence(corpus.notes[number].text, place) for number, place in some)
    return 2 * inside >= len(some)


def _is_of(term: Term, known: Collection[str]) -> bool:
    """Return whether a name of several words begins or ends with a defined term, as `SNS Topic` does."""
    words = term.term.split(" ")
    cuts = range(1, len(words))
    return any(_key(" ".join(part)) in known for cut in cuts for part in (words[:cut], words[cut:]))


def _is_in_sentence(text: str, place: Place) -> bool:
    """Return whether a letter of Chinese, Japanese or Korean is beside a name, directly or after one space."""
    before, after = (
        text[max(place.start - 2, 0) : place.start].rstrip(" ")[-1:],
        text[place.end : place.end + 2].lstrip(" ")[:1],
    )
    return any(is_cjk(letter) for letter in (before, after) if letter)
