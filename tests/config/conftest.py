"""Rules of our own, so that these tests say nothing about the real ones and cannot break with them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from techstock import registry, rules

RULE = '''
"""The law of {name}."""

from collections.abc import Iterator
from typing import Literal

from techstock.model import Note, Problem

LEVEL = "{level}"


def check(note: Note, *{options}) -> Iterator[Problem]:
    yield from ()
'''
OPTIONS = """, allow: tuple[int, ...] = (), words: tuple[str, ...] = ("x",), deep_only: bool = False, most: int = 3,
          share: float = 0.5, form: Literal["half", "full"] = "half", mark: str = "-" """
RULES = {
    "apple": ("warning", ", quiet: bool = False"),
    "apricot": ("error", OPTIONS),
    "colon_style": ("off", ", quiet: bool = False"),
    "plum": ("off", ", quiet: bool = False"),
}


@pytest.fixture(autouse=True)
def own_rules(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The rules `apple` (warning), `apricot` (error, many options), `colon-style` and `plum` (off) instead of ours."""
    folder = tmp_path_factory.mktemp("rules")
    for name, (level, options) in RULES.items():
        text = RULE.format(name=name, level=level, options=options)
        (folder / f"{name}.py").write_text(text.strip(), "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(rules, "__path__", [str(folder)])
        for module in [name for name in sys.modules if name.startswith(f"{rules.__name__}.")]:
            patch.delitem(sys.modules, module)
        registry.list_rule_names.cache_clear()
        registry.load_rule.cache_clear()
        yield folder
        for module in [name for name in sys.modules if name.startswith(f"{rules.__name__}.")]:
            del sys.modules[module]
    registry.list_rule_names.cache_clear()
    registry.load_rule.cache_clear()
