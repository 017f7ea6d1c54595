"""Where configuration is read from: the file at the root, and the command line.

techstock runs without a configuration. A project has one, at its root: the nearest folder, from the deepest one that
all paths have in common upward (from the working directory, if no path is named), that holds `techstock.toml`,
`.git`, or a `pyproject.toml` with `[tool.techstock]`. Where there is none, that folder itself is the root. `--root DIR`
names another.

At the root one file is read: `techstock.toml`, with the keys as listed below, or else `pyproject.toml`, where they
stand under `[tool.techstock]`. Files of other folders are not, and a notice says so.

```toml
preset = "strict"
exclude = ["drafts/"]
limits.file-size = 500_000

[rules.section-number-gap]
level = "info"
allow = [13]

[per-file."digest/*.md"]
ignore = ["duplicate-*"]
```

What comes later in this list wins, key by key:

1. the defaults;
2. the file at the root; `--config FILE` reads another in its place, or several, and `--isolated` none;
3. `--config KEY=VALUE`, one assignment as it would be in `techstock.toml`: `--config 'limits.file-size=500_000'`;
4. options of their own: `--select`, `--ignore`, `--preset`, `--fail-on`, `--duplicate-scope`, `--baseline`.

A list replaces the list before. `ignore` alone adds to that of the file: what the project does not want stays out.

A key, rule or option that does not exist, or a value of another type, ends the run with exit code 2 and a message that
names the file, the key and the nearest name there is. What the configuration names stays below the root.
`techstock lint --show-settings` prints what is in effect, each setting with what set it, and `--show-files` the notes.
"""

from collections.abc import Callable, Iterable, Sequence
from os.path import lexists, realpath
from pathlib import Path
from typing import Any

from techstock.config.settings import Layer, Settings, merge_layers
from techstock.config.validation import ConfigError, ConfigSource, validate_source
from techstock.project.root import MAX_CONFIGURATION_SIZE
from techstock.storage.regular_file import FileTooLargeError, read_file_below, read_regular_file

OWN_FILE = "techstock.toml"
SHARED_FILE = "pyproject.toml"


def read_project_source(root: Path) -> tuple[ConfigSource | None, tuple[str, ...]]:
    """Read the configuration file at the root, if there is one. Return it, and notices about it.

    Raises `ConfigError` for a file that cannot be read or is a link out of the root, as messages would quote its
    content.
    """
    own, shared = root / OWN_FILE, root / SHARED_FILE
    for file in (own, shared):
        if file.is_symlink() and not Path(realpath(file)).is_relative_to(realpath(root)):
            raise ConfigError(f"{file.name}: is a link out of the root; `--config` reads a file anywhere")
    if lexists(own) and not own.is_file():
        raise ConfigError(f"{OWN_FILE}: is not a file, or is a broken link")
    if not own.is_file():
        table = _get_section(_read_project_file(root, SHARED_FILE), SHARED_FILE) if shared.is_file() else None
        return (None if table is None else ConfigSource(SHARED_FILE, table)), ()
    source = ConfigSource(OWN_FILE, _read_project_file(root, OWN_FILE))
    if shared.is_file() and _has_section(root):
        return source, (f"[tool.techstock] in {SHARED_FILE} is not read: {OWN_FILE} is beside it",)
    return source, ()


def is_empty_file(source: ConfigSource) -> bool:
    """Return whether a configuration is `techstock.toml` and sets nothing: it may only mark the root."""
    return source.name == OWN_FILE and not source.table


def _has_section(root: Path) -> bool:
    try:
        return _get_section(_read_project_file(root, SHARED_FILE), SHARED_FILE) is not None
    except ConfigError:
        return False  # not the file that is read: what is wrong with it is not our business


def is_assignment(text: str, cwd: Path) -> bool:
    """Return whether a value of `--config` is an assignment; an existing file never is."""
    return "=" in text and not _is_file(cwd / text)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or a NUL in it
        return False


def parse_assignment(text: str) -> ConfigSource:
    """Parse one TOML assignment, as it would be written under `[tool.techstock]`. Raises `ConfigError`."""
    from techstock.text.bounded_parsing import parse_toml

    try:
        table = parse_toml(text)
    except ValueError:
        hint = '; text needs quotes, as in `preset="strict"`'
        raise ConfigError(f"--config: `{text}` is neither a file nor a TOML assignment{hint}") from None
    if "\n" in text or not table:
        raise ConfigError(f"--config: `{text}` is not one TOML assignment")
    return ConfigSource("--config", table)


def read_config_file(text: str, cwd: Path) -> ConfigSource:
    """Read a configuration file; of a `pyproject.toml` only the table `[tool.techstock]`. Raises `ConfigError`."""
    path = cwd / text
    if not _is_file(path):
        raise ConfigError(f"--config: there is no file `{text}`")
    table: dict[str, Any] | None = _parse_file(
        lambda: read_regular_file(path, MAX_CONFIGURATION_SIZE, follow_links=True), text
    )
    if path.name == SHARED_FILE:
        table = _get_section(table or {}, text)
    if table is None:
        raise ConfigError(f"--config: `{text}` has no [tool.techstock]")
    return ConfigSource(text, table)


def _read_project_file(root: Path, name: str) -> dict[str, Any]:
    return _parse_file(lambda: read_file_below(root, name, MAX_CONFIGURATION_SIZE), name)


def _parse_file(read: Callable[[], bytes], name: str) -> dict[str, Any]:
    """Return the content of a TOML file that `read` reads. Raises `ConfigError`."""
    try:
        text = read().decode("utf-8-sig")
        return _parse_text(text, name) if text.strip(" \t\n") else {}
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: is not UTF-8") from None
    except FileTooLargeError:
        raise ConfigError(f"{name}: has more than {MAX_CONFIGURATION_SIZE:,} bytes") from None
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from None


def _parse_text(text: str, name: str) -> dict[str, Any]:
    from techstock.text.bounded_parsing import NestingError, parse_toml  # late: many files only mark the root

    try:
        return parse_toml(text)
    except NestingError as error:
        raise ConfigError(f"{name}: {error}") from None
    except ValueError as error:
        raise ConfigError(f"{name}: is not TOML: {error}") from None


def _get_section(table: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Return the table `[tool.techstock]`; None if there is none. Raises `ConfigError` if it is not a table."""
    tool = table.get("tool")
    section = tool.get("techstock") if isinstance(tool, dict) else None
    if section is not None and not isinstance(section, dict):
        raise ConfigError(f"{name}: `tool.techstock` must be a table")
    return section


def load_settings(
    root: Path,
    cwd: Path,
    *,
    given: Sequence[str] = (),
    isolated: bool = False,
    typed: Iterable[ConfigSource] = (),
) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings, and notices about them.

    `given` are the values of `--config`, in order: assignments, and files that are read in place of the project's own
    (both relative to `cwd`). `isolated` reads no file. `typed` are other options of the command line, which win over
    all that. Raises `ConfigError`.
    """
    assignments = [is_assignment(text, cwd) for text in given]
    if isolated and not all(assignments):
        raise ConfigError("--config: --isolated reads no configuration file; assignments only")
    filed: list[ConfigSource] = []
    above: list[ConfigSource] = []
    notices: tuple[str, ...] = ()
    if not isolated and all(assignments):
        source, notices = read_project_source(root)
        filed = [source] if source else []
    for text, assigned in zip(given, assignments, strict=True):
        (above if assigned else filed).append(parse_assignment(text) if assigned else read_config_file(text, cwd))
    return merge_layers(_merge_sources(filed), _merge_sources([*above, *typed])), notices


def make_settings(source: ConfigSource) -> Settings:
    """Return the settings that a file with this content alone would give. Raises `ConfigError`."""
    return merge_layers(validate_source(source), {})


def _merge_sources(sources: Iterable[ConfigSource]) -> Layer:
    """Return what the sources set; later ones win. Raises `ConfigError`."""
    return {path: setting for source in sources for path, setting in validate_source(source).items()}
