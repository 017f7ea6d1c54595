"""The explanation for a project without notes to check."""

from techstock.config import Config
from techstock.project import Project, discover


def reason(project: Project, config: Config, *, tracked: bool) -> str:
    """Return one sentence that explains why a project has no notes: the setting that excludes all, or no files."""
    include, exclude = config.include, config.exclude
    if tracked and (count := len(discover(project, include, exclude).paths)):
        return f"no notes to check: `--tracked` leaves none of {count}, git's index holds no note"
    if exclude and (count := len(discover(project, include, (), tracked).paths)):
        return f"no notes to check: `exclude` ({_origin(config, 'exclude')}) leaves none of {count}"
    if include and (count := len(discover(project, (), exclude, tracked).paths)):
        return f"no notes to check: `include` ({_origin(config, 'include')}) names none of {count} Markdown files"
    if include and exclude and (count := len(discover(project, (), (), tracked).paths)):
        return f"no notes to check: `include` and `exclude` together leave none of {count}"
    return f"no notes to check: `{project.root}` holds no `.md` or `.markdown` file that is not ignored"


def _origin(config: Config, key: str) -> str:
    return config.origins[key,]
