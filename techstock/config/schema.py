"""The JSON Schema of the configuration for editors, generated from the keys and the rules' signatures."""

from typing import Any

from msgspec.structs import replace

from techstock import catalog
from techstock.config.keys import KEYS, PER_FILE_IGNORE, RULE_LEVEL, TABLES, ConfigKey, make_option_keys
from techstock.config.kinds import make_type_schema


def build_schema() -> dict[str, Any]:
    """Return the schema, in draft 7, which most editors support."""
    properties: dict[str, Any] = {}
    for path, key in KEYS.items():
        inside = properties
        for table in path[:-1]:
            inside = inside.setdefault(table, _build_object_schema({}))["properties"]
        inside[path[-1]] = _build_key_schema(key)
    for name in ("select", "ignore"):
        properties[name]["items"] = _build_name_schema()
    rules = _build_object_schema({name: _build_rule_schema(name) for name in catalog.list_rule_names()})
    properties["rules"] = rules | {"description": TABLES["rules"]}
    unwanted = _build_key_schema(PER_FILE_IGNORE) | {"items": _build_name_schema()}
    properties["per-file"] = {
        "type": "object",
        "description": TABLES["per-file"],
        "additionalProperties": _build_object_schema({"ignore": unwanted}),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "techstock",
        "description": "techstock.toml, or [tool.techstock] in pyproject.toml.",
        **_build_object_schema(dict(sorted(properties.items()))),
    }


def _build_object_schema(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _build_key_schema(key: ConfigKey) -> dict[str, Any]:
    found = make_type_schema(key.kind)
    if key.least is not None:
        found["minimum"] = key.least
    if key.most is not None:
        found["maximum"] = key.most
    if key.default is not None:
        found["default"] = list(key.default) if isinstance(key.default, tuple) else key.default
    return found | ({"description": key.law} if key.law else {})


def _build_name_schema() -> dict[str, Any]:
    """Return the schema of a rule's name, or a glob of names."""
    return {"anyOf": [{"enum": list(catalog.list_rule_names())}, {"type": "string", "pattern": r"[*?\[]"}]}


def _build_rule_schema(name: str) -> dict[str, Any]:
    rule = catalog.load_rule(name)
    options = {option: _build_key_schema(key) for option, key in make_option_keys(rule).items()}
    level = _build_key_schema(replace(RULE_LEVEL, default=rule.level))
    return {**_build_object_schema({"level": level, **options}), "description": f"{rule.law}."}
