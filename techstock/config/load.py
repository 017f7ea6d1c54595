"""Load the settings of a run from the root and the command line."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from techstock.config.check import ConfigSource, ConfigValues, validate_source
from techstock.config.config import Settings, merge_sources
from techstock.config.error import ConfigError
from techstock.config.sources import is_assignment, parse_assignment, read_config_file, read_project_source


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
    return merge_sources(_validate_sources(filed), _validate_sources([*above, *typed])), notices


def make_settings(source: ConfigSource) -> Settings:
    """Return the settings that a file with this content alone would give. Raises `ConfigError`."""
    return merge_sources(_validate_sources([source]), [])


def _validate_sources(sources: Iterable[ConfigSource]) -> list[tuple[str, ConfigValues]]:
    return [(source.name, validate_source(source)) for source in sources]
