"""The keys of `[tool.techstock]` that are not about one rule or one file, and the types of their values."""

from typing import Any, Literal, get_args, get_origin

import msgspec

from techstock.registry import Rule

KeyPath = tuple[str, ...]
"""A key with its tables: `("limits", "file-size")`."""

LevelName = Literal["error", "warning", "info", "off"]


class ConfigKey(msgspec.Struct, frozen=True):
    """The type of a key's values (`least` and `most` for numbers), its default, and one sentence about it.

    A key whose default is None has an effect only if it is given.
    """

    kind: Any
    default: Any
    law: str
    least: int | None = None
    most: int | None = None


KEYS: dict[KeyPath, ConfigKey] = {
    ("include",): ConfigKey(
        tuple[str, ...], (), "Gitignore-style globs of the notes; without it every `.md` and `.markdown` file."
    ),
    ("exclude",): ConfigKey(tuple[str, ...], (), "Gitignore-style globs of files that are left out, named files too."),
    ("preset",): ConfigKey(
        Literal["default", "strict"], "default", "`strict` adds the rules of a note in full form, as warnings."
    ),
    ("select",): ConfigKey(tuple[str, ...], None, "Names and globs of the rules to run, in place of the default set."),
    ("ignore",): ConfigKey(tuple[str, ...], (), "Names and globs of rules that do not run."),
    ("fail-on",): ConfigKey(
        Literal["error", "warning", "info"], "warning", "The lowest level that makes `lint` exit with 1."
    ),
    ("section-level",): ConfigKey(int, 0, "The heading level of sections; 0 learns it from each note.", 0, 6),
    ("duplicate-scope",): ConfigKey(
        Literal["file", "directory", "corpus"],
        "directory",
        "How far apart two entries may stand to be compared: in one `file`, one `directory` without its subfolders, or "
        "anywhere in the `corpus`.",
    ),
    ("web-exclude",): ConfigKey(
        tuple[str, ...], (), "Globs of URLs that `--online` does not ask, as a whole: `*` is anything."
    ),
    ("image-root",): ConfigKey(
        str, "", "The folder, relative to the root, that a leading `/` of a target stands for; empty: the repository."
    ),
    ("baseline",): ConfigKey(
        str, "", "The file of findings that are known and not reported, as `techstock baseline` writes it."
    ),
    ("limits", "file-size"): ConfigKey(int, 2 * 1024 * 1024, "The largest note that is read, in bytes.", 1),
    ("limits", "nesting"): ConfigKey(
        int, 100, "How deep lists, items and quotes may be nested; what lies deeper is not checked.", 1, 100
    ),
    ("limits", "entries"): ConfigKey(
        int, 50_000, "The most entries of a note; what stands behind them is not checked.", 1
    ),
    ("limits", "seconds"): ConfigKey(
        int,
        30,
        "How long one note may take to be parsed and checked on its own, in seconds of processor time; one that takes "
        "longer is not checked.",
        1,
        3600,
    ),
}

TABLES = {
    "rules": "The level and the options of single rules, by name.",
    "per-file": "What differs in some files, by gitignore-style glob.",
}
"""Tables of settings that are about one rule, or about some files."""

RULE_LEVEL = ConfigKey(
    LevelName, None, "The level of the rule, in place of its own; it runs unless this is `off` or `ignore` matches it."
)
PER_FILE_IGNORE = ConfigKey(tuple[str, ...], (), "Names and globs of rules that are not wanted in these files.")


def make_option_keys(rule: Rule) -> dict[str, ConfigKey]:
    """Return the options of a rule as keys, in the spelling of the configuration."""
    return {
        option.replace("_", "-"): ConfigKey(kind, rule.options[option], rule.meanings.get(option, ""))
        for option, kind in rule.types.items()
    }


_SCALAR_TYPES: dict[type, tuple[str, str]] = {
    bool: ("true or false", "boolean"),
    int: ("a whole number", "integer"),
    float: ("a number", "number"),
    str: ("a string", "string"),
}
_MAX_BITS = (
    63  # of a whole number without its sign: more than that TOML does not promise, nor can Python write all of them
)
_LIST_DESCRIPTIONS: dict[type, str] = {str: "a list of strings", int: "a list of whole numbers"}


def convert_value(kind: Any, raw: Any) -> Any:
    """Convert a TOML value to the type `kind`. Raises `ValueError` with a message that describes the type."""
    if get_origin(kind) is tuple and isinstance(raw, list):
        item = get_args(kind)[0]
        if all(_has_type(item, value) for value in raw):
            return tuple(raw)
    elif _has_type(kind, raw):
        return float(raw) if kind is float else raw
    from techstock.config.toml_writer import format_toml_value  # only for what is wrong

    raise ValueError(f"must be {describe_type(kind)}, not {format_toml_value(raw)}")


def _has_type(kind: Any, raw: Any) -> bool:
    if get_origin(kind) is Literal:
        return any(type(raw) is type(choice) and raw == choice for choice in get_args(kind))
    if type(raw) is int and raw.bit_length() > _MAX_BITS:
        return False
    if kind is float:
        return type(raw) in (int, float)
    return type(raw) is kind  # exactly: to Python, true is a whole number


def describe_type(kind: Any) -> str:
    """Return a description of the values of this type, in words."""
    if get_origin(kind) is tuple:
        return _LIST_DESCRIPTIONS[get_args(kind)[0]]
    if get_origin(kind) is Literal:
        from techstock.config.toml_writer import format_toml_value

        return "one of " + ", ".join(format_toml_value(choice) for choice in get_args(kind))
    return _SCALAR_TYPES[kind][0]


def make_type_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of the values of this type."""
    if get_origin(kind) is tuple:
        return {"type": "array", "items": make_type_schema(get_args(kind)[0])}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    return {"type": _SCALAR_TYPES[kind][1]}
