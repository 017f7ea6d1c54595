"""Links that look missing and are none, and links that are missing where nothing looked."""

import pytest

from tests.support import run_rule

NOTE = "# ![絵](a.png) 絵\n\n## 図 ![絵](a.png)\n"


def list_messages(text: str, rule: str = "link-missing") -> list[str]:
    return [found.problem.message for found in run_rule(rule, {"a.md": text, "b.md": NOTE}, beside=["a.png", "b.md"])]


@pytest.mark.parametrize(
    "target",
    ["b.md#絵", "b.md#-絵", "b.md#図", "b.md#図-", "b.md?plain=1#L3", "b.md#L10-L12", "b.md#L3C2-L4C1", "#tab/linux"],
)
def test_these_lead_somewhere(target: str) -> None:
    assert list_messages(f"[題]({target})\n") == []


def test_macros_of_documentation_sites_are_no_links() -> None:
    assert list_messages("[!code-cpp[N](x.cpp)] と [!INCLUDE [x](../../inc/a.md)]\n") == []
    assert list_messages("[!INCLUDE [x](../../inc/a.md)]\n", "link-outside") == []


@pytest.mark.parametrize("text", ["![[b#無い]]", "![[b#無い|題]]", '<a href="#無い">題</a>', "[題](b.md#無い)"])
def test_a_heading_that_is_missing(text: str) -> None:
    (message,) = list_messages(f"{text}\n")
    assert "has no heading" in message


def test_an_embedded_heading_that_is_there() -> None:
    assert list_messages("![[b#図]]\n") == []
