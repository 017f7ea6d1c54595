"""Keys by which terms are compared, and the form in which terms are displayed."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from techstock.duplicates.normalize import casefold_nfkc, normalize_text, weighs
from techstock.text.lazy_patterns import compile_lazily
from techstock.text.unicode_names import normalize_unicode

_PREFIX = compile_lazily(r"^(?:aws|amazon)\s+(?=\S)")
_PARENTHESIS = compile_lazily(r"\s*[（(]([^（）()]+)[)）]\s*$")
_CODE = compile_lazily(r"`[^`]*`")
_PARENTHESIS_FIRST = compile_lazily(r"\s*[（(]([^（）()]+)[)）]\s*(\S.*)$")
_LEADING = compile_lazily(r"^(?:[a-z0-9][a-z0-9/+.-]*の?(?=[^\W\x00-\x7f])|.{1,30}?の(?=.))")
_TRAILING = compile_lazily(r"(?<=.)(?:機能|サービス|\([^()]*\))$")
_TRAILING_END = ("機能", "サービス", ")")
_MIN_NAME = 3  # weight of the shorter of two related names


class Named(Protocol):
    """A term by its `keys`; `expands` tells whether it is `abbreviated`."""

    @property
    def key(self) -> str: ...

    @property
    def short(self) -> str: ...

    @property
    def other(self) -> str: ...

    @property
    def expands(self) -> bool: ...


def is_same_term(a: Named, b: Named) -> bool:
    """Return whether two terms are one by their names.

    A parenthesis in common makes them one only where it expands or abbreviates both: `EBS (ストレージ)` and
    `EFS (ストレージ)` are two things of one class.
    """
    if not a.key or not b.key:
        return False
    if a.key in (b.key, b.short) or a.short == b.key:
        return True
    return bool(a.short) and a.short == b.short and a.expands and b.expands


def differ_in_head(a: Named, b: Named) -> bool:
    """Return whether two terms agree in their parenthesis only: `EBS (ストレージ)` and `EFS (ストレージ)`."""
    if not a.key or not b.key or is_same_term(a, b):
        return False
    return bool(a.short and a.short == b.short) or bool(a.other and a.other == b.other)


def make_term_keys(name: str) -> tuple[str, str, str]:
    """Return the key of a term, of a parenthesis that expands or abbreviates it, and of any other parenthesis.

    The key has no width, case, spaces or leading AWS or Amazon; code spans are kept unchanged.
    """
    text = _fold_outside_code(name)
    if "(" not in text and "（" not in text:
        return _make_key(text), "", ""
    match = _PARENTHESIS.search(text)
    if first := _PARENTHESIS_FIRST.match(text):
        head, inner = first[2], first[1]
    elif match and match.start():
        head, inner = text[: match.start()], match[1]
    else:
        return _make_key(text), "", ""
    if len(inner.strip()) > 1 and _is_alternative_name(head, inner):
        return _make_key(head), _make_key(inner), ""
    return _make_key(text), "", _make_key(inner)


def make_related_keys(key: str) -> Iterator[str]:
    """Yield a key without the words that only narrow it: `港の専用倉` is related to `専用倉`, `錠前機能` to `錠前`."""
    some = [_LEADING.sub("", key, count=1)] if not key.isascii() else []
    if key.endswith(_TRAILING_END):
        some.append(_TRAILING.sub("", key, count=1))
    for shorter in some:
        if shorter != key and weighs(shorter, _MIN_NAME):
            yield shorter


def has_abbreviation(name: str) -> bool:
    """Return whether a term includes its abbreviation: `RTO (Recovery Time Objective)`, or the other way round."""
    text = _fold_outside_code(name)
    match = _PARENTHESIS.search(text)
    if not match:
        return False
    short, long = sorted((_PREFIX.sub("", text[: match.start()].strip()), match[1]), key=len)
    return (
        len(normalize_text(short)) > 1
        and normalize_text(short).isascii()
        and _is_abbreviation(normalize_text(short), long)
    )


@lru_cache(maxsize=1024)  # a name has several keys
def _fold_outside_code(name: str) -> str:
    """Return a name in NFKC and casefolded, without bold marks, except for code spans."""
    if "`" not in name:
        return casefold_nfkc(name).replace("**", "")
    parts, at = [], 0
    for match in _CODE.finditer(name):
        parts += [casefold_nfkc(name[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, casefold_nfkc(name[at:])]).replace("**", "")


def _make_key(text: str) -> str:
    text = text.strip()
    return "".join((_PREFIX.sub("", text) if text[:1] == "a" else text).split()).replace("*", "")


def _is_alternative_name(head: str, inner: str) -> bool:
    """Return whether one name abbreviates the other, or one is in Latin letters and the other is not."""
    short, long = sorted((head, inner), key=len)
    letters = normalize_text(_PREFIX.sub("", short.strip()))
    if letters.isascii() and len(letters) > 1 and _is_abbreviation(letters, long):
        return True
    return normalize_text(head).isascii() != normalize_text(inner).isascii() and not any(c.isdigit() for c in inner)


def _is_abbreviation(letters: str, text: str) -> bool:
    """Return whether `letters` are initials of words of `text`, in their order."""
    initials = iter(word[0] for word in re.findall(r"[a-z0-9]+", text))
    return all(letter in initials for letter in letters)


# Patterns are compiled at their first use: most runs need none of them.
_CAPTURED_CODE = r"(`[^`]*`)"
_TIME = r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?"
_CONDITION = (
    r"(?:(?:else)?if(?:not|yes|no|the|an?|you|it|any|all)|when(?:the|an?|you|it|to)|foreach)|"
    r".*(?:場合|とき|の時|する際)[はにの]?$|如果|.*时$|.*경우$"
)
_LEADING_SYMBOLS = r"[^\w`(\[「『\"'.$@#/<-]+"  # emoji and symbols before a label

_JAPANESE = """
    例 具体例 使用例 利用例 例えば たとえば 事例 目的 用途 役割 意味 定義 概要 説明 詳細 補足 備考 注記 注意
    注意点 留意点 参考 参照 引用 出典 利点 欠点 長所 短所 メリット デメリット 良い点 悪い点 特徴 特長 機能
    主な機能 ポイント 要点 まとめ 結論 結果 背景 理由 原因 対策 対処 対応 解決策 解決方法 解決法 問題 問題点
    課題 前提 前提条件 条件 制約 制限 制限事項 要件 構成 構成要素 構文 形式 種類 方法 使い方 使用方法 手順
    仕組み 動作 比較 違い 料金 価格 費用 コスト 対象 適用 適用単位 範囲 単位 形態 シナリオ 利用シナリオ
    ユースケース 使用場面 使いどころ 質問 問 答え 答 解答 回答 解説 正解 不正解 重要 重大 緊急 最重要 必須 推奨
    非推奨 注目 覚え方 関連 その他 入力 出力 メモ 疑問 追記 結局 つまり
"""
_ENGLISH = """
    action actions added advantage advantages answer answers background best bestfor bestpractice bestpractices
    benefit benefits cause caution conclusion condition conditions cons cost critical default definition
    definitions description detail details difference disadvantage disadvantages effect example examples feature
    features fix fixed goal handson hands-on high how important info input key keypoint keypoints lab limitation
    limitations limits low medium memo merit module new note notes optional output pattern point points pricing
    problem pros purpose reason recommended ref reference references remember required requirement requirements
    result results role rule scenario see severity skip solution solutions step steps summary syntax task time
    tip tips todo trap type types urgent usage use usecase usecases usewhen warning what when where why
    correct correctanswer incorrect keyconcept keyconcepts keytakeaway keytakeaways read review whycorrect
    whyincorrect whywrong wrong wronganswer youranswer
"""
_KOREAN = """
    예 예시 예제 목적 특징 장점 단점 원인 문제 문제점 해결 해결법 해결방법 정의 설명 개념 이유 방법 종류 주의
    참고 결과 결론 요약 용도
"""
_CHINESE = """
    例子 示例 优点 缺点 特点 说明 注意事项 作用 用法 参考资料 总结 问题 原理 目标
"""
LABELS = frozenset(f"{_JAPANESE}{_ENGLISH}{_KOREAN}{_CHINESE}".split())


def normalize_term(name: str) -> str:
    """Return a term in NFKC, casefolded, without spaces and bold marks; code spans are kept unchanged."""
    if "`" not in name:
        return "".join(_fold_outside_code(name).split())
    parts = re.split(_CAPTURED_CODE, name)
    plain = ("".join(normalize_unicode("NFKC", part).casefold().replace("**", "").split()) for part in parts[::2])
    return "".join(text for pair in zip(plain, [*parts[1::2], ""], strict=True) for text in pair)


def is_condition(key: str) -> bool:
    """Return whether a term's key is a condition, such as `if yes` or 空の場合: what follows holds of another thing."""
    return re.match(_CONDITION, key) is not None


def is_label(key: str) -> bool:
    """Return whether a normalized term is a label.

    Labels are known words, for instance 例, 目的 or `note`, conditions, single Latin letters, and times of day.
    """
    leading = re.match(_LEADING_SYMBOLS, key)
    word = (key[leading.end() :] if leading else key).rstrip("_")
    return word in LABELS or (len(word) <= 1 and word.isascii()) or is_time_of_day(key) or is_condition(word)


def is_time_of_day(name: str) -> bool:
    """Return whether a term is a time of day, which may be repeated or left without a definition in a daily log."""
    return name[:1].isdigit() and re.fullmatch(_TIME, name) is not None


def strip_term_markup(name: str) -> str:
    """Return a term without its bold marks and backticks, for a message that puts it between backticks."""
    return name.replace("**", "").replace("`", "")
