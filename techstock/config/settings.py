"""The settings of a run, merged from all sources of configuration."""

from typing import Any, NamedTuple

import msgspec

from techstock.config.keys import KeyPath, LimitKeys, ProjectKeys, list_keys
from techstock.model import TargetSettings


class Setting(NamedTuple):
    """The value of a key, and the name of the source that set it."""

    value: Any
    origin: str


Layer = dict[KeyPath, Setting]
"""The settings of one layer: the command line or the files."""


class Settings(ProjectKeys, frozen=True):
    """The settings of one run: the keys of the project, and the two layers they come from.

    For each rule the first layer of the two that mentions it decides: `typed`, the command line, or `filed`, the files.
    """

    limits: LimitKeys = LimitKeys()
    filed: Layer = msgspec.field(default_factory=dict)
    typed: Layer = msgspec.field(default_factory=dict)

    @property
    def targets(self) -> TargetSettings:
        """Return the settings on the targets of images and links."""
        return TargetSettings(self.image_root, self.link_root, self.image_exclude, self.link_exclude)

    @property
    def origins(self) -> dict[KeyPath, str]:
        """Return the names of the sources by the keys that they set."""
        return {path: setting.origin for path, setting in (self.filed | self.typed).items()}

    @property
    def per_file(self) -> dict[str, tuple[str, ...]]:
        """Return the names and globs of ignored rules, by glob of files."""
        return {path[1]: set_.value for path, set_ in (self.filed | self.typed).items() if path[0] == "per-file"}

    def get_options(self, rule: str) -> dict[str, Any]:
        """Return the options that are configured for a rule, in Python's spelling."""
        return {
            path[2].replace("-", "_"): setting.value
            for path, setting in (self.filed | self.typed).items()
            if path[:2] == ("rules", rule) and path[2] != "level"
        }


def merge_layers(filed: Layer, typed: Layer) -> Settings:
    """Merge the layers: the command line wins over the files, but for `ignore`, to which it adds."""
    values = {path: setting.value for path, setting in (filed | typed).items()}
    values["ignore",] = tuple(
        name for layer in (filed, typed) if ("ignore",) in layer for name in layer["ignore",].value
    )
    for root in (("image-root",), ("link-root",)):
        values[root] = values.get(root, "").strip("/")
    project, limits = (
        {field.name: values[path] for path, field in list_keys(*table).items() if path in values}
        for table in ((ProjectKeys,), (LimitKeys, "limits"))
    )
    return Settings(**project, limits=LimitKeys(**limits), filed=filed, typed=typed)
