"""The reference page of the configuration, generated from keys, rules' signatures and docstrings of this package."""

from collections.abc import Iterable, Iterator
from typing import Any

from techstock import catalog
from techstock.config import levels, sources
from techstock.config.keys import KEYS, PER_FILE_IGNORE, RULE_LEVEL, TABLES, ConfigKey, make_option_keys
from techstock.config.kinds import describe_type
from techstock.config.presets import STRICT_RULES
from techstock.config.toml import format_toml_key, format_toml_value

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
    yield _format_section(levels.__doc__)
    yield '\n### What `preset = "strict"` adds\n\n'
    yield from (f"- [{name}](rules/{name}.md): {catalog.load_rule(name).law}\n" for name in STRICT_RULES)
    yield f"\n{_ENVIRONMENT}"


def _format_section(page: str | None) -> str:
    """Format a module's docstring as a section; its first sentence is the heading."""
    title, _, text = (page or "").partition("\n\n")
    return f"## {title.partition(':')[0].rstrip('.')}\n\n{text.strip()}\n"


def _list_options() -> Iterator[tuple[str, ConfigKey]]:
    for name in catalog.list_rule_names():
        for option, key in make_option_keys(catalog.load_rule(name)).items():
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
