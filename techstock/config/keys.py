"""The keys of `[tool.techstock]`: each is one field, with its type, default, constraint and description."""

from typing import Annotated, Any, Literal, NewType, get_args, get_origin

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import FieldInfo, fields

from techstock.model import ParseLimits
from techstock.registry import Rule

KeyPath = tuple[str, ...]
"""A key with its tables: `("limits", "file-size")`."""

Glob = NewType("Glob", str)  # gitignore-style, of paths below the root
RulePattern = NewType("RulePattern", str)  # the name of a rule, or a glob of names
Globs = tuple[Glob, ...]
RulePatterns = tuple[RulePattern, ...]

Level = Annotated[
    Literal["error", "warning", "info", "off"],
    Meta(
        description="The level of the rule, in place of its own; it runs unless this is `off` or `ignore` matches it."
    ),
]


FolderBelow = Annotated[
    str,
    Meta(
        title="a folder below the root, written with `/`",
        pattern=r"^(?![^\u0000]:|(?:[^\u0000]*/)?\.\.(?:/|$))[^\\\u0000]*$",
    ),
]


class ProjectKeys(msgspec.Struct, frozen=True, rename="kebab"):
    """The keys that are in no table."""

    include: Annotated[
        Globs, Meta(description="Gitignore-style globs of the notes; without it every `.md` and `.markdown` file.")
    ] = ()
    exclude: Annotated[
        Globs, Meta(description="Gitignore-style globs of files that are left out, named files too.")
    ] = ()
    preset: Annotated[
        Literal["default", "strict"],
        Meta(description="`strict` adds the rules of a note in full form, as warnings."),
    ] = "default"
    select: (
        Annotated[RulePatterns, Meta(description="Names and globs of the rules to run, in place of the default set.")]
        | UnsetType
    ) = UNSET
    ignore: Annotated[RulePatterns, Meta(description="Names and globs of rules that do not run.")] = ()
    fail_on: Annotated[
        Literal["error", "warning", "info"], Meta(description="The lowest level that makes `lint` exit with 1.")
    ] = "warning"
    section_level: Annotated[
        int, Meta(ge=0, le=6, description="The heading level of sections; 0 learns it from each note.")
    ] = 0
    duplicate_scope: Annotated[
        Literal["file", "directory", "corpus"],
        Meta(
            description="How far apart two entries may be to be compared: in the `corpus` (all notes of the "
            "project), in one `directory` without its subfolders, or in one `file`."
        ),
    ] = "corpus"
    web_exclude: Annotated[
        tuple[str, ...], Meta(description="Globs of URLs that `--online` does not ask, as a whole: `*` is anything.")
    ] = ()
    image_root: Annotated[
        FolderBelow,
        Meta(
            description="The folder, relative to the root, that a leading `/` of a target stands for; empty: the "
            "repository."
        ),
    ] = ""
    link_root: Annotated[
        FolderBelow,
        Meta(description="The same for links, where it is another folder than that for images; empty: `image-root`."),
    ] = ""
    image_exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Globs of paths of images, as they are written, that are not looked for: `*` is anything, "
            "also `/`."
        ),
    ] = ()
    link_exclude: Annotated[tuple[str, ...], Meta(description="The same for the targets of links.")] = ()
    baseline: Annotated[
        str,
        Meta(
            title="a path below the root",
            pattern=r"^(?![/\\]|[^\u0000]:|(?:[^\u0000]*/)?\.\.(?:/|$))[^\u0000]*$",
            description="The file of findings that are known and not reported, as `techstock baseline` writes it.",
        ),
    ] = ""


class LimitKeys(msgspec.Struct, frozen=True, rename="kebab"):
    """The keys of the table `limits`."""

    file_size: Annotated[int, Meta(ge=1, description="The largest note that is read, in bytes.")] = 2 * 1024 * 1024
    nesting: Annotated[
        int,
        Meta(
            ge=1, le=100, description="How deep lists, items and quotes may be nested; what lies deeper is not checked."
        ),
    ] = 100
    entries: Annotated[int, Meta(ge=1, description="The most entries of a note; what follows them is not checked.")] = (
        50_000
    )
    seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=3600,
            description="How long one note may take to be parsed and checked on its own, in seconds of processor "
            "time; one that takes longer is not checked.",
        ),
    ] = 30

    @property
    def parsing(self) -> ParseLimits:
        """Return the limits on how much of a note is parsed."""
        return ParseLimits(self.nesting, self.entries)


class RuleKeys(msgspec.Struct, frozen=True):
    """The keys of any rule."""

    level: Level | UnsetType = UNSET


class FileKeys(msgspec.Struct, frozen=True):
    """The keys for some files."""

    ignore: Annotated[
        RulePatterns, Meta(description="Names and globs of rules that are not wanted in these files.")
    ] = ()


TABLES = {
    "rules": "The level and the options of single rules, by name.",
    "per-file": "What differs in some files, by gitignore-style glob.",
}
"""Tables of settings that are about one rule, or about some files."""


def make_rule_keys(rule: Rule) -> type[msgspec.Struct]:
    """Return the keys of a rule: its level, and its options in the spelling of the configuration."""
    options: list[tuple[str, Any, Any]] = [
        (option, Annotated[kind, Meta(description=rule.meanings.get(option))], rule.options[option])
        for option, kind in rule.types.items()
    ]
    return msgspec.defstruct(rule.name, [("level", Level, rule.level), *options], rename="kebab")


def list_keys(table: type[msgspec.Struct], *above: str) -> dict[KeyPath, FieldInfo]:
    """Return the fields of a table by key; `above` is the table's name."""
    return {(*above, field.encode_name): field for field in fields(table)}


KEYS = list_keys(ProjectKeys) | list_keys(LimitKeys, "limits")
"""The keys that are not about one rule or some files."""


def strip_annotations(kind: Any) -> Any:
    """Return the type without its annotations, and without the type of what is not set."""
    while get_args(kind) and get_origin(kind) not in (tuple, Literal):
        kind = get_args(kind)[0]
    return kind


_TYPES = {"boolean": "true or false", "integer": "a whole number", "number": "a number", "string": "a string"}
_LISTS = {"integer": "a list of whole numbers", "string": "a list of strings"}


def describe_type(kind: Any) -> str:
    """Return a description of the values of this type, in words."""
    bare = strip_annotations(kind)
    if get_origin(bare) is Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in get_args(bare))
    schema = msgspec.json.schema(kind)
    if "items" in schema:
        return _LISTS[schema["items"]["type"]]
    if "maximum" in schema:
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    if "minimum" in schema:
        return f"a whole number of at least {schema['minimum']}"
    return schema.get("title") or _TYPES[schema["type"]]
