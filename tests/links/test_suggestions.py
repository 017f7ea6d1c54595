"""Causes that many wrong targets share."""

import pytest

from tests.support import run_rule


def list_causes(rule: str, files: dict[str, str], *beside: str) -> set[tuple[str, str]]:
    found = run_rule(rule, files, beside)
    return {(cause.key, cause.prefix) for one in found for cause in one.problem.causes}


@pytest.mark.parametrize(
    ("link", "beside", "causes"),
    [
        ("/guide/start", [], {("/", "/guide/")}),
        ("/start", [], {("/", "/")}),
        ("/a/b/c.md#x", [], {("/", "/a/b/")}),
        ("/n/guide/start.md", [], {("n/guide/", "/n/guide/")}),
        ("../imgs/x.pdf", [], {("imgs/", "../imgs/")}),
        ("../../imgs/x%20y.pdf", [], {("imgs/", "../../imgs/")}),
        ("imgs/a/b/x.pdf", [], {("imgs/", "imgs/")}),
        ("../imgs/x.pdf", ["images/x.pdf"], {("imgs/", "../imgs/"), ("../imgs/ ../../images/", "../imgs/")}),
        ("../m/x.pdf", ["m/x.pdf"], {("m/", "../m/"), ("../ ../../", "../")}),
        ("./x.pdf", ["images/x.pdf"], {("./ ../../images/", "./")}),
        ("x.pdf", [], set()),
        ("../x.pdf", [], set()),
        ("https://github.com/a/b/blob/main/x/y.md", [], set()),
    ],
)
def test_a_missing_target_tells_what_it_may_share(link: str, beside: list[str], causes: set[tuple[str, str]]) -> None:
    """The note is in `n/o`."""
    assert list_causes("link-missing", {"n/o/a.md": f"[x]({link})\n"}, *beside) == causes
    image = link.replace(".pdf", ".png")
    pictures = [name.replace(".pdf", ".png") for name in beside]
    assert list_causes("image-missing", {"n/o/a.md": f"![x]({image})\n"}, *pictures) == causes


@pytest.mark.parametrize("rule", ["link-outside", "image-outside"])
def test_targets_outside_share_a_folder(rule: str) -> None:
    sign = "!" if rule.startswith("image") else ""
    text = f"{sign}[x](../../shared/a.png) {sign}[y](../shared/b/c.png) {sign}[z](../../a.png)\n"
    assert list_causes(rule, {"a.md": text}) == {("../../shared/", "../../shared/"), ("../shared/", "../shared/")}


def test_the_end_of_a_path_tells_more_than_its_beginning() -> None:
    found = run_rule("link-missing", {"n/o/a.md": "[x](../m/README.md)\n", "n/README.md": "", "m/README.md": ""}, [])
    assert [one.problem.help for one in found] == ["did you mean `../../m/README.md`?"]
