"""What is reported of each image: decided once for a corpus, in one place, so that one rule speaks about one image."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from techstock.model import Corpus, Fix, Image, Note, Place, Problem, Related
from techstock.model.files import ABSENT, FOLDER, LINK, SUBMODULE, TRACKED, UNTRACKED, Content
from techstock.references.hosted import expiring, in_repository
from techstock.references.lookup import CASE, FORM, GONE, IGNORED, Found, Lookup, lookup
from techstock.references.mending import folder_of, hint, respelled
from techstock.references.pictures import faulty, is_image
from techstock.references.targets import DATA, MACHINE, NOTHING, PATH, WEB, Target, personal, resolved, target
from techstock.references.vault import embedded

_INSIDE = "save the image in the repository and link to it by a relative path"
_LONGEST = 60  # characters of a target that are marked: a `data:` URI has no end


class Reference(NamedTuple):
    """An image in its note, and what its target means."""

    note: Note
    image: Image
    target: Target


class Verdict(msgspec.Struct, frozen=True):
    """What one rule says about one image."""

    rule: str
    message: str
    label: str = ""
    help: str = ""
    fix: Fix | None = None
    data: dict[str, str] = {}


class Sound(msgspec.Struct, frozen=True):
    """An image that can be shown: where it is mentioned, the path of its file as messages call it, what that holds."""

    place: Place
    shown: str
    content: Content


class Decision(msgspec.Struct, frozen=True):
    """Problems by rule, images that are sound, and the paths of all files that images name."""

    problems: Mapping[str, tuple[Problem, ...]]
    sound: tuple[Sound, ...]
    used: frozenset[str]


def decide(corpus: Corpus) -> Decision:
    """Worked out once for each corpus, whichever rules ask."""
    if "images" not in corpus.memo:
        corpus.memo["images"] = _decide(corpus)
    decision: Decision = corpus.memo["images"]
    return decision


def problems(corpus: Corpus, rule: str) -> tuple[Problem, ...]:
    """What was decided for one rule."""
    return decide(corpus).problems.get(rule, ())


def _decide(corpus: Corpus) -> Decision:
    names = lookup(corpus) if any(note.images for note in corpus.notes) else None
    found: dict[str, list[Problem]] = {}
    files: list[tuple[Reference, str]] = []
    used: set[str] = set()
    mended: set[Place] = set()  # a definition that many images share is mended once
    for note in corpus.notes:
        for image in note.images:
            reference = Reference(note, image, target(image.target))
            verdict, path = _judged(names, reference)
            used.add(path)
            if verdict:
                found.setdefault(verdict.rule, []).append(_problem(reference, verdict, mended))
            elif path:
                files.append((reference, path))
    sound = list(_shown(names, files, found, mended)) if names else []
    frozen = {rule: tuple(several) for rule, several in found.items()}
    return Decision(frozen, tuple(sound), frozenset(used - {""}))


def _shown(
    names: Lookup, files: list[tuple[Reference, str]], found: dict[str, list[Problem]], mended: set[Place]
) -> Iterator[Sound]:
    """The images whose files are sound; what is wrong with the others goes to `found`. All are looked at together."""
    contents = names.files.contents({path for _, path in files})
    for reference, path in files:
        shown = "" if path[:5].lower() == "data:" else names.shown(path)
        fault = faulty(contents[path], shown)
        if fault:
            data = {"path": shown} if shown else {}
            verdict = Verdict(fault.rule, fault.message, fault.label, fault.help, data=data)
            found.setdefault(verdict.rule, []).append(_problem(reference, verdict, mended))
        elif shown:
            yield Sound(_place(reference), shown, contents[path])


def _judged(names: Lookup | None, reference: Reference) -> tuple[Verdict | None, str]:
    """What is wrong with an image, and the path of its file, or its `data:` URI, if what that holds is to be seen."""
    kind, url = reference.target.kind, reference.image.target.strip()
    if reference.image.kind == "wiki":
        return _embedded(names, reference) if names and is_image(url) else (None, "")
    if kind == NOTHING:
        return (_nothing(reference), "")
    if kind == MACHINE:
        return Verdict("image-path", reference.target.why, help=_cure(reference.target)), ""
    if kind == DATA:
        return None, url
    if kind == WEB:
        inside = in_repository(url, names.files.home) if names else None
        return _at(names, reference, inside[0]) if names and inside else (_on_web(url), "")
    return _at(names, reference, None) if names and kind == PATH else (None, "")


def _cure(found: Target) -> str:
    return "leave it out: every reader of the note has it" if "password" in found.why else _INSIDE


def _nothing(reference: Reference) -> Verdict | None:
    """An image without a target, unless it says in other attributes what it shows."""
    note, image, _ = reference
    source = image.place.of(note.text).lower()
    if image.kind == "html" and any(name in source for name in ("srcset", "data-", ":src", "v-bind", "{")):
        return None
    if image.kind == "reference" and image.at.of(note.text).strip():
        return None  # a definition that the parser could not take apart
    what = "this `<img>` has no `src`" if image.kind == "html" else "this image has no target"
    return Verdict("image-empty", what, help="name the image file, or remove the image")


def _on_web(url: str) -> Verdict | None:
    dying = expiring(url)
    if dying:
        return Verdict("image-expiring", f"this URL {dying.why}", "will be dead", dying.help)
    if url[:5].lower() == "http:":
        return Verdict("image-insecure", "this image is fetched without encryption", help="write `https:`")
    return None


def _embedded(names: Lookup, reference: Reference) -> tuple[Verdict | None, str]:
    path = f"{folder_of(names, reference.note)}/{reference.note.path.rpartition('/')[2]}".lstrip("/")
    found = embedded(names, path, reference.image.target.strip())
    if found is None:
        return None, ""
    if found.kind == "missing":
        what = f"no file of the vault has the name `{found.path}`"
        return Verdict("image-missing", what, "not found", "add the file, or mend the name"), ""
    return _standing(names, reference, found)


def _at(names: Lookup, reference: Reference, path: str | None) -> tuple[Verdict | None, str]:
    """The verdict on a path: that of the target, or one that a URL of this repository means."""
    note, image, found = reference
    folder = names.files.site if found.rooted else folder_of(names, note)
    meant = resolved(found.path, folder) if path is None else resolved(path, "")
    if path is None and (meant is None or names.find(meant).kind == "missing"):
        odd = personal(found)
        if odd:
            return Verdict("image-path", odd, help=_INSIDE, fix=_slashes(names, reference)), ""
    if meant is None:
        where = "repository" if names.files.in_git else "project"
        return Verdict("image-outside", f"this path leads out of the {where}", "outside", _INSIDE), ""
    if path is None and "%2f" in found.raw.lower() and names.find(meant).kind in (TRACKED, UNTRACKED):
        fix = respelled(names, note, image, found, meant)
        return Verdict("image-encoding", "`%2F` hides a `/` of this path", help="write `/`", fix=fix), meant
    return _standing(names, reference, names.find(meant))


def _slashes(names: Lookup, reference: Reference) -> Fix | None:
    """The path with `/` for backslashes, if a file is there."""
    note, image, found = reference
    folder = names.files.site if found.rooted else folder_of(names, note)
    path = resolved(found.path.replace("\\", "/"), folder)
    if path is None or names.find(path).kind not in (TRACKED, UNTRACKED):
        return None
    return respelled(names, note, image, found, path)


def _standing(names: Lookup, reference: Reference, found: Found) -> tuple[Verdict | None, str]:
    """The verdict on what stands at a path, and the path if there is none."""
    shown = names.shown(found.path)
    data = {"path": shown}
    kind = found.kind
    if kind == TRACKED:
        return None, found.path
    if kind in (CASE, FORM):
        return _respelled(names, reference, found), found.path
    if kind == LINK:
        return _link(names, shown, found), ""
    if kind in (UNTRACKED, IGNORED):
        return _untracked(names, reference, found)
    if kind in (SUBMODULE, ABSENT):
        where = f"`{shown}` is a repository of its own" if kind == SUBMODULE else f"this checkout leaves out `{shown}`"
        return Verdict("image-unchecked", f"this image is not checked: {where}", "not checked", data=data), ""
    return _missing(names, reference, found, shown), ""


def _missing(names: Lookup, reference: Reference, found: Found, shown: str) -> Verdict:
    data = {"path": shown}
    if found.kind == GONE:
        what = f"`{shown}` is deleted, though git's index still holds it"
        return Verdict("image-missing", what, "gone", "restore the file, or remove the image", data=data)
    if found.kind == FOLDER:
        return Verdict("image-missing", f"`{shown}` is a folder", "no file", "name a file in it", data=data)
    near = hint(names, reference.note, reference.target, found.path, is_image)
    cure = near or "put the file there, or mend the path"
    return Verdict("image-missing", f"there is no `{shown}`", "not found", cure, data=data)


def _respelled(names: Lookup, reference: Reference, found: Found) -> Verdict:
    note, image, like = reference
    meant = names.shown(resolved(like.path, names.files.site if like.rooted else folder_of(names, note)) or "")
    actual = names.shown(found.path)
    fix = respelled(names, note, image, like, found.path) if like.kind == PATH else None
    data = {"path": actual}
    if found.kind == FORM:
        what = f"`{actual}` is written here in another Unicode form"
        cure = "both look alike, but only some systems take them for one name"
        return Verdict("image-unicode-form", what, "another form", cure, fix, data)
    what = f"`{actual}` is written here in another case"
    return Verdict(
        "image-case",
        what if like.kind != PATH else f"`{meant}` is spelled `{actual}`",
        "another case",
        "where case counts, as on GitHub, the image is not shown",
        fix,
        data,
    )


def _link(names: Lookup, shown: str, found: Found) -> Verdict:
    data = {"path": shown}
    if names.files.leads(found.path) is None:
        what = f"`{shown}` is a symbolic link that leads out of the repository"
        return Verdict("image-outside", what, "outside", _INSIDE, data=data)
    what = f"`{shown}` is a symbolic link, which GitHub does not follow"
    return Verdict("image-symlink", what, "a link", "name the file that it leads to", data=data)


def _untracked(names: Lookup, reference: Reference, found: Found) -> tuple[Verdict | None, str]:
    shown = names.shown(found.path)
    data = {"path": shown}
    if found.kind == IGNORED:
        what, cure = f"`{shown}` is ignored by git", "take it out of `.gitignore`, or add it with `git add --force`"
        return Verdict("image-untracked", what, "readers do not have it", cure, data=data), found.path
    if (
        names.files.names.get(
            f"{folder_of(names, reference.note)}/{reference.note.path.rpartition('/')[2]}".lstrip("/")
        )
        != TRACKED
    ):
        return None, found.path  # the note is as new, and both can go together
    what = f"`{shown}` is not in git yet"
    return Verdict("image-untracked", what, "readers do not have it", "add it with `git add`", data=data), found.path


def _place(reference: Reference) -> Place:
    """What is marked: the target, all of an image by reference or without one; never more than a line's worth."""
    note, image, _ = reference
    whole = image.kind == "reference" or image.at.start == image.at.end
    place = image.place if whole else image.at
    return note.at(
        Place(place.start, min(place.end, place.start + _LONGEST)) if image.target[:5].lower() == "data:" else place
    )


def _problem(reference: Reference, verdict: Verdict, mended: set[Place]) -> Problem:
    note, image, _ = reference
    related: tuple[Related, ...] = ()
    if image.kind == "reference":
        related = (Related(note.at(image.at), "its target"),)
    fix = verdict.fix
    if fix:
        place = fix.edits[0].place
        fix = None if place in mended else fix
        mended.add(place)
    return Problem(_place(reference), verdict.message, verdict.label, related, verdict.help, fix, dict(verdict.data))
