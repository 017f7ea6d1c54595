"""The types of keys and options: conversion of values, descriptions in words, and JSON Schema."""

from typing import Any, Literal, get_args, get_origin

_SCALARS: dict[type, tuple[str, str]] = {
    bool: ("true or false", "boolean"),
    int: ("a whole number", "integer"),
    float: ("a number", "number"),
    str: ("a string", "string"),
}
_BITS = 63  # of a whole number without its sign: more than that TOML does not promise, nor can Python write all of them
_LISTS: dict[type, str] = {str: "a list of strings", int: "a list of whole numbers"}


def converted(kind: Any, raw: Any) -> Any:
    """Convert a TOML value to the type `kind`. Raises `ValueError` with a message that describes the type."""
    if get_origin(kind) is tuple and isinstance(raw, list):
        item = get_args(kind)[0]
        if all(_fits(item, value) for value in raw):
            return tuple(raw)
    elif _fits(kind, raw):
        return float(raw) if kind is float else raw
    from techstock.config.toml import written  # only for what is wrong

    raise ValueError(f"must be {described(kind)}, not {written(raw)}")


def _fits(kind: Any, raw: Any) -> bool:
    if get_origin(kind) is Literal:
        return any(type(raw) is type(choice) and raw == choice for choice in get_args(kind))
    if type(raw) is int and raw.bit_length() > _BITS:
        return False
    if kind is float:
        return type(raw) in (int, float)
    return type(raw) is kind  # exactly: to Python, true is a whole number


def described(kind: Any) -> str:
    """Return a description of the values of this type, in words."""
    if get_origin(kind) is tuple:
        return _LISTS[get_args(kind)[0]]
    if get_origin(kind) is Literal:
        from techstock.config.toml import written

        return "one of " + ", ".join(written(choice) for choice in get_args(kind))
    return _SCALARS[kind][0]


def schema_of(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of the values of this type."""
    if get_origin(kind) is tuple:
        return {"type": "array", "items": schema_of(get_args(kind)[0])}
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    return {"type": _SCALARS[kind][1]}
