"""Terms that are found in definitions."""

import pytest

from techstock.report.term_links import TermFinder


def find(text: str, *names: str, own: int = -1) -> list[str]:
    finder = TermFinder((number, [name]) for number, name in enumerate(names))
    return [text[span.start : span.end] for span in finder.find_terms(text, own)]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("舟は待避する", ("待避",), ["待避"]),
        ("RPO を守る", ("rpo",), ["RPO"]),
        ("RPOs", ("RPO",), []),
        ("サーバーレスの舟", ("サーバー", "サーバ"), []),
        ("サーバーの舟", ("サーバー",), ["サーバー"]),
        ("認証局", ("認証", "認証局"), ["認証局"]),
        ("水", ("水",), []),
        ("待避と待避", ("待避",), ["待避"]),
        ("IDLE", ("İD",), []),
    ],
)
def test_terms(text: str, names: tuple[str, ...], found: list[str]) -> None:
    assert find(text, *names) == found


def test_a_term_does_not_link_to_itself() -> None:
    assert find("待避と復旧", "待避", "復旧", own=0) == ["復旧"]


def test_links_in_one_text_are_few() -> None:
    names = [f"語{n:03}" for n in range(40)]
    assert len(find("、".join(names), *names)) == 8
