"""Normal forms in time that grows with the text."""

from typing import Literal
from unicodedata import combining, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techstock.text.unicode_names import fold_path, fold_paths, normalize_unicode

Form = Literal["NFC", "NFD", "NFKC"]
FORMS: list[Form] = ["NFC", "NFD", "NFKC"]
PARTS = [
    "待避",
    "（表：？　１）",
    "Ａ\u0301",
    "か\u3099",
    "ｶﾞ",
    "e\u0301",
    "\u1100\u1161\u11a8",
    " ",
    "ABC",
    "①",
    "\ufdfa",
    "\U0001f1ef",
]


@pytest.mark.parametrize("form", FORMS)
@given(parts=st.lists(st.sampled_from(PARTS), max_size=30), times=st.integers(1, 40), shift=st.integers(0, 600))
def test_pieces_make_the_whole(form: Form, parts: list[str], times: int, shift: int) -> None:
    text = "あ" * shift + "".join(parts) * times
    assert normalize_unicode(form, text) == normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
def test_very_many_marks_on_one_letter_are_normalized_in_pieces(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def record_size(form: Form, text: str) -> str:
        sizes.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr("techstock.text.unicode_names.normalize", record_size)
    text = "a" + "\u0301" * 5_000 + "\u0316" * 5_000
    assert combining("\u0301") != combining("\u0316")
    assert normalize_unicode(form, text)
    assert max(sizes) <= 1024


@given(st.lists(st.text(max_size=6), max_size=5))
def test_paths_folded_together(paths: list[str]) -> None:
    assert fold_paths(paths) == [fold_path(path) for path in paths]
