"""Load the settings of a run from the root and the command line."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from techstock.config.check import Source, Values, checked
from techstock.config.config import Config, merged
from techstock.config.error import ConfigError
from techstock.config.sources import assignment, file_source, is_assignment, project_source


def load(
    root: Path,
    cwd: Path,
    *,
    given: Sequence[str] = (),
    isolated: bool = False,
    typed: Iterable[Source] = (),
) -> tuple[Config, tuple[str, ...]]:
    """Return the settings, and notices about them.

    `given` are the values of `--config`, in order: assignments, and files that are read in place of the project's own
    (both relative to `cwd`). `isolated` reads no file. `typed` are other options of the command line, which win over
    all that. Raises `ConfigError`.
    """
    assignments = [is_assignment(text, cwd) for text in given]
    if isolated and not all(assignments):
        raise ConfigError("--config: --isolated reads no configuration file; assignments only")
    filed: list[Source] = []
    above: list[Source] = []
    notices: tuple[str, ...] = ()
    if not isolated and all(assignments):
        source, notices = project_source(root)
        filed = [source] if source else []
    for text, assigned in zip(given, assignments, strict=True):
        (above if assigned else filed).append(assignment(text) if assigned else file_source(text, cwd))
    return merged(_checked(filed), _checked([*above, *typed])), notices


def proposed(source: Source) -> Config:
    """Return the settings that a file with this content alone would give. Raises `ConfigError`."""
    return merged(_checked([source]), [])


def _checked(sources: Iterable[Source]) -> list[tuple[str, Values]]:
    return [(source.name, checked(source)) for source in sources]
