"""Checks of all images of a corpus, made once and in one place, so that at most one rule reports each image."""

from collections.abc import Iterator, Mapping
from posixpath import basename

import msgspec
from msgspec.structs import replace

from techstock.links.file_index import (
    CASE_DIFFERS,
    DELETED,
    IGNORED,
    MISSING,
    UNICODE_FORM_DIFFERS,
    FileIndex,
    get_file_index,
)
from techstock.links.github_urls import find_url_expiry
from techstock.links.image_file_checks import check_image_file, has_image_suffix
from techstock.links.image_references import SAVE_IN_REPOSITORY_HELP, ImageProblem, ImageReference
from techstock.links.resolver import OUTSIDE, UNKNOWN, Destination, locate_path, resolve_link
from techstock.links.suggestions import make_path_fix, suggest_path
from techstock.links.targets import DATA, LOCAL_MACHINE, NO_PATH, PATH, WEB, explain_local_path, parse_target
from techstock.model import Corpus, Fix, Problem, ProjectFiles, Span
from techstock.model.files import ABSENT, FOLDER, SUBMODULE, SYMLINK, TRACKED, UNTRACKED, ImageContent
from techstock.text.percent_encoding import percent_decode


def check_path_status(names: FileIndex, reference: ImageReference, there: Destination) -> ImageProblem | None:
    """Return the problem of an image whose path has this status; `None` for a file that readers have, too."""
    if there.status == TRACKED:
        return None
    if there.status == UNTRACKED:
        return _check_untracked(names, reference, there)
    if there.status in (CASE_DIFFERS, UNICODE_FORM_DIFFERS):
        return _make_spelling_problem(names, reference, there)
    if there.status == SYMLINK:
        return _make_symlink_problem(names, there)
    return _make_missing_problem(names, reference, there)


def _check_untracked(names: FileIndex, reference: ImageReference, there: Destination) -> ImageProblem | None:
    """Report an untracked image, if its note is tracked: a new note and its new images may be added together."""
    if names.names.get(names.get_note_path(reference.note)) != TRACKED:
        return None
    shown = names.display_path(there.path)
    what, cure = f"`{shown}` is not in git yet", "add it with `git add`"
    return ImageProblem("image-untracked", what, "readers do not have it", cure, data={"path": shown})


def _make_spelling_problem(names: FileIndex, reference: ImageReference, there: Destination) -> ImageProblem:
    like, actual = reference.target, names.display_path(there.path)
    fix = make_path_fix(names, reference.note, reference.image, like, there.path) if like.kind == PATH else None
    if there.status == UNICODE_FORM_DIFFERS:
        what = f"`{actual}` is written here in another Unicode form"
        cure = "both look alike, but only some systems take them for one name"
        return ImageProblem("image-unicode-form", what, "another form", cure, fix, {"path": actual})
    what = f"`{actual}` is written here in another case"
    cure = "where case counts, as on GitHub, the image is not shown"
    return ImageProblem("image-case", what, "another case", cure, fix, {"path": actual})


def _make_symlink_problem(names: FileIndex, there: Destination) -> ImageProblem:
    shown = names.display_path(there.path)
    if names.files.resolve_symlink(there.path) is None:
        what = f"`{shown}` is a symbolic link that leads out of the repository"
        return ImageProblem("image-outside", what, "outside", SAVE_IN_REPOSITORY_HELP, data={"path": shown})
    what = f"`{shown}` is a symbolic link, which GitHub does not follow"
    return ImageProblem("image-symlink", what, "a link", "name the file that it leads to", data={"path": shown})


def _make_missing_problem(names: FileIndex, reference: ImageReference, there: Destination) -> ImageProblem:
    shown = names.display_path(there.path)
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
    if there.status in words:
        rule, what, label, cure = words[there.status]
        return ImageProblem(rule, what, label, cure, data={"path": shown})
    near = suggest_path(names, reference.note, reference.target, there.path, has_image_suffix)
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
    names = get_file_index(corpus)
    verdicts: list[tuple[ImageReference, ImageProblem]] = []
    files: list[tuple[ImageReference, str]] = []
    used: set[str] = set()
    for note in corpus.notes:
        for image in note.images:
            reference = ImageReference(note, image, parse_target(image.target))
            judged = _check_target(names, reference, corpus.files is not None)
            used.add(judged.path)
            if judged.verdict:
                verdicts.append((reference, judged.verdict))
            elif judged.path:
                files.append((reference, judged.path))
    sound: list[ValidImage] = []
    if corpus.files:  # all files are looked into together
        contents = corpus.files.inspect_contents({path for _, path in files})
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


def _check_target(names: FileIndex, reference: ImageReference, known: bool) -> _TargetResult:
    """Check the target of an image; `known` tells whether the files beside the notes are."""
    kind, url = reference.target.kind, reference.image.target.strip()
    if reference.image.kind == "wiki":
        there = resolve_link(names, reference.note, reference.image) if known and has_image_suffix(url) else None
        return _check_embed(names, reference, there) if there else _TargetResult()
    if kind == DATA:
        return _TargetResult(path=url)
    if kind == LOCAL_MACHINE:
        cure = (
            "leave it out: every reader of the note has it"
            if "password" in reference.target.why
            else SAVE_IN_REPOSITORY_HELP
        )
        return _TargetResult(ImageProblem("image-path", reference.target.why, help=cure))
    if kind == NO_PATH:
        return _TargetResult(_check_empty_target(reference))
    there = resolve_link(names, reference.note, reference.image)
    if there.kind == WEB:
        return _TargetResult(_check_web_url(url))
    return _check_path(names, reference, there) if known and kind in (PATH, WEB) else _TargetResult()


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


def _check_embed(names: FileIndex, reference: ImageReference, there: Destination) -> _TargetResult:
    """Check an image that `![[…]]` of Obsidian names."""
    if there.status == UNKNOWN:
        return _TargetResult()
    if there.status == MISSING:
        what = f"no file of the vault has the name `{there.path}`"
        return _TargetResult(ImageProblem("image-missing", what, "not found", "add the file, or mend the name"))
    return _TargetResult(check_path_status(names, reference, there), there.path)


def _check_path(names: FileIndex, reference: ImageReference, there: Destination) -> _TargetResult:
    """Check an image that a path or a URL of this repository names."""
    like = reference.target
    if like.kind == PATH and there.status in (OUTSIDE, MISSING) and (odd := explain_local_path(like)):
        fix = _fix_backslashes(names, reference)
        return _TargetResult(ImageProblem("image-path", odd, help=SAVE_IN_REPOSITORY_HELP, fix=fix))
    if there.status == OUTSIDE:
        return _TargetResult(_make_outside_problem(names))
    if there.status in (TRACKED, UNTRACKED) and "%2f" in like.raw.lower():
        fix = make_path_fix(names, reference.note, reference.image, like, there.path)
        problem = ImageProblem("image-encoding", "`%2F` hides a `/` of this path", help="write `/`", fix=fix)
        return _TargetResult(problem, there.path)
    return _TargetResult(check_path_status(names, reference, there), there.path)


def _make_outside_problem(names: FileIndex) -> ImageProblem:
    where = "repository" if names.files.in_git else "project"
    return ImageProblem("image-outside", f"this path leads out of the {where}", "outside", SAVE_IN_REPOSITORY_HELP)


def _fix_backslashes(names: FileIndex, reference: ImageReference) -> Fix | None:
    """Return the fix that replaces backslashes with `/`, if the resulting path is a file."""
    target = replace(reference.target, path=reference.target.path.replace("\\", "/"))
    path = locate_path(reference.note, target, names.files)
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
