"""Kinds of entries by their own form, decided before entries are compared: only definitions are compared.

Whether a term is a label, and whether a heading recurs as a frame, follows from all notes: see `recurrence`.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache

import msgspec

from techstock.duplicates.normalize import compute_weight, normalize_text, remove_addresses
from techstock.model import Entry, Heading, Note
from techstock.text.lazy_patterns import compile_lazily

DEFINITION, STEP, SOURCE, FIELD, QUOTE = "definition", "step", "source", "field", "quote"
JOURNAL, QUESTION, ANSWER, HEADING, FRAME = "journal line", "question", "answer", "heading", "frame"

# Few notes ask all of them.
_AUTHOR = compile_lazily(r"^authors?[ \t]*[:=][ \t]*(\S.*)$", re.M | re.I)
_DATE = compile_lazily(
    r"(?:19|20)[0-9]{2}(?:[-_./](?:0?[1-9]|1[0-2])(?![0-9])(?:[-_./][0-9]{1,2}(?![0-9]))?"
    r"|(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?![0-9])|年)"
)
_RELEASE = compile_lazily(
    r"(?:v[0-9]+(?:\.[0-9]+)+|\[v?[0-9]+(?:\.[0-9]+)+\]\S*|[0-9]+\.[0-9]+\.[0-9]+)[\s(),:/0-9-]*$", re.I
)
_EXERCISE = compile_lazily(
    r"(?:questions?|problem|exercise|quiz|q|問題|設問|例題|演習|問|問い|문제|问题|题目?)[ .:：#_\u3000-]*[0-9]+", re.I
)
_DRAWING = ".excalidraw.md"  # what a program writes
_RELEASES = compile_lazily(r"(?:changelog|changes|history|release[-_ ]?notes|releases)\.", re.I)
_PROJECT = compile_lazily(
    r"(?:README|LICEN[CS]E|CONTRIBUTING|CODE[-_]OF[-_]CONDUCT|SECURITY|AGENTS|CLAUDE|GEMINI)\b", re.I
)
# Notes that say again, in short, what others say: made to be learned by heart or read before an examination.
_CRAM = compile_lazily(
    r"cheat[-_ ]?sheet|flash[-_ ]?cards?|quick[-_ ]?ref|ultra[-_ ]?(?:fast|short|quick)|fast[-_ ]?learn|exam[-_ ]?day"
    r"|last[-_ ]?minute|at[-_ ]a[-_ ]glance"
    r"|チートシート|早見表|直前(?:対策|チェック|まとめ|確認)|一問一答|単語カード|暗記カード",
    re.I,
)
_CONDITION = compile_lazily(r"\W*(?:else[ ,]+)?(?:if|when|unless|for each|in case|otherwise)\b", re.I)
_DIALOGUE = compile_lazily(r".*?\S[ \u3000]?(?:->|<-|→|←|=>)[ \u3000]?\S")
_QUESTION = compile_lazily(r"[?？][\s)）」』*_]*$")
_CODE_FIRST = compile_lazily(r"[\s*_{\[(]*`")
_VALUE_FIRST = compile_lazily(r"[\s*_]*[0-9]+(?![0-9])[\s*_`]*(?:\w{1,6}\b)?[\s*_`]*$")
_VALUE = compile_lazily(r"[^`\n。]{0,24}`[^`\n]+`[^`\n]{0,12}")
_ONLY_CODE = compile_lazily(r"[\s*_]*`[^`\n]+`[\s*_。.;]*")
_LINKED = compile_lazily(r"\s*[*_]*\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])")
_CITED_FIRST = compile_lazily(r"\s*\[[\w ,.-]{1,30}\][ .]")
_CITED_LAST = compile_lazily(r"\(?(?:19|20)[0-9]{2}\)?[.,]? *$|pp?\. ?[0-9-]+\.? *$")
_CITED_MARKS = " \n).,"  # behind the number at the end of a citation
_CITATION = 200  # characters; what is longer says something of its own
_TAIL = 24  # characters in which a citation ends
_APART = compile_lazily(r"\s[-\u2010-\u2015]\s")
_SOURCES = compile_lazily(
    r"出典|参考|参照|引用|文献|資料|リンク|链接|참고|출처|"
    r"\b(?:sources?|references?|bibliography|links|further reading|see also|citations?|acknowledge?ments?|credits|"
    r"resources)\b",
    re.I,
)
_SHORT = 40  # characters of a title
_JOURNAL_FIRST = "0123456789vV["
_LEAST_OWN = 8  # weight of what an entry with an address must say beside it


class Surroundings(msgspec.Struct, frozen=True):
    """The heading above an entry: its block (-1: none), that of the heading around it, and its title, plain.

    The title is empty where the heading is numbered. `is_journal`, `is_sources` and `is_exercise` (a numbered question)
    tell of it and of those around it.
    """

    block: int = -1
    outer: int = -1
    title: str = ""
    is_journal: bool = False
    is_sources: bool = False
    is_exercise: bool = False


class Outline:
    """The headings of a note by where they are."""

    def __init__(self, note: Note) -> None:
        self._starts: list[int] = []
        self._found: list[Surroundings] = [Surroundings()]
        self._outer: list[Surroundings] = [self._found[0]]
        around: list[tuple[int, Surroundings]] = [(0, self._found[0])]
        for heading in note.headings:
            if heading.entry >= 0:
                continue
            while len(around) > 1 and around[-1][0] >= heading.level:
                around.pop()
            found = _surroundings(heading, around[-1][1])
            self._outer.append(around[-1][1])
            around.append((heading.level, found))
            self._starts.append(heading.place.start)
            self._found.append(found)

    def above(self, at: int) -> Surroundings:
        """Return what is above an offset of the note."""
        return self._found[bisect_right(self._starts, at)]

    def list_titles_below(self) -> dict[int, frozenset[str]]:
        """Return the titles of the headings directly below each heading, by its block."""
        found: dict[int, set[str]] = {}
        for one in self._found[1:]:
            found.setdefault(one.outer, set()).add(one.title)
        return {block: frozenset(titles - {""}) for block, titles in found.items()}

    def around(self, at: int) -> Surroundings:
        """Return what is above the heading that is above an offset, or begins there."""
        return self._outer[bisect_right(self._starts, at)]


def get_outline(note: Note) -> Outline:
    """Return the outline of a note, computed once."""
    if "outline" not in note.memo:
        note.memo["outline"] = Outline(note)
    found: Outline = note.memo["outline"]
    return found


def _surroundings(heading: Heading, outer: Surroundings) -> Surroundings:
    name, is_journal, is_sources, is_exercise = _told(heading.title)
    return Surroundings(
        heading.block,
        outer.block,
        "" if heading.numeral else name,
        outer.is_journal or is_journal,
        outer.is_sources or is_sources,
        outer.is_exercise or is_exercise,
    )


@lru_cache(maxsize=4096)  # titles recur, and the headings of a note are asked for twice
def _told(title: str) -> tuple[str, bool, bool, bool]:
    """Return a title, plain, and whether it is that of a journal, of a list of sources, or of a numbered question."""
    text = title.strip("*_# ")
    is_journal = text[:1] in _JOURNAL_FIRST and bool(_DATE.match(text) or _RELEASE.match(text))
    is_sources = len(text) <= _SHORT and bool(_SOURCES.search(text))
    return normalize_text(text), is_journal, is_sources, _EXERCISE.match(text) is not None


def is_journal_path(path: str) -> bool:
    """Return whether a note is named by a date, or is the log of the releases of a program, or a drawing."""
    name = path.rpartition("/")[2]
    return bool(_DATE.match(name) or _RELEASES.match(name)) or name.endswith(_DRAWING)


def is_project_path(path: str) -> bool:
    """Return whether a note is one that a project has by custom, such as a README or a licence."""
    return _PROJECT.match(path.rpartition("/")[2]) is not None


def is_cram_path(path: str) -> bool:
    """Return whether a note is by its name a short form of others, such as a cheat sheet."""
    return _CRAM.search(path.rpartition("/")[2]) is not None


def get_author(note: Note) -> str:
    """Return the author that the front matter of a note names; empty without one."""
    block = note.blocks[0] if note.blocks else None
    if block is None or block.kind != "front-matter":
        return ""
    found = _AUTHOR.search(note.text, block.place.start, block.place.end)
    return found[1].strip() if found else ""


class EntryClassifier:
    """The kinds of the entries of one note; the form of each list is looked at once."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._values: dict[int, bool] = {}  # by list
        self._begin_with_code: dict[int, bool] = {}

    def classify(self, index: int, text: str, body: str, surroundings: Surroundings) -> str:
        """Return the kind of an entry by its own form, from its visible text and the definition in it."""
        note, entry = self._note, self._note.entries[index]
        if note.blocks[entry.list].quotes:
            return QUOTE
        if surroundings.is_journal:
            return JOURNAL
        if is_source_entry(note, entry, text, surroundings):
            return SOURCE
        if _is_step(note, index) or (entry.term is not None and _is_dialogue(entry.name)):
            return STEP
        if self._is_field(index):
            return FIELD
        return QUESTION if _is_question(body or text) else ANSWER if surroundings.is_exercise else DEFINITION

    def _is_field(self, index: int) -> bool:
        """Return whether an entry is in, or holds, a list of values that code names, such as parameters and options."""
        note, entry = self._note, self._note.entries[index]
        nested = note.children.get(index, ()) if entry.term is not None and not _has_definition(note, entry) else ()
        if len(nested) > 1 and all(_begins_with_code(note, note.entries[child]) for child in nested):
            return True
        has_code = note.text.find("`", entry.head.start, entry.head.end) >= 0
        if has_code and _ONLY_CODE.fullmatch(note.text, entry.head.start, entry.head.end):
            return True
        if len(note.siblings[entry.list]) < 2:
            return False
        if has_code and _is_value(note, entry) and self._are_most(entry.list, self._values, _is_value):
            return True
        return _begins_with_code(note, entry) and self._are_most(entry.list, self._begin_with_code, _begins_with_code)

    def _are_most(self, list_: int, known: dict[int, bool], has_form: Callable[[Note, Entry], bool]) -> bool:
        """Return whether most entries of a list have a form."""
        if list_ not in known:
            siblings = self._note.siblings[list_]
            known[list_] = 2 * sum(has_form(self._note, self._note.entries[one]) for one in siblings) > len(siblings)
        return known[list_]


def is_source_entry(note: Note, entry: Entry, text: str, surroundings: Surroundings) -> bool:
    """Return whether an entry only names where something can be read; `text` is its visible text."""
    if surroundings.is_sources:
        return True
    if entry.term and "[" in (term := entry.term.extract_from(note.text)) and _LINKED.match(term):
        return True
    if entry.term is None and len(text) < _CITATION and is_citation(text):
        return True
    if "://" not in text:
        return False
    said = text[len(entry.name) :] if entry.term is not None and text.startswith(entry.name) else text
    rest = remove_addresses(said)
    return len(rest) < len(said) and compute_weight(normalize_text(rest)) < _LEAST_OWN


def is_citation(text: str) -> bool:
    """Return whether a text cites a publication."""
    if text[:1] == "[" and _CITED_FIRST.match(text):
        return True
    tail = text[-_TAIL:]
    if tail.rstrip(_CITED_MARKS)[-1:] in "0123456789-" and _CITED_LAST.search(tail):
        return True
    return "doi:" in text or "ISBN" in text or "et al" in text


def _is_dialogue(name: str) -> bool:
    """Return whether an arrow in a term leads from one to the other."""
    has_arrow = "->" in name or "→" in name or "=>" in name or "<-" in name or "←" in name
    return has_arrow and _DIALOGUE.match(name) is not None


def _is_question(text: str) -> bool:
    return ("?" in text or "？" in text) and _QUESTION.search(text) is not None


def _is_step(note: Note, index: int) -> bool:
    """Return whether an entry is one of an ordered list, or stands without a term inside of one."""
    while index >= 0:
        entry = note.entries[index]
        if entry.ordered and len(note.siblings[entry.list]) > 1:
            return True
        if entry.term is not None:
            return False
        index = entry.parent
    return False


def _has_definition(note: Note, entry: Entry) -> bool:
    return entry.definition is not None and entry.definition.extract_from(note.text).strip() != ""


def _is_value(note: Note, entry: Entry) -> bool:
    """Return whether an entry is a word or two and code: what a variable holds."""
    return _VALUE.fullmatch(note.text, entry.head.start, entry.head.end) is not None


def _begins_with_code(note: Note, entry: Entry) -> bool:
    head = note.text[entry.head.start : min(entry.head.end, entry.head.start + 60)]
    if "`" in head and _CODE_FIRST.match(head):
        return True
    if head[:1] in "{[":
        return "`" in head[:30]
    return entry.term is not None and _VALUE_FIRST.match(entry.name) is not None


def is_condition(text: str) -> bool:
    """Return whether a text begins as a condition: what follows holds of something else."""
    return _CONDITION.match(text) is not None


def extract_core(text: str, body: str) -> str:
    """Return what of an entry says something of its term, whose own words are set off by a colon or a dash."""
    rest = body or text
    apart = _APART.search(rest, 0, 64)
    return rest[apart.end() :] if apart and apart.start() <= 60 else rest
