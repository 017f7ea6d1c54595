"""The index of a corpus: one term once, with what it is defined as, and where."""

from techstock.survey.term_index import IndexedTerm, build_term_index
from tests.support import make_corpus


def index_terms(**notes: str) -> list[IndexedTerm]:
    return build_term_index(make_corpus({f"{name}.md": text for name, text in notes.items()}))[0]


def find_only_term(text: str) -> IndexedTerm:
    [term] = index_terms(a=text)
    return term


def test_one_term_in_several_spellings_has_one_row() -> None:
    term = find_only_term("- 待避: 戻る。\n\n## x\n\n- 待避（Drain）: 止まる。\n- **待避** : 戻る\n")
    assert (term.term, term.key) == ("待避", "待避")
    assert term.spellings == ("待避", "待避（Drain）")
    assert term.definitions == ("戻る。", "止まる。")
    assert [stand.definition for stand in term.places] == [0, 1, 0]
    assert {stand.place.path for stand in term.places} == {"a.md"}


def test_an_abbreviation_and_what_it_stands_for_are_one() -> None:
    term = find_only_term(
        "- RTO (Recovery Time Objective): 目標。\n- Recovery Time Objective: 時間。\n- rto: 三つ目。\n"
    )
    assert term.spellings == ("RTO (Recovery Time Objective)", "Recovery Time Objective", "rto")
    assert len(find_only_term("- NLB (均衡器): 一つ。\n- 均衡器 (NLB): 二つ。\n").definitions) == 2  # each says so
    assert [term.term for term in index_terms(a="- 保管 (EBS): 一つ。\n- EBS: 二つ。\n")] == ["EBS", "保管 (EBS)"]


def test_places_are_in_reading_order() -> None:
    term = one_of(index_terms(**{"91-100": "- 待避: 一。\n", "101-110": "- 待避: 二。\n- 復旧: x\n"}), "待避")
    assert [stand.place.path for stand in term.places] == ["91-100.md", "101-110.md"]


def one_of(some: list[IndexedTerm], name: str) -> IndexedTerm:
    return next(term for term in some if term.term == name)


def test_what_a_definition_says() -> None:
    text = "- 待避:\n  - 受けない。**必ず**。\n    - `止める`[後で](x.md)。\n  - ![図](a.png)\n"
    text += "\n    続き。\n\n    ```sh\n    ls\n    ```\n"
    assert find_only_term(text).definitions == ("受けない。必ず。\n`止める`後で。\n(image)\n続き。\n(code)",)
    assert find_only_term("- 表: 名の並び。\n\n  <b>x</b>\n").definitions[0].startswith("名の並び。")
    assert find_only_term("- 表:\n\n  | a |\n  |---|\n  | b |\n").definitions == ("(table)",)
    assert find_only_term("- 図:\n\n  <img src='a.png'>\n\n  ### 題\n").definitions == ("(image)\n題",)
    assert find_only_term("- 図:\n- ![x](a.png)\n").definitions == ("(what follows it)",)
    assert find_only_term("- 待避:\n").definitions == ()
    assert find_only_term("- 待避:\n").places[0].definition == -1


def test_labels_are_left_out_unless_asked_for() -> None:
    notes = make_corpus({"a.md": "- 例: 一つ。\n- 待避: 戻る。\n- Note: x\n"})
    listed, labels = build_term_index(notes)
    assert ([term.term for term in listed], labels) == (["待避"], 2)
    listed, labels = build_term_index(notes, labels=True)
    assert ([term.term for term in listed], labels) == (["Note", "例", "待避"], 0)


def test_a_prefix_does_not_part_a_name_from_its_letter() -> None:
    names = [
        term.term for term in index_terms(a="- Amazon ECS: 一。\n- EBS: 二。\n- サーバー: 三。\n- AWS WAF: 四。\n")
    ]
    assert names == ["EBS", "Amazon ECS", "AWS WAF", "サーバー"]
