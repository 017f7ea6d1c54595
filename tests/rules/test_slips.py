"""One slip at a time in a note of the strict form: it is reported, and nothing that it does not cause."""

from collections.abc import Callable

import pytest

from techstock.config import load_settings
from techstock.engine import diagnose
from techstock.engine.rule_runs import make_rule_runs
from tests.support import ROOT, TESTS, get_collections, make_corpus

CLEAN = (ROOT / "notes" / "61-70.md").read_text("utf-8")


def list_reported_rules(text: str, preset: str) -> list[str]:
    """Return the rule of each problem, except for the two flaws that both notes have."""
    root = TESTS
    config, _ = load_settings(root, root, isolated=True, given=[f'preset="{preset}"'])
    found = sorted(d.rule for d in diagnose(make_corpus({"61-70.md": text}), make_rule_runs(config)))
    for flaw in FLAWS[preset]:
        found.remove(flaw)
    return found


def swap(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return edit


# The sentence about DRAINING stands under two entries, and one term is spelt in two ways.
FLAWS = {"default": ["duplicate-definition"], "strict": ["duplicate-definition", "term-variant"]}
# Slips that the words of no note decide: they are made in our own note and in the owner's.
SLIPS: dict[str, Callable[[str], str]] = {
    "section-number-repeated": swap("## 62.", "## 61."),
    "section-number-gap": swap("## 63.", "## 64."),
    "section-number-order": swap("## 61.", "## 65."),
    "section-number-level": swap("## 62.", "### 62."),
    "section-number-range": swap("## 63.", "## 75."),
    "section-number-format": swap("## 62.", "## 62"),
    "section-empty": lambda text: text + "\n## 64.\n",
    "section-unnumbered": swap("## 62.", "## まとめ\n\n- 用語: 説明\n\n## 62."),
    "marker-space": swap("- Retain policy", "-\u3000Retain policy"),
    "heading-swallowed": swap("\n## 63.", "\n  ## 63."),
    "image-swallowed": swap("- ![", '<img src="x.png">\n![x](y.png)\n\n- !['),
    "fence-broken": swap("## 63.", "```sh\nls\n\n## 63."),
    "emphasis-unrendered": swap("- Retain policy: ", "- Retain policy: **残す。**つまり"),
    "control-character": swap("- Retain policy: ", "- Retain policy: \x08"),
    "conflict-marker": swap("- Retain policy: ", "<<<<<<< HEAD\n=======\n>>>>>>> topic\n- Retain policy: "),
    "hidden-character": swap("- Retain policy: ", "- Retain policy: データ\u200bを"),
    "definition-missing": swap("- Retain policy: ", "- Delete policy:\n- Retain policy: "),
    "definition-misplaced": swap("- Retain policy: ", "- Delete policy:\n- 消すこと。\n- Retain policy: "),
    "term-repeated": swap("- Retain policy: ", "- Retain policy: 残す方法。\n- Retain policy: "),
    "entry-form": swap("- Retain policy: ", "- 残しておく方法がある。\n- Retain policy: "),
    "colon-style": swap("- Retain policy: ", "- Retain policy："),
    "note-unreadable": lambda text: text + "\n" + "> " * 100 + "深い\n",
}
# What a slip brings about besides itself.
ALSO = {
    # The text beside the term has no term of its own.
    "definition-misplaced": ["entry-form"],
}
OFF = {"section-number-gap", "section-unnumbered", "entry-form", "colon-style"}


def list_expected_rules(name: str, preset: str) -> list[str]:
    rules = [name, *ALSO.get(name, [])]
    return sorted(rule for rule in rules if preset == "strict" or rule not in OFF)


@pytest.mark.parametrize("preset", ["default", "strict"])
@pytest.mark.parametrize("name", SLIPS)
def test_slip_in_our_note(name: str, preset: str) -> None:
    assert list_reported_rules(SLIPS[name](CLEAN), preset) == list_expected_rules(name, preset)


@pytest.mark.parametrize("preset", ["default", "strict"])
@pytest.mark.parametrize("name", SLIPS)
def test_slip_in_the_owners_note(name: str, preset: str) -> None:
    seed = (get_collections() / "seed.md").read_text("utf-8")
    assert list_reported_rules(SLIPS[name](seed), preset) == list_expected_rules(name, preset)


@pytest.mark.parametrize("preset", ["default", "strict"])
def test_without_a_slip_nothing_is_reported(preset: str) -> None:
    assert list_reported_rules(CLEAN, preset) == []
    assert list_reported_rules((get_collections() / "seed.md").read_text("utf-8"), preset) == []
