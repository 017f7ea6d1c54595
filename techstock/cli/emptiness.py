"""The explanation for a project without notes to check."""

from techstock.config import Settings
from techstock.project import Project, discover_notes


def explain_no_notes(project: Project, config: Settings, *, tracked: bool) -> str:
    """Return one sentence that explains why a project has no notes: the setting that excludes all, or no files."""
    include, exclude = config.include, config.exclude
    if tracked and (count := len(discover_notes(project, include, exclude).paths)):
        return f"no notes to check: `--tracked` leaves none of {count}, git's index holds no note"
    if exclude and (count := len(discover_notes(project, include, (), tracked).paths)):
        return f"no notes to check: `exclude` ({_get_origin(config, 'exclude')}) leaves none of {count}"
    if include and (count := len(discover_notes(project, (), exclude, tracked).paths)):
        return f"no notes to check: `include` ({_get_origin(config, 'include')}) names none of {count} Markdown files"
    if include and exclude and (count := len(discover_notes(project, (), (), tracked).paths)):
        return f"no notes to check: `include` and `exclude` together leave none of {count}"
    return f"no notes to check: `{project.root}` holds no `.md` or `.markdown` file that is not ignored"


def _get_origin(config: Settings, key: str) -> str:
    return config.origins[key,]
