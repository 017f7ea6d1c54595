"""Documentation of the configuration: its reference page, its JSON Schema and the settings in effect."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from techstock import registry
from techstock.config import rule_levels, sources
from techstock.config.keys import (
    KEYS,
    PER_FILE_IGNORE,
    RULE_LEVEL,
    TABLES,
    ConfigKey,
    KeyPath,
    describe_type,
    make_option_keys,
    make_type_schema,
)
from techstock.config.rule_levels import STRICT_RULES, resolve_severity
from techstock.config.settings import Settings
from techstock.config.toml_writer import format_toml_key, format_toml_value

_ENVIRONMENT = """\
## The environment

No setting comes from it. What techstock looks at there:

| variable | effect |
| --- | --- |
| `NO_COLOR`, `FORCE_COLOR`, `TERM=dumb` | colour, unless `--color` is given |
| `PYTHONIOENCODING` | the encoding of output, UTF-8 without it where that is no terminal |
| `GITHUB_ACTIONS` | `true`: nothing in notes can act as a command in the log |
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
    yield from _format_table([("`rules.NAME.level`", RULE_LEVEL), *_list_options()])
    yield f"\n### `per-file`\n\n{TABLES['per-file']}\n\n"
    yield from _format_table([('`per-file."GLOB".ignore`', PER_FILE_IGNORE)])
    yield "\n"
    yield _format_section(rule_levels.__doc__)
    yield '\n### What `preset = "strict"` adds\n\n'
    yield from (f"- [{name}](rules/{name}.md): {registry.load_rule(name).law}\n" for name in STRICT_RULES)
    yield f"\n{_ENVIRONMENT}"


def _format_section(page: str | None) -> str:
    """Format a module's docstring as a section; its first sentence is the heading."""
    title, _, text = (page or "").partition("\n\n")
    return f"## {title.partition(':')[0].rstrip('.')}\n\n{text.strip()}\n"


def _list_options() -> Iterator[tuple[str, ConfigKey]]:
    for name in registry.list_rule_names():
        for option, key in make_option_keys(registry.load_rule(name)).items():
            yield f"`rules.`[`{name}`](rules/{name}.md)`.{option}`", key


def _format_table(rows: Iterable[tuple[str, ConfigKey]]) -> Iterator[str]:
    yield "| key | value | default | |\n| --- | --- | --- | --- |\n"
    for name, key in rows:
        yield f"| {name} | {_format_type(key)} | {_format_default(key.default)} | {key.law} |\n"


def _format_type(key: ConfigKey) -> str:
    bounds = {
        (True, True): f", {key.least} to {key.most}",
        (True, False): f", {key.least} or more",
    }
    words = describe_type(key.kind).replace('"', "`")
    return words + bounds.get((key.least is not None, key.most is not None), "")


def _format_default(value: Any) -> str:
    return "" if value is None else f"`{format_toml_value(value)}`"


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
    rules = _build_object_schema({name: _build_rule_schema(name) for name in registry.list_rule_names()})
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
    return {"anyOf": [{"enum": list(registry.list_rule_names())}, {"type": "string", "pattern": r"[*?\[]"}]}


def _build_rule_schema(name: str) -> dict[str, Any]:
    rule = registry.load_rule(name)
    options = {option: _build_key_schema(key) for option, key in make_option_keys(rule).items()}
    level = _build_key_schema(replace(RULE_LEVEL, default=rule.level))
    return {**_build_object_schema({"level": level, **options}), "description": f"{rule.law}."}


def format_settings(config: Settings) -> Iterator[str]:
    """Yield lines without line ends: project-wide keys, the level and options of each rule, rules ignored by file."""
    for path in KEYS:
        value = _get_value(config, path)
        if value is not None:
            yield _format_line(path, value, config.origins.get(path, "default"))
    for name in registry.list_rule_names():
        severity, origin = resolve_severity(config, name)
        yield _format_line(("rules", name, "level"), severity, origin)
        for option, default in registry.load_rule(name).options.items():
            path = ("rules", name, option.replace("_", "-"))
            value = config.options.get(name, {}).get(option, default)
            yield _format_line(path, value, config.origins.get(path, "default"))
    for glob, names in config.per_file.items():
        path = ("per-file", glob, "ignore")
        yield _format_line(path, names, config.origins[path])


def _get_value(config: Settings, path: KeyPath) -> Any:
    """Return the value of a project-wide key; None if it is not set and has no default that TOML can express."""
    layered = {
        ("preset",): config.typed.preset or config.filed.preset or "default",
        ("select",): config.filed.select if config.typed.select is None else config.typed.select,
        ("ignore",): (*config.filed.ignore, *config.typed.ignore) or None,
    }
    return layered[path] if path in layered else getattr(config, path[-1].replace("-", "_"))


def _format_line(path: KeyPath, value: Any, origin: str) -> str:
    return f"{format_toml_key(path)} = {format_toml_value(value)}  # {origin}"
