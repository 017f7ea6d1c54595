"""The types of keys and options: conversion of values, descriptions in words, and JSON Schema."""

from typing import Any, Literal, get_args, get_origin

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
    from techstock.config.toml import format_toml_value  # only for what is wrong

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
        from techstock.config.toml import format_toml_value

        return "one of " + ", ".join(format_toml_value(choice) for choice in get_args(kind))
    return _SCALAR_TYPES[kind][0]


def make_type_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of the values of this type."""
    if get_origin(kind) is tuple:
        return {"type": "array", "items": make_type_schema(get_args(kind)[0])}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    return {"type": _SCALAR_TYPES[kind][1]}
