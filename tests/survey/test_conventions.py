"""What notes keep to, counted."""

from techstock.survey.conventions import CollectionSummary, Convention, learn_conventions
from tests.support import make_corpus


def test_of_numbered_notes() -> None:
    notes = {
        "n/01-10.md": "## 1.\n\n- 待避: 戻る。\n- 文である。\n\n## 2.\n\n- ![図](a.png)\n\n## 4.\n\n- 復旧：始める。\n",
        "n/11-20.md": "## 11.\n\n- 交代 : 継ぐ。\n  - 中の文。\n\n## 参考\n\n- x\n\n## 12\n\n- 停止:\n  - 止まる。\n",
        "other.md": "# 題\n\n### 01) x\n\n- 一つ\n\n### 02) y\n\n> - 引用\n",
        "plain.md": "plain words that say something\n",
    }
    found = learn_conventions(make_corpus(notes))
    assert found.notes == 4
    assert found.languages == (("Japanese", 3), ("Latin letters", 1))
    assert found.runs == (CollectionSummary("n", 2, 1, 20),)
    assert (found.level.form, found.level.count, found.level.total) == ("2", 2, 3)
    assert (found.form.form, found.form.count, found.form.total) == ("61.", 4, 7)
    assert (found.numbered.count, found.numbered.total) == (7, 8)
    assert (found.steps.count, found.steps.total) == (3, 4)
    assert (found.entries.count, found.entries.total) == (5, 7)
    assert [(colon.form, colon.count, colon.total) for colon in found.colons] == [
        (":", 2, 4), ("：", 1, 4), (" : ", 1, 4),
    ]  # fmt: skip


def test_of_nothing() -> None:
    found = learn_conventions(make_corpus({"a.md": ""}))
    assert (found.languages, found.runs, found.colons) == ((), (), ())
    assert found.level == found.form == Convention("", 0, 0)
    assert (found.level.share, found.level.is_kept) == (0, False)


def test_a_convention_needs_cases_and_is_never_rounded_up() -> None:
    assert Convention("", 19, 19).is_kept is False
    assert Convention("", 19, 20).is_kept is True
    assert (Convention("", 949, 1000).is_kept, Convention("", 949, 1000).share) == (False, 94)
    assert Convention("", 999, 1000).share == 99
