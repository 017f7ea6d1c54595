"""The configuration as a page and as a JSON Schema, made from the keys and docstrings in `techstock/config`."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

import msgspec
from msgspec import UNSET
from msgspec.structs import FieldInfo, fields

from techstock import registry
from techstock.config import rule_levels, sources
from techstock.config.keys import (
    KEYS,
    TABLES,
    FileKeys,
    LimitKeys,
    ProjectKeys,
    RuleKeys,
    RulePattern,
    describe_type,
    make_rule_keys,
    strip_annotations,
)
from techstock.config.rule_levels import STRICT_RULES
from techstock.config.toml_writer import format_toml_key, format_toml_value

_ENVIRONMENT = """\
## The environment

No setting comes from it. What techstock looks at there:

| variable | effect |
| --- | --- |
| `NO_COLOR`, `FORCE_COLOR`, `TERM=dumb` | colour, unless `--color` is given |
| `PYTHONIOENCODING` | the encoding of output, UTF-8 without it where that is no terminal |
| `GITHUB_EVENT_NAME`, `GITHUB_EVENT_PATH` | with the web: whether strangers read the notes, or wrote them |
| `SSL_CERT_FILE`, `SSL_CERT_DIR` | with the web: other certificate authorities |
| `GIT_INDEX_FILE` | which index git reads, as in a hook |

`--github-token-env NAME` names a variable with a token; nothing else reads one.
"""


def render_reference() -> Iterator[str]:
    """Yield the page in pieces."""
    yield "# Configuration\n\n"
    yield _format_section(sources.__doc__)
    yield "\n## Keys\n\nEditors complete them by a [JSON Schema](techstock.schema.json).\n\n"
    yield from _format_table((f"`{format_toml_key(path)}`", key) for path, key in KEYS.items())
    yield f"\n### `rules`\n\n{TABLES['rules']} [Each rule's page](rules/) says more.\n\n"
    yield from _format_table([("`rules.NAME.level`", fields(RuleKeys)[0]), *_list_options()])
    yield f"\n### `per-file`\n\n{TABLES['per-file']}\n\n"
    yield from _format_table([('`per-file."GLOB".ignore`', fields(FileKeys)[0])])
    yield "\n"
    yield _format_section(rule_levels.__doc__)
    yield '\n### What `preset = "strict"` adds\n\n'
    yield from (f"- [{name}](rules/{name}.md): {registry.load_rule(name).law}\n" for name in STRICT_RULES)
    yield f"\n{_ENVIRONMENT}"


def _format_section(page: str | None) -> str:
    """Format a module's docstring as a section; its first sentence is the heading."""
    title, _, text = (page or "").partition("\n\n")
    return f"## {title.partition(':')[0].rstrip('.')}\n\n{text.strip()}\n"


def _list_options() -> Iterator[tuple[str, FieldInfo]]:
    for name in registry.list_rule_names():
        _, *options = fields(make_rule_keys(registry.load_rule(name)))
        for field in options:
            yield f"`rules.`[`{name}`](rules/{name}.md)`.{field.encode_name}`", field


def _format_table(rows: Iterable[tuple[str, FieldInfo]]) -> Iterator[str]:
    yield "| key | value | default | |\n| --- | --- | --- | --- |\n"
    for name, field in rows:
        words = describe_type(field.type).replace('"', "`")
        default = "" if field.default is UNSET else f"`{format_toml_value(field.default)}`"
        yield f"| {name} | {words} | {default} | {msgspec.json.schema(field.type).get('description', '')} |\n"


def build_schema() -> dict[str, Any]:
    """Return the schema, in draft 7, which most editors support."""
    properties = _build_table_schema(ProjectKeys)["properties"]
    properties["limits"] = _build_table_schema(LimitKeys)
    rules = {}
    for name in registry.list_rule_names():
        rule = registry.load_rule(name)
        rules[name] = _build_table_schema(make_rule_keys(rule)) | {"description": f"{rule.law}."}
    properties["rules"] = _build_object_schema(rules) | {"description": TABLES["rules"]}
    properties["per-file"] = {
        "type": "object",
        "description": TABLES["per-file"],
        "additionalProperties": _build_table_schema(FileKeys),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "techstock",
        "description": "techstock.toml, or [tool.techstock] in pyproject.toml.",
        **_build_object_schema(dict(sorted(properties.items()))),
    }


def _build_table_schema(table: type[msgspec.Struct]) -> dict[str, Any]:
    [schema] = msgspec.json.schema_components([table])[1].values()
    for field in fields(table):
        if RulePattern in get_args(strip_annotations(field.type)):
            names = {"enum": list(registry.list_rule_names())}
            schema["properties"][field.encode_name]["items"] = {
                "anyOf": [names, {"type": "string", "pattern": r"[*?\[]"}]
            }
    return _build_object_schema(schema["properties"])


def _build_object_schema(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}
