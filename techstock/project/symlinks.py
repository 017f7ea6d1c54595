"""Check of typed paths for symbolic links, which a repository that somebody else wrote may contain."""

import os
from pathlib import Path

from techstock.project.discovery import Project


def passes_symlink(typed: Path, project: Project) -> bool:
    """Return whether the absolute path `typed` passes a link below the repository, or below the root without one."""
    top = project.git.top if project.git else str(project.root)
    whole = os.path.abspath(typed)
    for above in reversed(Path(whole).parents):
        if os.path.realpath(above) == top:
            return os.path.realpath(typed) != os.path.join(top, os.path.relpath(whole, above))
    return False
