"""Runs of entries that are copied together, and the one finding for each."""

from techstock import registry
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Corpus, Diagnostic
from techstock.parse import parse

RULES = ("duplicate-definition", "duplicate-term", "file-copy", "term-repeated")
WORDS = {
    "舟": "水に浮く乗り物のことで、人を運ぶ",
    "櫂": "舟を漕ぐ板のことで、両手で持つ",
    "帆": "風を受ける布のことで、柱に張る",
    "舵": "向きを変える板のことで、後ろに付く",
    "錨": "舟を止める重りのことで、底に沈む",
    "綱": "舟を岸につなぐもので、麻でできる",
    "桟橋": "舟を着けるところで、木でできる",
    "灯台": "岸を知らせる明かりで、夜に光る",
    "水門": "水を止める板のことで、朝に開く",
    "港": "舟の集まるところで、町にある",
}
LINES = "".join(f"- **{term}**: {text}\n" for term, text in WORDS.items())


def found(files: dict[str, str]) -> list[Diagnostic]:
    notes = tuple(parse(path, text) for path, text in sorted(files.items()))
    return diagnose(Corpus(notes), [RuleRun(registry.load_rule(rule), WARNING) for rule in RULES])


def test_a_passage_is_one_finding() -> None:
    text = f"# 一\n\n## 朝の章\n\n{LINES}\n# 二\n\n## 夜の章\n\n{LINES}"
    [one] = found({"a.md": text})
    assert one.rule == "duplicate-definition"
    assert one.problem.message == "this passage of 10 entries repeats another"
    assert {**one.problem.data, "clusters": len(one.problem.data["clusters"])} == {
        "kind": "passage",
        "entries": 10,
        "score": 1.0,
        "clusters": 10,
    }
    assert one.problem.place.extract_from(text).count("\n") == 9
    [related] = one.problem.related
    assert related.place.extract_from(text) == one.problem.place.extract_from(text)


def test_a_passage_with_a_small_change_and_a_new_entry() -> None:
    changed = LINES.replace("風を受ける布の", "風を受ける大きな布の").replace(
        "- **錨**", "- **櫓**: 漕ぐもの\n- **錨**"
    )
    [one] = found({"a.md": f"# 一\n\n## 朝\n\n{LINES}\n# 二\n\n## 夜\n\n{changed}"})
    assert one.problem.data["kind"] == "passage"
    assert one.problem.data["entries"] >= 9


def test_three_short_entries_are_no_passage() -> None:
    three = "".join(LINES.splitlines(keepends=True)[:3])
    some = found({"a.md": f"# 一\n\n## 朝\n\n{three}\n# 二\n\n## 夜\n\n{three}"})
    assert {one.problem.data["kind"] for one in some} <= {"exact"}


def test_fields_and_sources_make_no_passage() -> None:
    fields = "".join(f"- `v{n}` - 舟の{n}番目の値を返すもの\n" for n in range(10))
    assert found({"a.md": f"# 一\n\n## 朝\n\n{fields}\n# 二\n\n## 夜\n\n{fields}"}) == []
    sources = LINES.replace("- **", "- 港の本の").replace("**:", "の章")
    assert found({"a.md": f"# 一\n\n## 参考文献\n\n{sources}\n# 二\n\n## 参考文献\n\n{sources}"}) == []


def test_steps_are_copied_with_their_procedure() -> None:
    steps = [f"水門の{n}番目の板をゆっくりと持ち上げて水を通す" for n in "甲乙丙丁戊"]
    first = "".join(f"{n}. {step}\n" for n, step in enumerate(steps, 1))
    [one] = found({"a.md": f"## 水門\n\n{first}\nあるいは\n\n{first}"})
    assert one.problem.data["kind"] == "passage"
    longer = first + "".join(f"{n}. 船頭{n}に合図を送ってから待つ\n" for n in range(6, 12))
    assert found({"a.md": f"## 水門\n\n{first}\nあるいは\n\n{longer}"}) == []
    assert found({"a.md": f"## 水門\n\n{first}\n## 閘門\n\n{first}"}) == []


def test_headings_that_contrast_two_things_need_a_longer_run() -> None:
    long = "".join(f"- {text}、朝のうちに港で使われている\n" for text in list(WORDS.values())[:4])
    assert found({"a.md": f"# 題\n\n## 朝の章\n\n{long}\n## 夜の章\n\n{long}"}) == []
