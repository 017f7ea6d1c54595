"""The language of a text and of a note, as far as its script tells: for `lang`, which decides fonts and line breaks."""

import re
from collections import Counter
from collections.abc import Iterable

from techstock.model import Corpus, Note, compute_once

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_IDEOGRAPH = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
JAPANESE, KOREAN, CHINESE, ENGLISH = "ja", "ko", "zh", "en"


def guess_language(text: str) -> str:
    """Return the language of a text: `ja` with kana, `ko`, `zh` with ideographs alone, else `en`."""
    if text.isascii():
        return ENGLISH
    if _KANA.search(text):
        return JAPANESE
    if _HANGUL.search(text):
        return KOREAN
    return CHINESE if _IDEOGRAPH.search(text) else ENGLISH


def guess_note_language(note: Note) -> str:
    """Return the language of a note, as its headings and terms tell, else its text."""
    return compute_once(note, _guess_of_facts)


def _guess_of_facts(note: Note) -> str:
    names = " ".join([*(heading.title for heading in note.headings), *(entry.name for entry in note.entries)])
    found = guess_language(names)
    return found if found in (JAPANESE, KOREAN) else guess_language(note.text)


def guess_corpus_language(corpus: Corpus) -> str:
    """Return the language of most notes."""
    return compute_once(corpus, _count_languages)


def _count_languages(corpus: Corpus) -> str:
    found = Counter(map(guess_note_language, corpus.notes))
    return found.most_common(1)[0][0] if found else ENGLISH


class LanguageMarker:
    """Gives `lang` for texts that differ from the page's language. Ideographs alone are read as their corpus."""

    def __init__(self, page: str, corpus: str) -> None:
        self._page = page
        self._ideographs = corpus if corpus in (JAPANESE, KOREAN) else CHINESE

    def find_lang(self, text: str) -> str | None:
        """Return the language of a text; `None` if it is that of the page."""
        found = guess_language(text)
        found = self._ideographs if found == CHINESE else found
        return None if found == self._page else found


def choose_page_language(corpus: Corpus, known: Iterable[str]) -> str:
    """Return the language of most notes if the page's words are `known` in it, else English."""
    found = guess_corpus_language(corpus)
    return found if found in known else ENGLISH
