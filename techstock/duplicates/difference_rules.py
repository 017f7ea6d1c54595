"""The decision which part of two sentences that are else the same is a mistake in one of them."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

import msgspec

from techstock.duplicates.difference_tokens import (
    IDEOGRAPH,
    KANA,
    KATAKANA,
    NUMBER,
    OPAQUE,
    WORD,
    Token,
    TokenizedSentence,
    Tokens,
    have_equal_quantity,
)
from techstock.model import Span

NAME: Final = "name"
LETTER: Final = "letter"
NEGATION: Final = "negation"

MIN_EQUAL: Final = 0.6  # of the tokens of the longer sentence
_MIN_EQUAL_NAMES = 0.75  # the same, where a name is all that differs
_MAX_CHANGES = 3  # places in which two sentences differ; more are other words
_MIN_WORD = 4  # letters; shorter words that differ in one are two words
_MIN_LETTERS = 8  # tokens of a sentence in which a single kana or ideograph is a slip
_REFERENCES = frozenset(
    ("図", "表", "章", "節", "第", "問", "figure", "fig", "table", "chapter", "section", "page", "p")
)
_NEGATION = re.compile(r"ない|なかっ|なく|ません|ずに|\b(?:cannot|not|never|without|no|[a-z]+n't)\b")
_ENDING = re.compile(r"[sde]+(?![a-z])")
_WITHOUT_MEANING = frozenset(("not", "no", "never", "do", "does", "did", "any"))  # beside what they negate
_CONTRACTED = re.compile(r"n't$|(?<=can)not$")
_NEGATIVE = "非不未無"
_MAX_NEGATION = 6  # tokens
_MAX_WORD = 2  # ideographs before and behind one that differs
_MAX_LEAD = 4  # tokens of the word before a negation
_PARTICLES = frozenset("のをはがにへとでもやかねよいうっしたてさ")
_DOUBLED_KANA = frozenset("いうはもかさたー")  # that may be there twice
_SINGLE_IDEOGRAPHS = frozenset("的了是在和与")  # that are never
_SYNONYMS = frozenset(map(frozenset, ("使利", "作生", "分別", "付附", "供与", "解別", "行実")))
_OPPOSITES = frozenset(
    frozenset(pair)
    for pair in (
        *(
            "東西",
            "南北",
            "上下",
            "左右",
            "前後",
            "増減",
            "大小",
            "高低",
            "長短",
            "内外",
            "有無",
            "可否",
            "入出",
            "必不",
        ),
        *("開閉", "始終", "新旧", "多少", "強弱", "深浅", "早遅", "広狭", "正負", "送受", "同異", "昼夜", "朝夕"),
        *(("許可", "禁止"), ("許可", "拒否"), ("成功", "失敗"), ("開始", "終了"), ("開始", "停止"), ("停止", "再開")),
    )
)
_NAME_SUFFIXES = (
    *("氏", "さん", "様", "市", "県", "都", "府", "区", "町", "村", "駅", "川", "山", "島", "寺", "城", "大学", "博士"),
    *("教授", "条約", "時代", "天皇", "国", "王", "リージョン", "通り", "線"),
)


class Difference(msgspec.Struct, frozen=True):
    """One place in which two copies differ; `here` and `there` are the texts of the two, each with its place."""

    kind: str
    here: str
    there: str
    place: Span
    other: Span


class _Change(NamedTuple):
    """A part of two sentences that differs, as ranges of their tokens; `changes` is the number of such parts."""

    one: Tokens
    other: Tokens
    start: int
    end: int
    other_start: int
    other_end: int
    changes: int

    @property
    def here(self) -> Tokens:
        return self.one[self.start : self.end]

    @property
    def there(self) -> Tokens:
        return self.other[self.other_start : self.other_end]

    @property
    def before(self) -> Tokens:
        return self.one[: self.start]

    @property
    def behind(self) -> Tokens:
        return self.one[self.end :]

    def widen(self, kind: str, lead: int, tail: int) -> Difference:
        """Return the difference with some of the tokens before and behind it."""
        return make_difference(
            kind,
            self.one[max(self.start - lead, 0) : self.end + tail],
            self.other[max(self.other_start - lead, 0) : self.other_end + tail],
        )


def compare_pair(one: TokenizedSentence, other: TokenizedSentence) -> list[Difference]:
    """Return the differences of two sentences that are the same but for these; none if they say two things."""
    codes = SequenceMatcher(None, one.keys, other.keys, autojunk=False).get_opcodes()
    ranges = [ends for kind, *ends in codes if kind != "equal"]
    equal = (len(one) - sum(b - a for a, b, _, _ in ranges)) / max(len(one), len(other))
    if len(ranges) > _MAX_CHANGES or equal < MIN_EQUAL:
        return []
    if not ranges:
        return []
    found: list[Difference] = []
    marked = 0
    tokens = one.make_tokens(), other.make_tokens()
    for a, b, c, d in ranges:
        some = _judge_change(_Change(*tokens, a, b, c, d, len(ranges)))
        found += some
        marked += bool(some)
    kinds = {difference.kind for difference in found}
    if NAME in kinds and (equal < _MIN_EQUAL_NAMES or len(ranges) > marked or NUMBER in kinds):
        return []  # two things
    return found


def _judge_change(change: _Change) -> list[Difference]:
    alone = (_find_negation(change) if change.changes == 1 else None) or _find_doubled_letter(change)
    if alone or not (change.here and change.there):
        return [alone] if alone else []
    if {token.kind for token in (*change.here, *change.there)} == {IDEOGRAPH}:
        kind = _judge_ideographs(change)
        return [_widen_to_word(kind, change)] if kind else []
    if len(change.here) != len(change.there) or len(change.here) > _MAX_CHANGES:
        return []
    pairs = list(zip(change.here, change.there, strict=True))
    kinds = [_judge_tokens(change, *pair) for pair in pairs]
    return [make_difference(kind, (a,), (b,)) for kind, (a, b) in zip(kinds, pairs, strict=True)] if all(kinds) else []


def _judge_tokens(change: _Change, here: Token, there: Token) -> str:
    """Return the kind of the difference of two tokens; empty if they say much the same, or cannot be told."""
    if here.kind != there.kind or here.kind == OPAQUE:
        return ""
    if here.kind == NUMBER:
        is_reference = bool(change.before) and change.before[-1].key in _REFERENCES
        return "" if is_reference or have_equal_quantity(here.key, there.key) else NUMBER
    if here.kind == WORD:
        return LETTER if is_slip(here, there) else NAME if _are_names(change, here, there) else ""
    if here.kind == KATAKANA:
        return LETTER if is_slip(here, there) else "" if here.key in there.key or there.key in here.key else NAME
    is_lone = change.changes == 1 and len(change.here) == 1 and len(change.one) >= _MIN_LETTERS
    return LETTER if is_lone and not {here.key, there.key} & _PARTICLES else ""


def _judge_ideographs(change: _Change) -> str:
    """Return the kind of a difference in ideographs alone."""
    here, there = _join(change.here), _join(change.there)
    if frozenset((here, there)) in _OPPOSITES:
        return NEGATION
    if change.changes > 1 or len(change.one) < _MIN_LETTERS or frozenset((here, there)) in _SYNONYMS:
        return ""
    if len(here) == len(there) == 1:
        return LETTER
    return NAME if _join(change.behind[:3]).startswith(_NAME_SUFFIXES) else ""


def is_slip(here: Token, there: Token) -> bool:
    """Return whether two words differ in one letter that is no ending."""
    one, other = here.key, there.key
    if here.kind != there.kind or here.kind not in (WORD, KATAKANA) or min(len(one), len(other)) < _MIN_WORD:
        return False
    if any(char.isdigit() for char in one + other) or not _is_one_edit(one, other):
        return False
    return here.kind == KATAKANA or _ENDING.sub("", one) != _ENDING.sub("", other)


def _is_one_edit(one: str, other: str) -> bool:
    """Return whether one letter is missing, is another, or two neighbors are swapped."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _are_names(change: _Change, here: Token, there: Token) -> bool:
    """Return whether two words are names: in English those with a capital or a digit, in Japanese all."""
    if here.key in there.key or there.key in here.key:
        return False
    if any(token.kind in (KANA, IDEOGRAPH) for token in change.one):
        return True
    return all(_is_name(token) and token not in (change.one[0], change.other[0]) for token in (here, there))


def _is_name(token: Token) -> bool:
    return any(char.isupper() or char.isdigit() for char in token.text)


def _find_doubled_letter(change: _Change) -> Difference | None:
    """Return the difference of two sentences of which one has a letter twice: `すする` for `する`."""
    longer = max(change.here, change.there, key=len)
    if len(change.here) + len(change.there) != 1 or len(change.one) < _MIN_LETTERS:
        return None
    letter, beside = longer[0].key, [token.key for token in (*change.before[-1:], *change.behind[:1])]
    is_mistake = letter not in _DOUBLED_KANA if longer[0].kind == KANA else letter in _SINGLE_IDEOGRAPHS
    return change.widen(LETTER, 1, 1) if letter in beside and is_mistake else None


def _find_negation(change: _Change) -> Difference | None:
    """Return the difference of two sentences of which one negates what the other says."""
    here, there = change.here, change.there
    if not change.before or max(len(here), len(there)) > _MAX_NEGATION:
        return None
    counts = [
        len(_NEGATION.findall(_join((*change.before[-2:], *tokens, *change.behind[:1])))) for tokens in (here, there)
    ]
    if counts[0] != counts[1] and _affirm(here) == _affirm(there):
        return change.widen(NEGATION, _count_lead(change), 0)
    is_prefix = "" in (texts := (_join(here), _join(there))) and "".join(texts) in tuple(_NEGATIVE) and change.behind
    return change.widen(NEGATION, 0, 2) if is_prefix else None


def _affirm(tokens: Tokens) -> list[str]:
    """Return the words of a change in Latin letters without their negation: two words that differ are two things."""
    words = [token.key for token in tokens if token.kind == WORD]
    return [plain for word in words if (plain := _CONTRACTED.sub("", word)) not in _WITHOUT_MEANING]


def _count_lead(change: _Change) -> int:
    """Return how many tokens before a change belong to its word: `使え` before `ない`."""
    count = 0
    for at in range(change.start - 1, max(change.start - 1 - _MAX_LEAD, -1), -1):
        token = change.one[at]
        if token.kind not in (KANA, IDEOGRAPH) or (count and (token.key in "をはがにとも" or change.one[at + 1].gap)):
            break
        count += 1
    return count or 1


def _widen_to_word(kind: str, change: _Change) -> Difference:
    """Return the difference of ideographs with those around them, which make a word of them."""
    first, last = change.start, change.end
    while first > max(change.start - _MAX_WORD, 0) and _is_joined(change.one, first - 1, first):
        first -= 1
    while last < min(change.end + _MAX_WORD, len(change.one)) and _is_joined(change.one, last, last):
        last += 1
    return change.widen(kind, change.start - first, last - change.end)


def _is_joined(sentence: Tokens, at: int, gap: int) -> bool:
    """Return whether a token is an ideograph, and nothing stands before the token at `gap`."""
    return sentence[at].kind == IDEOGRAPH and not sentence[gap].gap


def _join(tokens: Iterable[Token]) -> str:
    """Return the keys of tokens as one text, with a space between words."""
    found = ""
    for token in tokens:
        found += f" {token.key} " if token.kind == WORD else token.key
    return " ".join(found.split())


def make_difference(kind: str, here: Sequence[Token], there: Sequence[Token]) -> Difference:
    """Return the difference of some tokens of two copies."""
    return Difference(kind, _read(here), _read(there), _cover(here), _cover(there))


def _read(tokens: Sequence[Token]) -> str:
    found = ""
    for token in tokens:
        found += re.sub(r"\s+", " ", token.gap) + token.text if found else token.text
    return found


def _cover(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].place.start, tokens[-1].place.end, tokens[0].place.path)
