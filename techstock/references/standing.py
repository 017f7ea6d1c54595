"""Checks of an image's path by the status of that path."""

from techstock.model.files import ABSENT, FOLDER, SUBMODULE, SYMLINK, TRACKED, UNTRACKED
from techstock.references.lookup import CASE_DIFFERS, DELETED, IGNORED, UNICODE_FORM_DIFFERS, FileIndex, PathStatus
from techstock.references.mending import make_path_fix, suggest_path
from techstock.references.pictures import has_image_suffix
from techstock.references.reference import SAVE_IN_REPOSITORY_HELP, ImageProblem, ImageReference
from techstock.references.targets import PATH


def check_path_status(names: FileIndex, reference: ImageReference, found: PathStatus) -> ImageProblem | None:
    """Return the problem of an image whose path has this status; `None` for a file that readers have, too."""
    kind = found.kind
    if kind == TRACKED:
        return None
    if kind == UNTRACKED:
        return _check_untracked(names, reference, found)
    if kind in (CASE_DIFFERS, UNICODE_FORM_DIFFERS):
        return _make_spelling_problem(names, reference, found)
    if kind == SYMLINK:
        return _make_symlink_problem(names, found)
    return _make_missing_problem(names, reference, found)


def _check_untracked(names: FileIndex, reference: ImageReference, found: PathStatus) -> ImageProblem | None:
    """Report an untracked image, if its note is tracked: a new note and its new images may be added together."""
    if names.files.names.get(reference.get_note_path(names)) != TRACKED:
        return None
    shown = names.display_path(found.path)
    what, cure = f"`{shown}` is not in git yet", "add it with `git add`"
    return ImageProblem("image-untracked", what, "readers do not have it", cure, data={"path": shown})


def _make_spelling_problem(names: FileIndex, reference: ImageReference, found: PathStatus) -> ImageProblem:
    like, actual = reference.target, names.display_path(found.path)
    fix = make_path_fix(names, reference.note, reference.image, like, found.path) if like.kind == PATH else None
    if found.kind == UNICODE_FORM_DIFFERS:
        what = f"`{actual}` is written here in another Unicode form"
        cure = "both look alike, but only some systems take them for one name"
        return ImageProblem("image-unicode-form", what, "another form", cure, fix, {"path": actual})
    what = f"`{actual}` is written here in another case"
    cure = "where case counts, as on GitHub, the image is not shown"
    return ImageProblem("image-case", what, "another case", cure, fix, {"path": actual})


def _make_symlink_problem(names: FileIndex, found: PathStatus) -> ImageProblem:
    shown = names.display_path(found.path)
    if names.files.resolve_symlink(found.path) is None:
        what = f"`{shown}` is a symbolic link that leads out of the repository"
        return ImageProblem("image-outside", what, "outside", SAVE_IN_REPOSITORY_HELP, data={"path": shown})
    what = f"`{shown}` is a symbolic link, which GitHub does not follow"
    return ImageProblem("image-symlink", what, "a link", "name the file that it leads to", data={"path": shown})


def _make_missing_problem(names: FileIndex, reference: ImageReference, found: PathStatus) -> ImageProblem:
    shown = names.display_path(found.path)
    words = {
        IGNORED: (
            "image-untracked",
            f"`{shown}` is ignored by git",
            "readers do not have it",
            "take it out of `.gitignore`, or add it with `git add --force`",
        ),
        SUBMODULE: ("image-unchecked", f"`{shown}`, a repository of its own, is not looked into", "not checked", ""),
        ABSENT: ("image-unchecked", f"`{shown}` is left out of this sparse checkout", "not checked", ""),
        DELETED: (
            "image-missing",
            f"`{shown}` is deleted, though git's index still holds it",
            "gone",
            "restore the file, or remove the image",
        ),
        FOLDER: ("image-missing", f"`{shown}` is a folder", "no file", "name a file in it"),
    }
    if found.kind in words:
        rule, what, label, cure = words[found.kind]
        return ImageProblem(rule, what, label, cure, data={"path": shown})
    near = suggest_path(names, reference.note, reference.target, found.path, has_image_suffix)
    cure = near or "put the file there, or mend the path"
    return ImageProblem("image-missing", f"there is no `{shown}`", "not found", cure, data={"path": shown})
