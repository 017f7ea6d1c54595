"""Suggestions for a wrong target: the most similar path that exists, and the edit that writes it."""

from collections.abc import Callable
from posixpath import basename, commonprefix, dirname

from techstock.links.file_index import FileIndex, get_folder, join_path
from techstock.links.targets import Target, format_target
from techstock.model import Edit, Fix, Image, Link, Note

_MIN_SIMILARITY = 0.75  # of difflib's ratio, 0 to 1
_MAX_NAMES = 1000  # names of one folder that are compared
_GUESSES = 200  # paths for which that is done in one run


def suggest_path(lookup: FileIndex, note: Note, like: Target, path: str, fits: Callable[[str], bool]) -> str:
    """Return `did you mean …?` for a path that does not exist; empty where none is similar.

    `fits` tells whether a path may be suggested.
    """
    near = _find_nearest_path(lookup, path, fits)
    folder = get_folder(lookup.get_note_path(note))
    return f"did you mean `{format_target(near, folder, like, lookup.files.site)}`?" if near else ""


def _find_nearest_path(lookup: FileIndex, path: str, fits: Callable[[str], bool]) -> str:
    """Return a file of the same name elsewhere, else one of the same folder with a similar name; empty if none."""
    same = [name for name in lookup.find_by_name(basename(path)) if fits(name)]
    if same:
        return min(same, key=lambda name: (-_count_common_folders(name, path), len(name), name))
    folder = dirname(path)
    if path not in lookup.guessed and len(lookup.guessed) >= _GUESSES:
        return ""
    lookup.guessed.add(path)
    beside = [name for name in lookup.by_folder.get(folder, ())[:_MAX_NAMES] if fits(name)]
    from difflib import get_close_matches  # late: only for what is wrong

    like = get_close_matches(basename(path), beside, n=1, cutoff=_MIN_SIMILARITY)
    return join_path(folder, like[0]) if like else ""


def _count_common_folders(one: str, other: str) -> int:
    """Return the number of folders that two paths have in common, from the top."""
    return len(commonprefix([one.split("/")[:-1], other.split("/")[:-1]]))


def make_path_fix(lookup: FileIndex, note: Note, item: Image | Link, like: Target, path: str) -> Fix | None:
    """Return the fix that makes the target lead to `path`; `None` where the note spells the target differently."""
    if item.at.extract_from(note.text) != like.raw + like.tail:
        return None
    new = format_target(path, get_folder(lookup.get_note_path(note)), like, lookup.files.site) + like.tail
    return Fix(f"write `{new}`", (Edit(note.add_path_to(item.at), new),))
