"""The section with all terms: an index in Japanese and Latin order, with definitions that link to other terms."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from techstock.model import Corpus
from techstock.report.elements import PageContext, PageSection, make_fold, make_lead, make_long_list, make_places
from techstock.report.markup import Markup, join_markup, make_element
from techstock.report.term_links import TermFinder, TermSpan
from techstock.survey.term_index import IndexedTerm
from techstock.text.sort_key import make_collation_key

_KANA_ROWS = (
    ("ア", "オ", "あ"), ("カ", "ゴ", "か"), ("サ", "ゾ", "さ"), ("タ", "ド", "た"), ("ナ", "ノ", "な"),
    ("ハ", "ポ", "は"), ("マ", "モ", "ま"), ("ヤ", "ヨ", "や"), ("ラ", "ロ", "ら"), ("ワ", "ヶ", "わ"),
)  # fmt: skip
_DIGITS = "0–9"
_KANJI = "漢"
_MAX_PLACES = 8  # of one term
_MAX_SPELLINGS = 5
_OPEN_UP_TO = 40  # terms; more are in closed parts


def make_glossary_section(context: PageContext, corpus: Corpus, terms: Sequence[IndexedTerm]) -> PageSection:
    """Return the section with these terms, which are in index order."""
    links = _link_definitions(terms)
    linked = {span.term for spans in links.values() for span in spans}
    rows = [
        _make_row(context, corpus, term, f"t-{number}" if number in linked else None,
                  [links.get((number, index), ()) for index in range(len(term.definitions))])
        for number, term in enumerate(terms)
    ]  # fmt: skip
    parts = []
    for letter, numbers in _group_by_letter(terms):
        parts.append(_make_letter(context, letter, [(terms[number], rows[number]) for number in numbers]))
    opened = len(terms) <= _OPEN_UP_TO
    index = [
        make_element("a", _name_letter(context, letter), href=f"#letter-{_make_id(letter)}", class_="letter")
        for letter, _ in parts
    ]
    folds = [
        make_fold([_name_letter(context, letter), " ", count], content, open_=opened, class_="letter",
                  id_=f"letter-{_make_id(letter)}")
        for letter, (count, content) in parts
    ]  # fmt: skip
    nav = make_element("nav", index, class_="index", aria_label=context.words.say("index"))
    several = make_element(
        "button", context.words.say("several"), type="button", data_show="several", aria_pressed="false"
    )
    tools = make_element("div", several, class_="tools js-only")
    content = [make_lead(context, "glossary-lead"), nav, tools, make_element("div", folds, class_="rows")]
    return PageSection("glossary", len(terms), join_markup(content))


def _group_by_letter(terms: Sequence[IndexedTerm]) -> Iterator[tuple[str, list[int]]]:
    """Yield the letters of the index with the numbers of their terms."""
    letters: dict[str, list[int]] = {}
    for number, term in enumerate(terms):
        letters.setdefault(find_letter(term.term), []).append(number)
    order = [row for _, _, row in _KANA_ROWS] + [_KANJI]
    for letter in sorted(letters, key=lambda letter: (_rank_letter(letter, order), letter)):
        yield letter, letters[letter]


def _rank_letter(letter: str, order: Sequence[str]) -> int:
    if letter in order:
        return order.index(letter)
    if letter == _DIGITS:
        return len(order) + 1
    return len(order) + 2 if not letter else len(order)


def find_letter(term: str) -> str:
    """Return the letter of the index for a term: `あ` to `わ`, `漢`, `A` to `Z`, `0–9`, or nothing."""
    ranked = make_collation_key(term)[0]
    first = ranked[0][1] if ranked else ""
    for start, end, row in _KANA_ROWS:
        if first and start <= first <= end:
            return row
    if first.isascii() and first.isalpha():
        return first.upper()
    if first.isdigit():
        return _DIGITS
    return _KANJI if "\u3400" <= first <= "\u9fff" or "\U00020000" <= first <= "\U0003ffff" else ""


def _name_letter(context: PageContext, letter: str) -> str:
    if letter == _KANJI:
        return context.words.say("kanji")
    return letter or context.words.say("other-signs")


def _make_id(letter: str) -> str:
    return {_DIGITS: "0", "": "other"}.get(letter, letter)


def _make_letter(
    context: PageContext, letter: str, entries: Sequence[tuple[IndexedTerm, Markup]]
) -> tuple[str, tuple[Markup, Markup]]:
    """Return a letter with its count and its rows; ideographs are listed under the first of them."""
    count = make_element("span", f"{len(entries):,}", class_="count")
    if letter != _KANJI:
        return letter, (count, make_long_list(context, [row for _, row in entries], class_="terms"))
    parts = []
    for first, some in groupby(entries, key=lambda pair: make_collation_key(pair[0].term)[2][:1]):
        rows = [row for _, row in some]
        parts.append(make_element("h3", first, class_="first"))
        parts.append(make_long_list(context, rows, class_="terms"))
    return letter, (count, join_markup(parts))


def _link_definitions(terms: Sequence[IndexedTerm]) -> dict[tuple[int, int], Sequence[TermSpan]]:
    """Return the terms in each definition, by the number of its term and its own."""
    finder = TermFinder((number, term.spellings) for number, term in enumerate(terms) if term.definitions)
    pairs = (
        ((number, index), finder.find_terms(definition, number))
        for number, term in enumerate(terms)
        for index, definition in enumerate(term.definitions)
    )
    return {key: spans for key, spans in pairs if spans}


def _make_row(
    context: PageContext, corpus: Corpus, term: IndexedTerm, id_: str | None, links: Sequence[Sequence[TermSpan]]
) -> Markup:
    """Return the row of a term; `links` are the terms in each definition. Only a row that they lead to has an `id_`."""
    say, find_lang = context.words.say, context.marker.find_lang
    parts = [make_element("dfn", term.term, lang=find_lang(term.term))]
    if others := term.spellings[1 : _MAX_SPELLINGS + 1]:
        parts.append(make_element("span", say("also", terms=", ".join(others)), class_="also"))
    for index, definition in enumerate(term.definitions):
        text = Markup("".join(_iter_linked_text(definition, links[index])))
        parts.append(make_element("p", text, lang=find_lang(definition)))
        parts.append(make_places(context, _locate(corpus, term, index), _MAX_PLACES))
    if not term.definitions:
        parts.append(make_element("p", say("no-definition"), class_="remark"))
        parts.append(make_places(context, _locate(corpus, term, -1), _MAX_PLACES))
    return make_element("li", parts, class_="several" if len(term.definitions) > 1 else None, id=id_)


def _locate(corpus: Corpus, term: IndexedTerm, definition: int) -> list[tuple[str, int]]:
    """Return the places of one definition of a term."""
    places = [one.place for one in term.places if one.definition == definition]
    return [(place.path, corpus.find_position(place)[0]) for place in places]


def _iter_linked_text(text: str, links: Sequence[TermSpan]) -> Iterator[Markup]:
    at = 0
    for span in links:
        yield join_markup(text[at : span.start])
        yield make_element("a", text[span.start : span.end], href=f"#t-{span.term}")
        at = span.end
    yield join_markup(text[at:])
