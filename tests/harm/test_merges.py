"""Every merge of copies that differ in one thing, in lists and in prose: nothing is lost, or it is refused."""

from itertools import product
from random import Random

import pytest

from tests.harm.merging import Merge, list_candidates, merge_cluster
from tests.merge.support import make_whole_corpus
from tests.support import scale_examples

SAID = "新しい要求を受けない状態のこと。受けた仕事は、3 件まで終わるまで続ける。"
SLIPS = {
    "3 件": ("-3 件", "3% 件", "¥3 件", "③ 件", "3² 件", "½ 件", "< 3 件", "3 件[^1]"),
    "仕事": (
        "`仕事`",
        "`a-b`",
        "`a_b`",
        "~~仕事~~",
        "[仕事](c.md)",
        '[仕事](c.md "朝の題")',
        "[[c|仕事]]",
        "[仕事][r]",
        '<a href="c.md">仕事</a>',
        '<span title="朝の題">仕事</span>',
        "<kbd>仕事</kbd>",
        "A&amp;B",
        "C++",
    ),
    "続ける。": (
        "続ける。✅",
        "続ける。![朝の図](x.png)",
        '続ける。![図](x.png "朝の題")',
        '続ける。<img src="x.png" alt="朝の図">',
        "続ける。 https://example.org/a",
        "続ける。 https://example.org/b?q=1",
        "続ける。 https://example.org/a。",
        "続ける。 www.example.org/c",
        "続ける。![[x",
        "続ける。 <!-- 朝に書く -->",
        "続ける。 %%朝に書く%%",
        "続ける。 {{ page.x }}",
        "続ける。 {% raw %}朝{% endraw %}",
        "続ける。朝に書く。",
        "続ける。値は $f(x)$ だ。",
        "続ける。 ^abc",
    ),
}
FORMS = (
    "# {name}\n\n- 待避: {said}\n\n{rest}",
    "# {name}\n\n- **待避**:\n  - {said}\n\n{rest}",
    "# {name}\n\n### 待避\n\n{said}\n\n### {name}の帆\n\n布。\n\n### {name}の柱\n\n木。\n\n{rest}",
    "# {name}\n\n### `待避`\n\n{said}\n\n### {name}の帆\n\n布。\n\n### {name}の柱\n\n木。\n\n{rest}",
)


def write_note(form: str, name: str, said: str) -> str:
    rest = "[r]: c.md\n" * ("[r]" in said) + f"[^1]: {name}の資料による。\n" * ("[^1]" in said)
    return form.format(name=name, said=said, rest=f"## 後\n\n{rest}\n" if rest else "")


def merge_all(files: dict[str, str]) -> list[Merge]:
    corpus = make_whole_corpus({"c.md": "# 丙\n", "x.png": "", **files})
    return [merge_cluster(corpus, cluster) for cluster in list_candidates(corpus)]


def change(random: Random, said: str, times: int) -> str:
    for old in random.sample(sorted(SLIPS), times):
        said = said.replace(old, random.choice(SLIPS[old]))
    return said


@pytest.mark.parametrize(("form", "other"), [(0, 0), (1, 0), (2, 2), (2, 0)], ids=["entry", "nested", "prose", "both"])
def test_one_difference_is_kept_or_refused(form: int, other: int) -> None:
    done: list[Merge] = []
    for old, new in ((old, new) for old, slips in SLIPS.items() for new in slips):
        both = SAID, SAID.replace(old, new)
        for one, two in (both, both[::-1]):
            files = {"a.md": write_note(FORMS[form], "港", one), "b/b.md": write_note(FORMS[other], "舟", two)}
            found = merge_all(files)
            assert [(new, merge.harm) for merge in found if merge.harm] == []
            done += found
    assert {bool(merge.refused) for merge in done} == {False, True}


@pytest.mark.parametrize("seed", range(scale_examples(8)))
def test_random_differences(seed: int) -> None:
    random = Random(seed)  # noqa: S311 (the same each time)
    for own, other in product(FORMS, FORMS):
        files = {
            "a.md": write_note(own, "港", change(random, SAID, random.randint(0, 2))),
            "b/b.md": write_note(other, "舟", change(random, SAID, random.randint(0, 2))),
        }
        assert [(files, merge.harm) for merge in merge_all(files) if merge.harm] == []


def test_a_hyphen_in_place_of_a_long_vowel_is_no_harm() -> None:
    text = "# {}\n\n- 管理者: 倉庫の鍵をすべて預かり、毎朝ひとつずつ確かめて回る{}\n"
    files = {"a.md": text.format("港", "ユーザー。"), "b.md": text.format("舟", "ユーザ-。")}
    assert merge_all(files) == [Merge("duplicate-term")]


def test_a_stray_mark_of_code_above_a_copy_is_no_harm() -> None:
    entry = "- 管理者: 倉庫の鍵をすべて預かり、毎朝ひとつずつ `open` で確かめて回る人。\n"
    files = {"a.md": f"# 港\n\n### `始め\n\n{entry}", "b.md": f"# 舟\n\n{entry}"}
    assert merge_all(files) == [Merge("duplicate-definition")]
