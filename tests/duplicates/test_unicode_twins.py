"""Terms and paths that look the same but are spelled in two Unicode forms are told apart in words."""

from unicodedata import normalize

from tests.duplicates.support import report_duplicates

SAID = "新しい要求を受けず、いまの仕事を終えてから止まること。"
NAME = "ガイド"
TWIN = normalize("NFD", NAME)
PROSE = "".join(f"\n{n}番目の朝に、昔の人が山の上で書き残したことを順に述べていく。\n" for n in range(20))
RULES = ("duplicate-definition", "duplicate-term", "file-copy", "term-repeated")


def list_messages(files: dict[str, str]) -> list[str]:
    return [one.problem.message for one in report_duplicates(files, RULES)]


def test_terms() -> None:
    composed, decomposed = (f"# 題\n\n- {name}: {SAID}\n" for name in (NAME, TWIN))
    assert list_messages({"a.md": composed, "b.md": decomposed}) == [
        f"this definition of `{TWIN}` repeats another; the two terms look the same, but this one is spelled "
        "with decomposed letters (NFD)"
    ]
    assert list_messages({"a.md": decomposed, "b.md": composed}) == [
        f"this definition of `{NAME}` repeats another; the two terms look the same, but this one is spelled "
        "with composed letters (NFC)"
    ]
    assert list_messages({"a.md": composed, "b.md": composed}) == [f"this definition of `{NAME}` repeats another"]


def test_terms_in_much_the_same_words_and_in_one_list() -> None:
    other = SAID.replace("終えてから", "すべて終えた後で")
    [message] = list_messages({"a.md": f"- {NAME}: {SAID}\n", "b.md": f"- {TWIN}: {other}\n"})
    assert message.startswith(f"`{TWIN}` is defined twice")
    assert message.endswith("but this one is spelled with decomposed letters (NFD)")
    [message] = list_messages({"a.md": f"- {TWIN}: 朝に読むもの。\n- 復旧: 続ける。\n- {NAME}: 夜に見るもの。\n"})
    assert message.startswith(f"`{NAME}` appears twice in this list")
    assert message.endswith("but this one is spelled with composed letters (NFC)")


def test_paths() -> None:
    [message] = list_messages({f"{name}.md": f"- 待避: {SAID}\n{PROSE}" for name in (NAME, TWIN)})
    assert message.startswith("100% of the text of this note is in `")
    assert "; the two paths look the same, but this one is spelled with " in message
    [message] = list_messages({f"{name}.md": f"- 待避: {SAID}\n" for name in (NAME, TWIN)})
    assert message.startswith("this definition of `待避` repeats another; the two paths look the same")
