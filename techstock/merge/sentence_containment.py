"""Containment of one sentence in another. In doubt it is denied, so that nothing is lost."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from techstock.duplicates.normalize import casefold_nfkc, count_negations, extract_trigrams, normalize_text

_CJK = r"\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3々〆"
# Numbers, letters of scripts without spaces, words, and the signs that tell one statement from another.
_TOKEN = re.compile(rf"\^?[0-9]+(?:[.,][0-9]+)*(?:\^[0-9]+)*|[{_CJK}]|[^\W_{_CJK}]+|[<>=≠≤≥+%$¥×❌✗→^]")
_RAISED = re.compile(r"[²³¹¼-¾⁰-ₜ⅐-⅞①-⓿❶-➓]")  # raised, lowered and circled characters, and fractions
# What may be missing in the fuller sentence, and what may stand there in place of it: no word of these tells anything.
EMPTY_WORDS = frozenset(
    ["の", "を", "ー", "が", "は", "こと", "です", "ます", "など", "な", "、", "the", "a", "an", "of"]
)
_LIMITING_WORD = re.compile(r"のみ|だけ|しか|以外|除|まで|限|\b(?:only|except|unless|until|if)\b", re.I)
_NEGATING_PREFIXES = frozenset("不非未無")
_CLAUSE = re.compile(r"[^、，,;；:：()（）。.!?！？]+")
_MAX_PIECES = 4  # pieces into which a sentence may be torn by what the fuller one adds
_MIN_PIECE_LENGTH = 2  # letters of such a piece
_MIN_SIMILARITY = 0.5  # of SequenceMatcher's ratio, or of the runs of three letters of the shorter text


@lru_cache(maxsize=4_096)  # each sentence of a copy is compared with each of the other one
def tokenize_sentence(text: str) -> tuple[str, ...]:
    """Return the words, letters, numbers and meaningful signs of `text`, normalized in width and case.

    Finer than `duplicates.normalize.tokenize_text`, which measures likeness: one sign or number more is another
    statement. What is raised is told from the rest: `10²` is not `102`.
    """
    return tuple(match[0] for match in _TOKEN.finditer(casefold_nfkc(_RAISED.sub(r"^\g<0>", text))))


def has_statement(longer: str, shorter: str) -> bool:
    """Return whether `longer` contains all of `shorter` in order, and nothing that negates or restricts it."""
    whole, part = tokenize_sentence(longer), tokenize_sentence(shorter)
    if whole == part:
        return True
    if (
        not part
        or len(part) > len(whole) + _MAX_PIECES
        or _count_limiting_words(longer) != _count_limiting_words(shorter)
    ):
        return False
    if count_negations(longer) == count_negations(shorter) and _has_all_clauses(longer, shorter):
        return True
    if count_negations(_select_shared_clauses(longer, shorter)) != count_negations(shorter):
        return False
    few = (Counter(part) - Counter(whole)).total() <= len(part) // 4 + 1  # comparing in order takes longer
    return few and _is_covered(part, whole, SequenceMatcher(None, part, whole, autojunk=False).get_opcodes())


def _has_all_clauses(longer: str, shorter: str) -> bool:
    """Return whether `shorter` is a list whose clauses are all clauses of `longer`."""
    clauses = [tokenize_sentence(clause) for clause in _CLAUSE.findall(shorter)]
    return len(clauses) > 1 and {clause for clause in clauses if clause} <= set(
        map(tokenize_sentence, _CLAUSE.findall(longer))
    )


def has_clause(longer: str, shorter: str) -> bool:
    """Return whether `shorter` is one of the clauses of `longer`."""
    return tokenize_sentence(shorter) in {tokenize_sentence(clause) for clause in _CLAUSE.findall(longer)}


def is_similar(one: str, other: str) -> bool:
    """Return whether two sentences are so similar that the user should choose between them."""
    a, b = tokenize_sentence(one), tokenize_sentence(other)
    if not a or not b:
        return False
    mine, theirs = extract_trigrams(normalize_text(one)), extract_trigrams(normalize_text(other))
    shared = len(mine & theirs) / min(len(mine), len(theirs))
    return shared >= _MIN_SIMILARITY or SequenceMatcher(None, a, b, autojunk=False).ratio() >= _MIN_SIMILARITY


def _is_covered(part: Sequence[str], whole: Sequence[str], codes: Sequence[tuple[str, int, int, int, int]]) -> bool:
    blocks = 0
    for kind, start, end, other, other_end in codes:
        if kind == "equal":
            blocks += 1
            piece = part[start:end]
            if end - start < _MIN_PIECE_LENGTH and len(piece[0]) == 1 and len(part) > 1 and not piece[0].isdigit():
                return False
            if other and start == 0 and whole[other - 1] in _NEGATING_PREFIXES:
                return False
            if start and other and whole[other - 1] in _NEGATING_PREFIXES and part[start - 1] != whole[other - 1]:
                return False
        elif kind in ("delete", "replace") and "".join(part[start:end]) not in EMPTY_WORDS:
            return False
        elif kind == "replace" and "".join(part[start:end]) in ("を", "が", "は") and other_end - other == 1:
            return False  # another particle: who does it to whom
    return 0 < blocks <= _MAX_PIECES


def _select_shared_clauses(longer: str, shorter: str) -> str:
    """Return the clauses of `longer` of which at least half the tokens are in `shorter`."""
    part = set(tokenize_sentence(shorter))
    held = [
        clause
        for clause in _CLAUSE.findall(longer)
        if 2 * len(part & set(tokenize_sentence(clause))) >= len(set(tokenize_sentence(clause)))
    ]
    return " ".join(held)


def _count_limiting_words(text: str) -> int:
    """Return the number of words in a text that restrict a statement."""
    return len(_LIMITING_WORD.findall(casefold_nfkc(text)))
