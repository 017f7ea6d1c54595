"""The dates at which copies were written, from git."""

from collections.abc import Sequence

from techstock.merge.copies import Shown
from techstock.project import Project
from techstock.project.blame import Blame, Written, is_shallow
from techstock.project.errors import GitError


def dates_of(project: Project, copies: Sequence[Shown]) -> tuple[tuple[Written, ...], str]:
    """Return when each copy was written, or no dates and the reason why they are not known."""
    git = project.git
    if git is None:
        return (), "when these were written is not known: the notes are in no git repository"
    try:
        shallow = is_shallow(git)
        blames = {path: Blame(git, path, shallow=shallow) for path in sorted({copy.path for copy in copies})}
    except GitError as error:
        return (), f"when these were written is not known: {error}"
    return tuple(blames[copy.path].written(copy.lines) for copy in copies), ""
