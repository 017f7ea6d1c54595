"""Which rules run at which level: the command line is asked first, then the files, then the rules."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from techstock import rules
from techstock.config import (
    ConfigError,
    ConfigSource,
    EnabledRule,
    Settings,
    list_enabled_rules,
    make_per_file_matcher,
    resolve_severity,
)
from techstock.engine.rule_runs import make_rule_runs
from tests.config.support import load_config

DEFAULT = {"apple": "warning", "apricot": "error"}


def list_running_rules(config: Settings) -> dict[str, str]:
    return {setting.rule: setting.severity for setting in list_enabled_rules(config)}


CASES: dict[str, tuple[str, tuple[str, ...], Mapping[str, str]]] = {
    "defaults": ("", (), DEFAULT),
    "select replaces, an off rule is a warning": (
        "select = ['plum', 'apricot']",
        (),
        {"plum": "warning", "apricot": "error"},
    ),
    "globs": ("select = ['ap*']", (), DEFAULT),
    "then ignore": ("select = ['*']\nignore = ['ap*']", (), {"plum": "warning", "colon-style": "warning"}),
    "ignore alone": ("ignore = ['apple']", (), {"apricot": "error"}),
    "a level": ("rules.apple.level = 'info'", (), {"apple": "info", "apricot": "error"}),
    "a level turns on": ("rules.plum.level = 'error'", (), DEFAULT | {"plum": "error"}),
    "a level turns off": ("rules.apple.level = 'off'", (), {"apricot": "error"}),
    "a level turns on beside select": (
        "select = ['apple']\nrules.plum.level = 'info'",
        (),
        {"apple": "warning", "plum": "info"},
    ),
    "ignore beats a level": ("ignore = ['plum']\nrules.plum.level = 'error'", (), DEFAULT),
    "strict": ("preset = 'strict'", (), DEFAULT | {"colon-style": "warning"}),
    "strict with a level": (
        "preset = 'strict'\nrules.colon-style.level = 'error'",
        (),
        DEFAULT | {"colon-style": "error"},
    ),
    "select replaces the preset too": ("preset = 'strict'\nselect = ['apple']", (), {"apple": "warning"}),
    "typed select over all of the file": (
        "select = ['apple']\nignore = ['plum']\nrules.apricot.level = 'error'",
        ("select=['plum']",),
        {"plum": "warning"},
    ),
    "typed select takes the level of the file": (
        "rules.plum.level = 'error'\nrules.apple.level = 'off'",
        ("select=['plum', 'apple']",),
        {"plum": "error", "apple": "warning"},
    ),
    "typed ignore adds to the file's": (
        "ignore = ['apple']",
        ("ignore=['plum']", "rules.plum.level='error'"),
        {"apricot": "error"},
    ),
    "typed level beside typed select": (
        "",
        ("select=['apple']", "rules.plum.level='info'", "rules.apple.level='error'"),
        {"apple": "error", "plum": "info"},
    ),
    "typed preset beside the file's select": (
        "select = ['apple']",
        ("preset='strict'",),
        {"apple": "warning", "colon-style": "warning"},
    ),
    "typed preset takes the file's away": ("preset = 'strict'", ("preset='default'",), DEFAULT),
}


@pytest.mark.parametrize("case", CASES)
def test_levels(tmp_path: Path, case: str) -> None:
    text, given, expected = CASES[case]
    assert list_running_rules(load_config(tmp_path, text, given)) == expected


def test_settings_carry_options(tmp_path: Path) -> None:
    config = load_config(tmp_path, "rules.apricot.most = 7")
    assert list_enabled_rules(config) == (EnabledRule("apple", "warning"), EnabledRule("apricot", "error", {"most": 7}))


@pytest.mark.parametrize("text", ["ignore = ['*']", "select = []", "select = ['plum']\nignore = ['plum']"])
def test_no_rule_left(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="no rule is left to run"):
        list_enabled_rules(load_config(tmp_path, text))


def test_what_decided(tmp_path: Path) -> None:
    config = load_config(
        tmp_path,
        "preset = 'strict'\nignore = ['plum']",
        given=["rules.apple.level='info'"],
        typed=[ConfigSource("--ignore", {"ignore": ["apri*"]})],
    )
    assert {name: resolve_severity(config, name) for name in ("apple", "apricot", "colon-style", "plum")} == {
        "apple": ("info", "--config"),
        "apricot": ("off", "--ignore"),
        "colon-style": ("warning", "techstock.toml"),
        "plum": ("off", "techstock.toml"),
    }
    assert resolve_severity(load_config(tmp_path), "plum") == ("off", "default")


def test_rules_that_do_not_run_are_not_loaded(tmp_path: Path) -> None:
    make_rule_runs(load_config(tmp_path, "select = ['apple']"))
    loaded = {name for name in sys.modules if name.startswith(f"{rules.__name__}.")}
    assert loaded == {f"{rules.__name__}.apple"}


def test_plans(tmp_path: Path) -> None:
    config = load_config(tmp_path, "rules.apricot.most = 7\nper-file.'old/'.ignore = ['apri*']")
    apple, apricot = make_rule_runs(config)
    assert (apple.rule.name, apple.severity, apple.options, apple.unwanted) == ("apple", "warning", {}, None)
    assert (apricot.rule.name, apricot.severity, apricot.options) == ("apricot", "error", {"most": 7})
    assert apricot.unwanted is not None
    assert apricot.unwanted("old/a.md")


def test_per_file(tmp_path: Path) -> None:
    config = load_config(tmp_path, "per-file.'old/**'.ignore = ['ap*']\nper-file.'/a.md'.ignore = ['apple', 'plum']")
    apple, plum = make_per_file_matcher(config, "apple"), make_per_file_matcher(config, "plum")
    assert apple is not None
    assert plum is not None
    assert [apple(path) for path in ("old/x/y.md", "a.md", "b/a.md")] == [True, True, False]
    assert [plum(path) for path in ("old/x/y.md", "a.md")] == [False, True]
    assert make_per_file_matcher(config, "colon-style") is None
