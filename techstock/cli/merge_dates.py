"""The dates at which copies were written, from git."""

from collections.abc import Sequence

from techstock.merge.copies import CopySummary
from techstock.project import Project
from techstock.project.blame import LineDates, NoteBlame, is_shallow_clone
from techstock.project.errors import GitError


def find_copy_dates(project: Project, copies: Sequence[CopySummary]) -> tuple[tuple[LineDates, ...], str]:
    """Return when each copy was written, or no dates and the reason why they are not known."""
    git = project.git
    if git is None:
        return (), "when these were written is not known: the notes are in no git repository"
    try:
        shallow = is_shallow_clone(git)
        blames = {path: NoteBlame(git, path, shallow=shallow) for path in sorted({copy.path for copy in copies})}
    except GitError as error:
        return (), f"when these were written is not known: {error}"
    return tuple(blames[copy.path].find_line_dates(copy.lines) for copy in copies), ""
