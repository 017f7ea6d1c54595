"""The JSON Schema of the configuration for editors, generated from the keys and the rules' signatures."""

from typing import Any

from msgspec.structs import replace

from techstock import catalog
from techstock.config.keys import KEYS, PER_FILE_IGNORE, RULE_LEVEL, TABLES, Key, rule_options
from techstock.config.kinds import schema_of


def schema() -> dict[str, Any]:
    """Return the schema, in draft 7, which most editors support."""
    properties: dict[str, Any] = {}
    for path, key in KEYS.items():
        inside = properties
        for table in path[:-1]:
            inside = inside.setdefault(table, _table({}))["properties"]
        inside[path[-1]] = _property(key)
    for name in ("select", "ignore"):
        properties[name]["items"] = _names()
    rules = _table({name: _rule(name) for name in catalog.names()})
    properties["rules"] = rules | {"description": TABLES["rules"]}
    unwanted = _property(PER_FILE_IGNORE) | {"items": _names()}
    properties["per-file"] = {
        "type": "object",
        "description": TABLES["per-file"],
        "additionalProperties": _table({"ignore": unwanted}),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "techstock",
        "description": "techstock.toml, or [tool.techstock] in pyproject.toml.",
        **_table(dict(sorted(properties.items()))),
    }


def _table(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _property(key: Key) -> dict[str, Any]:
    found = schema_of(key.kind)
    if key.least is not None:
        found["minimum"] = key.least
    if key.most is not None:
        found["maximum"] = key.most
    if key.default is not None:
        found["default"] = list(key.default) if isinstance(key.default, tuple) else key.default
    return found | ({"description": key.law} if key.law else {})


def _names() -> dict[str, Any]:
    """Return the schema of a rule's name, or a glob of names."""
    return {"anyOf": [{"enum": list(catalog.names())}, {"type": "string", "pattern": r"[*?\[]"}]}


def _rule(name: str) -> dict[str, Any]:
    rule = catalog.load(name)
    options = {option: _property(key) for option, key in rule_options(rule).items()}
    level = _property(replace(RULE_LEVEL, default=rule.level))
    return {**_table({"level": level, **options}), "description": f"{rule.law}."}
