"""Whether a path that somebody typed leads where it says, although a repository of others may hold links."""

import os
from pathlib import Path

from techstock.project.discovery import Project


def leads_astray(typed: Path, project: Project) -> bool:
    """Whether a path below the repository, or below the root without one, passes a link there; `typed` is absolute."""
    top = project.git.top if project.git else str(project.root)
    whole = os.path.abspath(typed)
    for above in reversed(Path(whole).parents):
        if os.path.realpath(above) == top:
            return os.path.realpath(typed) != os.path.join(top, os.path.relpath(whole, above))
    return False
