"""The settings in effect, and the schema that editors use."""

import tomllib
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import msgspec
import pytest
from configuration_page import build_schema

from techstock.config import ConfigSource
from techstock.config.keys import KEYS
from techstock.config.rule_levels import format_settings
from tests.config.support import load_config
from tests.config.test_validation import WRONG

SHOWN = """\
include = []  # default
exclude = ["drafts/", "a\\"b"]  # techstock.toml
preset = "strict"  # --preset
ignore = ["plum"]  # techstock.toml
fail-on = "warning"  # default
section-level = 3  # --config
duplicate-scope = "corpus"  # default
web-exclude = []  # default
image-root = ""  # default
link-root = ""  # default
image-exclude = []  # default
link-exclude = []  # default
baseline = ""  # default
limits.file-size = 2097152  # default
limits.nesting = 100  # default
limits.entries = 50000  # default
limits.seconds = 30  # default
rules.apple.level = "warning"  # default
rules.apple.quiet = false  # default
rules.apricot.level = "info"  # techstock.toml
rules.apricot.allow = [1]  # techstock.toml
rules.apricot.words = ["x"]  # default
rules.apricot.deep-only = false  # default
rules.apricot.most = 3  # default
rules.apricot.share = 0.5  # default
rules.apricot.form = "half"  # default
rules.apricot.mark = "-"  # default
rules.colon-style.level = "warning"  # --preset
rules.colon-style.quiet = false  # default
rules.plum.level = "off"  # techstock.toml
rules.plum.quiet = false  # default
per-file."old/*.md".ignore = ["apple"]  # techstock.toml"""

CONFIGURED = """\
exclude = ["drafts/", 'a"b']
ignore = ["plum"]
rules.apricot.level = "info"
rules.apricot.allow = [1]
per-file."old/*.md".ignore = ["apple"]
"""


def test_shown(tmp_path: Path) -> None:
    typed = [ConfigSource("--preset", {"preset": "strict"})]
    assert (
        "\n".join(format_settings(load_config(tmp_path, CONFIGURED, given=["section-level=3"], typed=typed))) == SHOWN
    )


def test_shown_is_configuration(tmp_path: Path) -> None:
    lines = "\n".join(format_settings(load_config(tmp_path, CONFIGURED)))
    again = "\n".join(line.partition("  # ")[0] for line in format_settings(load_config(tmp_path, lines)))
    assert again == "\n".join(line.partition("  # ")[0] for line in lines.split("\n"))


def test_every_key_with_a_default_is_shown(tmp_path: Path) -> None:
    shown = [line for line in format_settings(load_config(tmp_path)) if not line.startswith("rules.")]
    assert "ignore = []  # default" in shown
    assert len(shown) == len(KEYS) - 1  # `select` has no default


def test_select_is_shown_where_it_is_given(tmp_path: Path) -> None:
    config = load_config(tmp_path, "select = ['apple']")
    assert 'select = ["apple"]  # techstock.toml' in list(format_settings(config))


def valid(config: dict[str, Any]) -> bool:
    return bool(jsonschema.Draft7Validator(build_schema()).is_valid(config))


def test_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(build_schema())


@pytest.mark.parametrize("text", [CONFIGURED, "", "select = ['ap*']", "limits.file-size = 1", SHOWN])
def test_schema_takes_what_is_right(text: str) -> None:
    assert valid(tomllib.loads(text))


# What a schema cannot say: whether a glob matches a rule, stays inside the root, or is a glob at all.
BEYOND = {text for text in WRONG if "nothing-*" in text or "../" in text or "#only" in text}


@pytest.mark.parametrize("text", sorted(WRONG.keys() - BEYOND))
def test_schema_refuses_what_is_wrong(text: str) -> None:
    assert not valid(tomllib.loads(text))


def test_schema_describes_every_key() -> None:
    properties = build_schema()["properties"]
    for path, key in KEYS.items():
        inside = properties
        for table in path[:-1]:
            inside = inside[table]["properties"]
        assert inside[path[-1]]["description"] == msgspec.json.schema(key.type)["description"]
    assert properties["rules"]["properties"]["plum"]["properties"]["level"]["default"] == "off"
    assert properties["rules"]["properties"]["apricot"]["properties"]["deep-only"] == {
        "type": "boolean",
        "default": False,
    }
