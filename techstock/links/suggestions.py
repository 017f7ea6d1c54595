"""Suggestions for wrong targets: the most similar path that exists, the edit that writes it, causes that many share."""

from collections.abc import Callable
from itertools import takewhile
from posixpath import basename, commonprefix, dirname

import msgspec

from techstock.links.file_index import FileIndex, get_folder, join_path
from techstock.links.targets import PATH, Target, format_target
from techstock.model import Edit, Fix, Image, Link, Note, SharedCause
from techstock.model.files import MISSING

_MIN_SIMILARITY = 0.75  # of difflib's ratio, 0 to 1
_MAX_NAMES = 1000  # names of one folder that are compared
_UPS = frozenset(("", ".", ".."))
_GUESSES = 200  # paths for which that is done in one run
_NOTHING_THERE = "{count} paths of {noun}s begin with `{prefix}`, and nothing is there"
_OUTSIDE = "{count} paths of {noun}s begin with `{prefix}`, which leads out of the repository"
_OTHER_PREFIX = "{count} paths of {noun}s begin with `{prefix}`, and the files are at `{near}`"
_ROOT_HELP = (
    "set `{noun}-root` to the folder that `/` stands for, correct the paths, or list `{glob}` in `{noun}-exclude`"
)
_PREFIX_HELP = "correct the beginning of these paths, or list `{glob}` in `{noun}-exclude`"
_OUTSIDE_HELP = "put the files into the repository, or list `{glob}` in `{noun}-exclude`"


class Suggestion(msgspec.Struct, frozen=True):
    """A help for a target that leads nowhere, which may be empty, and the causes that many targets may share."""

    help: str = ""
    causes: tuple[SharedCause, ...] = ()


def suggest_path(
    lookup: FileIndex, note: Note, item: Image | Link, like: Target, path: str, fits: Callable[[str], bool]
) -> Suggestion:
    """Return `did you mean …?` for a path that does not exist, if another is similar, and the causes.

    `like` is the target of `item`; `fits` tells whether a path may be suggested.
    """
    found = _find_nearest_path(lookup, path, fits)
    near = _format_path(lookup, note, item, like, found) if found else ""
    causes = (_find_other_prefix(item, like, near), _find_missing_prefix(lookup, item, like, path))
    return Suggestion(f"did you mean `{near}`?" if near else "", tuple(filter(None, causes)))


def _format_path(lookup: FileIndex, note: Note, item: Image | Link, like: Target, path: str) -> str:
    site = lookup.files.site if isinstance(item, Image) else lookup.files.link_site
    return format_target(path, get_folder(lookup.get_note_path(note)), like, site)


def _find_nearest_path(lookup: FileIndex, path: str, fits: Callable[[str], bool]) -> str:
    """Return a file of the same name elsewhere, else one of the same folder with a similar name; empty if none."""
    same = [name for name in lookup.find_by_name(basename(path)) if fits(name)]
    if same:
        return min(same, key=lambda name: (*_compare_folders(name, path), len(name), name))
    if path not in lookup.guessed and len(lookup.guessed) >= _GUESSES:
        return ""
    lookup.guessed.add(path)
    key = f"{fits.__name__} {path}"  # others may be suggested for an image
    if key not in lookup.nearest:
        lookup.nearest[key] = _find_similar_name(lookup, path, fits)
    return lookup.nearest[key]


def _find_similar_name(lookup: FileIndex, path: str, fits: Callable[[str], bool]) -> str:
    folder = dirname(path)
    beside = [name for name in lookup.by_folder.get(folder, ())[:_MAX_NAMES] if fits(name)]
    from difflib import get_close_matches  # late: only for what is wrong

    like = get_close_matches(basename(path), beside, n=1, cutoff=_MIN_SIMILARITY)
    return join_path(folder, like[0]) if like else ""


def _compare_folders(one: str, other: str) -> tuple[int, int]:
    """Return how many folders two paths have in common, both negative: the last ones, above the file; the first ones.

    Where a path has a wrong beginning, its end is right.
    """
    folders, others = one.split("/")[:-1], other.split("/")[:-1]
    return -len(commonprefix([folders[::-1], others[::-1]])), -len(commonprefix([folders, others]))


def make_path_fix(lookup: FileIndex, note: Note, item: Image | Link, like: Target, path: str) -> Fix | None:
    """Return the fix that makes the target lead to `path`; `None` where the note spells the target differently."""
    if item.at.extract_from(note.text) != like.raw + like.tail:
        return None
    new = _format_path(lookup, note, item, like, path) + like.tail
    return Fix(f"write `{new}`", (Edit(note.add_path_to(item.at), new),))


def find_outside_cause(item: Image | Link, like: Target) -> tuple[SharedCause, ...]:
    """Return what a target that leads out of the repository may share with others: the folder that it begins with."""
    ups = _count_ups(like)
    prefix = "/".join([*like.raw.split("/")[: ups + 1], ""])
    if like.kind != PATH or ups + 1 >= len(like.path.split("/")):
        return ()
    return (_make_cause(item, prefix, prefix, _OUTSIDE, _OUTSIDE_HELP),)


def _find_other_prefix(item: Image | Link, like: Target, near: str) -> SharedCause | None:
    """Return the prefix of a target in place of which `near`, the target of a file of the same name, has another."""
    if like.kind != PATH or not near:
        return None
    ends = zip(reversed(like.raw.split("/")), reversed(near.split("/")), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1] not in _UPS, ends))
    prefix, other = ("/".join([*target.split("/")[:-same], ""]) if same else "" for target in (like.raw, near))
    if prefix in ("", "/") or other in ("", "/"):  # nothing, or the root, is no prefix to correct
        return None
    return _make_cause(item, f"{prefix} {other}", prefix, _OTHER_PREFIX.replace("{near}", other), f"write `{other}`")


def _find_missing_prefix(lookup: FileIndex, item: Image | Link, like: Target, path: str) -> SharedCause | None:
    """Return the beginning of a target that leads nowhere: its `/`, or the path of the folder that is missing."""
    folder = _find_missing_folder(lookup, path)
    if like.kind != PATH:
        return None
    if like.rooted and "/" not in folder and (folder or "/" not in path):
        return _make_cause(item, "/", f"{like.raw.rpartition('/')[0]}/", _NOTHING_THERE, _ROOT_HELP)
    ups = _count_ups(like)
    named = like.path.split("/")[ups:]
    last = len(named) - (path.count("/") - folder.count("/"))  # behind the folder
    if not folder or last <= 0 or not _UPS.isdisjoint(named[:last]):
        return None
    prefix = "/".join([*like.raw.split("/")[: last - len(named)], ""])
    return _make_cause(item, "/".join([*named[:last], ""]), prefix, _NOTHING_THERE, _PREFIX_HELP)


def _count_ups(like: Target) -> int:
    """Return the number of steps such as `..` at the beginning of a path."""
    return sum(1 for _ in takewhile(lambda step: step in _UPS, like.path.split("/")))


def _make_cause(item: Image | Link, key: str, prefix: str, message: str, help_: str) -> SharedCause:
    noun = "image" if isinstance(item, Image) else "link"
    return SharedCause(key, prefix, message.replace("{noun}", noun), help_.replace("{noun}", noun))


def _find_missing_folder(lookup: FileIndex, path: str) -> str:
    """Return the outermost folder of a path that is missing; empty where only the file is."""
    found = ""
    while (path := dirname(path)) and lookup.find_path(path).kind == MISSING:
        found = path
    return found
