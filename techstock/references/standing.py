"""Checks of an image's path by the status of that path."""

from techstock.model.files import ABSENT, FOLDER, LINK, SUBMODULE, TRACKED, UNTRACKED
from techstock.references.lookup import CASE, FORM, GONE, IGNORED, Found, Lookup
from techstock.references.mending import hint, respelled
from techstock.references.pictures import is_image
from techstock.references.reference import INSIDE, Reference, Verdict
from techstock.references.targets import PATH


def standing(names: Lookup, reference: Reference, found: Found) -> Verdict | None:
    """Return the problem of an image whose path has this status; `None` for a file that readers have, too."""
    kind = found.kind
    if kind == TRACKED:
        return None
    if kind == UNTRACKED:
        return _untracked(names, reference, found)
    if kind in (CASE, FORM):
        return _respelled(names, reference, found)
    if kind == LINK:
        return _link(names, found)
    return _absent(names, reference, found)


def _untracked(names: Lookup, reference: Reference, found: Found) -> Verdict | None:
    """Report an untracked image, if its note is tracked: a new note and its new images may be added together."""
    if names.files.names.get(reference.home(names)) != TRACKED:
        return None
    shown = names.shown(found.path)
    what, cure = f"`{shown}` is not in git yet", "add it with `git add`"
    return Verdict("image-untracked", what, "readers do not have it", cure, data={"path": shown})


def _respelled(names: Lookup, reference: Reference, found: Found) -> Verdict:
    like, actual = reference.target, names.shown(found.path)
    fix = respelled(names, reference.note, reference.image, like, found.path) if like.kind == PATH else None
    if found.kind == FORM:
        what = f"`{actual}` is written here in another Unicode form"
        cure = "both look alike, but only some systems take them for one name"
        return Verdict("image-unicode-form", what, "another form", cure, fix, {"path": actual})
    what = f"`{actual}` is written here in another case"
    cure = "where case counts, as on GitHub, the image is not shown"
    return Verdict("image-case", what, "another case", cure, fix, {"path": actual})


def _link(names: Lookup, found: Found) -> Verdict:
    shown = names.shown(found.path)
    if names.files.leads(found.path) is None:
        what = f"`{shown}` is a symbolic link that leads out of the repository"
        return Verdict("image-outside", what, "outside", INSIDE, data={"path": shown})
    what = f"`{shown}` is a symbolic link, which GitHub does not follow"
    return Verdict("image-symlink", what, "a link", "name the file that it leads to", data={"path": shown})


def _absent(names: Lookup, reference: Reference, found: Found) -> Verdict:
    shown = names.shown(found.path)
    words = {
        IGNORED: (
            "image-untracked",
            f"`{shown}` is ignored by git",
            "readers do not have it",
            "take it out of `.gitignore`, or add it with `git add --force`",
        ),
        SUBMODULE: ("image-unchecked", f"`{shown}`, a repository of its own, is not looked into", "not checked", ""),
        ABSENT: ("image-unchecked", f"`{shown}` is left out of this sparse checkout", "not checked", ""),
        GONE: (
            "image-missing",
            f"`{shown}` is deleted, though git's index still holds it",
            "gone",
            "restore the file, or remove the image",
        ),
        FOLDER: ("image-missing", f"`{shown}` is a folder", "no file", "name a file in it"),
    }
    if found.kind in words:
        rule, what, label, cure = words[found.kind]
        return Verdict(rule, what, label, cure, data={"path": shown})
    near = hint(names, reference.note, reference.target, found.path, is_image)
    cure = near or "put the file there, or mend the path"
    return Verdict("image-missing", f"there is no `{shown}`", "not found", cure, data={"path": shown})
