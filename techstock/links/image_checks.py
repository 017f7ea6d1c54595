"""Checks of all images of a corpus, made once and in one place, so that at most one rule reports each image."""

from collections.abc import Iterator, Mapping
from posixpath import basename

import msgspec

from techstock.links.file_index import (
    CASE_DIFFERS,
    DELETED,
    IGNORED,
    MISSING,
    UNICODE_FORM_DIFFERS,
    FileIndex,
    PathStatus,
    get_file_index,
)
from techstock.links.github_urls import find_url_expiry, parse_repository_url
from techstock.links.image_file_checks import check_image_file, has_image_suffix
from techstock.links.image_references import SAVE_IN_REPOSITORY_HELP, ImageProblem, ImageReference
from techstock.links.obsidian import resolve_embed
from techstock.links.suggestions import make_path_fix, suggest_path
from techstock.links.targets import (
    DATA,
    LOCAL_MACHINE,
    NO_PATH,
    PATH,
    WEB,
    explain_local_path,
    parse_target,
    resolve_path,
)
from techstock.model import Corpus, Fix, Problem, ProjectFiles, Span
from techstock.model.files import ABSENT, FOLDER, SUBMODULE, SYMLINK, TRACKED, UNTRACKED, ImageContent
from techstock.text.percent_encoding import percent_decode


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


class ValidImage(msgspec.Struct, frozen=True):
    """An image that can be shown: its span, the path of its file as messages display it, and the file's content."""

    place: Span
    shown: str
    content: ImageContent


class ImageResults(msgspec.Struct, frozen=True):
    """The problems by rule, the valid images, and the paths of all files that images name."""

    problems: Mapping[str, tuple[Problem, ...]]
    sound: tuple[ValidImage, ...]
    used: frozenset[str]


class _TargetResult(msgspec.Struct, frozen=True):
    """The problem of a target, if there is one, and the path of its file, or its `data:` URI."""

    verdict: ImageProblem | None = None
    path: str = ""


def check_images(corpus: Corpus) -> ImageResults:
    """Return the results for all images; computed once for each corpus, whichever rules ask."""
    if "images" not in corpus.memo:
        corpus.memo["images"] = _check_all_images(corpus)
    decision: ImageResults = corpus.memo["images"]
    return decision


def get_rule_problems(corpus: Corpus, rule: str) -> tuple[Problem, ...]:
    """Return the problems of images that one rule reports."""
    return check_images(corpus).problems.get(rule, ())


def _check_all_images(corpus: Corpus) -> ImageResults:
    names = get_file_index(corpus) if any(note.images for note in corpus.notes) else None
    verdicts: list[tuple[ImageReference, ImageProblem]] = []
    files: list[tuple[ImageReference, str]] = []
    used: set[str] = set()
    for note in corpus.notes:
        for image in note.images:
            reference = ImageReference(note, image, parse_target(image.target))
            judged = _check_target(names, reference)
            used.add(judged.path)
            if judged.verdict:
                verdicts.append((reference, judged.verdict))
            elif judged.path:
                files.append((reference, judged.path))
    sound: list[ValidImage] = []
    if names:  # all files are looked into together
        contents = names.files.inspect_contents({path for _, path in files})
        for reference, path in files:
            shown, content = "" if _is_data_uri(path) else names.display_path(path), contents[path]
            if fault := check_image_file(content, shown):
                data = {"path": shown} if shown else {}
                verdicts.append(
                    (reference, ImageProblem(fault.rule, fault.message, fault.label, fault.help, data=data))
                )
            elif shown:
                sound.append(ValidImage(reference.place, shown, content))
    return ImageResults(_group_by_rule(verdicts), tuple(sound), frozenset(used - {""}))


def _group_by_rule(verdicts: list[tuple[ImageReference, ImageProblem]]) -> dict[str, tuple[Problem, ...]]:
    found: dict[str, list[Problem]] = {}
    mended: set[Span] = set()  # a definition that many images share is mended once
    for reference, verdict in verdicts:
        edited = {edit.place for edit in verdict.fix.edits} if verdict.fix else set[Span]()
        problem = reference.to_problem(verdict, mend=not edited & mended)
        mended |= edited
        found.setdefault(verdict.rule, []).append(problem)
    return {rule: tuple(several) for rule, several in found.items()}


def _is_data_uri(path: str) -> bool:
    return path[:5].lower() == "data:"


def _check_target(names: FileIndex | None, reference: ImageReference) -> _TargetResult:
    kind, url = reference.target.kind, reference.image.target.strip()
    if reference.image.kind == "wiki":
        return _check_embed(names, reference) if names and has_image_suffix(url) else _TargetResult()
    if kind == PATH and names:
        return _check_path(names, reference)
    if kind == DATA:
        return _TargetResult(path=url)
    if kind == WEB:
        inside = parse_repository_url(url, names.files.home) if names else None
        return (
            _check_repository_path(names, reference, inside[0])
            if names and inside
            else _TargetResult(_check_web_url(url))
        )
    if kind == LOCAL_MACHINE:
        cure = (
            "leave it out: every reader of the note has it"
            if "password" in reference.target.why
            else SAVE_IN_REPOSITORY_HELP
        )
        return _TargetResult(ImageProblem("image-path", reference.target.why, help=cure))
    return _TargetResult(_check_empty_target(reference) if kind == NO_PATH else None)


def _check_empty_target(reference: ImageReference) -> ImageProblem | None:
    """Return the problem of an image without a target, unless other attributes may provide its source."""
    note, image, _ = reference
    source = image.place.extract_from(note.text).lower()
    if image.kind == "html" and any(name in source for name in ("srcset", "data-", ":src", "v-bind", "{")):
        return None
    if image.kind == "reference" and image.at.extract_from(note.text).strip():
        return None  # a definition that the parser could not take apart
    what = "this `<img>` has no `src`" if image.kind == "html" else "this image has no target"
    return ImageProblem("image-empty", what, help="name the image file, or remove the image")


def _check_web_url(url: str) -> ImageProblem | None:
    dying = find_url_expiry(url)
    if dying:
        return ImageProblem("image-expiring", f"this URL {dying.why}", "will be dead", dying.help)
    if url[:5].lower() == "http:":
        return ImageProblem("image-insecure", "this image is fetched without encryption", help="write `https:`")
    return None


def _check_embed(names: FileIndex, reference: ImageReference) -> _TargetResult:
    """Check an image that `![[…]]` of Obsidian names."""
    found = resolve_embed(names, reference.get_note_path(names), reference.image.target.strip())
    if found is None:
        return _TargetResult()
    if found.kind == MISSING:
        what = f"no file of the vault has the name `{found.path}`"
        return _TargetResult(ImageProblem("image-missing", what, "not found", "add the file, or mend the name"))
    return _TargetResult(check_path_status(names, reference, found), found.path)


def _check_repository_path(names: FileIndex, reference: ImageReference, path: str) -> _TargetResult:
    """Check an image that a URL of this repository names; `path` is the path in it."""
    meant = resolve_path(path, "")
    if meant is None:
        return _TargetResult(_make_outside_problem(names))
    found = names.find_path(meant)
    return _TargetResult(check_path_status(names, reference, found), found.path)


def _check_path(names: FileIndex, reference: ImageReference) -> _TargetResult:
    """Check an image that a path names."""
    meant = reference.resolve_target(names)
    if meant is None or names.find_path(meant).kind == MISSING:
        odd = explain_local_path(reference.target)
        if odd:
            return _TargetResult(
                ImageProblem("image-path", odd, help=SAVE_IN_REPOSITORY_HELP, fix=_fix_backslashes(names, reference))
            )
    if meant is None:
        return _TargetResult(_make_outside_problem(names))
    found = names.find_path(meant)
    if found.kind in (TRACKED, UNTRACKED) and "%2f" in reference.target.raw.lower():
        fix = make_path_fix(names, reference.note, reference.image, reference.target, meant)
        return _TargetResult(
            ImageProblem("image-encoding", "`%2F` hides a `/` of this path", help="write `/`", fix=fix), meant
        )
    return _TargetResult(check_path_status(names, reference, found), found.path)


def _make_outside_problem(names: FileIndex) -> ImageProblem:
    where = "repository" if names.files.in_git else "project"
    return ImageProblem("image-outside", f"this path leads out of the {where}", "outside", SAVE_IN_REPOSITORY_HELP)


def _fix_backslashes(names: FileIndex, reference: ImageReference) -> Fix | None:
    """Return the fix that replaces backslashes with `/`, if the resulting path is a file."""
    path = resolve_path(reference.target.path.replace("\\", "/"), reference.get_target_folder(names))
    if path is None or names.find_path(path).kind not in (TRACKED, UNTRACKED):
        return None
    return make_path_fix(names, reference.note, reference.image, reference.target, path)


def iter_unused_images(corpus: Corpus, files: ProjectFiles) -> Iterator[str]:
    """Yield paths below the root, in order. A file whose name occurs in the text of any note counts as used."""
    used = check_images(corpus).used
    below = f"{files.base}/" if files.base else ""
    likely = sorted(
        name
        for name, kind in files.names.items()
        if kind == TRACKED and name not in used and name.startswith(below) and has_image_suffix(name)
    )
    if not likely:
        return
    texts = "\n".join(text for note in corpus.notes for text in {note.text, percent_decode(note.text)})
    yield from (name.removeprefix(below) for name in likely if basename(name) not in texts)
