"""Checks of all images of a corpus, made once and in one place, so that at most one rule reports each image."""

import re
from posixpath import splitext

from msgspec.structs import replace

from techstock.links.file_index import FileIndex, PathStatus, get_file_index, join_path
from techstock.links.github_urls import parse_repository_url
from techstock.links.image_states import (
    ENCODED_SLASH,
    FORMATS,
    NO_TARGET,
    ON_WEB,
    ONE_COMPUTER,
    OTHER_FORMAT,
    OUTSIDE,
    UNKNOWN_FORMAT,
    VALID,
    CheckedImage,
    has_image_suffix,
)
from techstock.links.obsidian import resolve_embed
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
from techstock.model import Corpus, ImageContent, Span
from techstock.model.files import MISSING, NOT_AN_IMAGE, SYMLINK, TRACKED, UNTRACKED

_STATES = {NO_PATH: NO_TARGET, LOCAL_MACHINE: ONE_COMPUTER, WEB: ON_WEB}  # of targets that are no paths
_SAME_CONTAINER = {"heic": "avif"}  # one container: its first brand does not tell them apart
# What some editors show through the syntax of images; that it is no image is no mistake there.
_EMBEDDABLE_SUFFIX = (
    r"\.(?:md|markdown|canvas|excalidraw|pdf|html|drawio|mp4|m4v|mov|webm|ogv|mkv|3gp|mp3|m4a|wav|ogg|flac)"
)


def check_images(corpus: Corpus) -> list[CheckedImage]:
    """Return all images whose state is known, in order; computed once for each corpus."""
    if "images" not in corpus.memo:
        corpus.memo["images"] = _check_all_images(corpus)
    images: list[CheckedImage] = corpus.memo["images"]
    return images


def _check_all_images(corpus: Corpus) -> list[CheckedImage]:
    names = get_file_index(corpus)
    targets: set[Span] = set()
    images: list[CheckedImage] = []
    for note in corpus.notes:
        for image in note.images:
            target = parse_target(image.target)
            place = note.add_path_to(image.at)
            state = _STATES.get(target.kind, "") if image.kind != "wiki" else ""
            found = CheckedImage(names, note, image, target, state, why=target.why, first=place not in targets)
            targets.add(place)
            images.append(_check_target(names, found) if names else found)
    if names:  # all files are looked into together
        contents = names.files.inspect_contents({image.path for image in images if image.state == VALID})
        images = [_check_content(image, contents[image.path]) if image.state == VALID else image for image in images]
    return [image for image in images if image.state]


def _check_target(names: FileIndex, found: CheckedImage) -> CheckedImage:
    """Return an image with what is known without a look at its bytes."""
    target, url = found.target, found.image.target.strip()
    if found.image.kind == "wiki":
        status = resolve_embed(names, _get_note_path(names, found), url) if has_image_suffix(url) else None
        return _set_status(names, found, status) if status else found
    if target.kind == PATH:
        return _check_path(names, found)
    if target.kind == WEB and (inside := parse_repository_url(url, names.files.home)):
        path = resolve_path(inside[0], "")
        return replace(found, state=OUTSIDE) if path is None else _set_status(names, found, names.find_path(path))
    return replace(found, state=VALID, path=url) if target.kind == DATA else found


def _check_path(names: FileIndex, found: CheckedImage) -> CheckedImage:
    """Return an image that a path names with what is at the path."""
    target = found.target
    folder = names.files.site if target.rooted else names.get_note_folder(found.note)
    path = resolve_path(target.path, folder)
    status = None if path is None else names.find_path(path)
    if (status is None or status.kind == MISSING) and (why := explain_local_path(target)):
        slashed = resolve_path(target.path.replace("\\", "/"), folder)
        is_file = slashed is not None and names.find_path(slashed).kind in (TRACKED, UNTRACKED)
        return replace(found, state=ONE_COMPUTER, why=why, path=slashed if is_file else "")
    if status is None:
        return replace(found, state=OUTSIDE)
    if status.kind in (TRACKED, UNTRACKED) and "%2f" in target.raw.lower():
        return replace(found, state=ENCODED_SLASH, path=status.path)
    return _set_status(names, found, status)


def _get_note_path(names: FileIndex, found: CheckedImage) -> str:
    """Return the path of an image's note, below the repository."""
    return join_path(names.files.base, found.note.path)


def _set_status(names: FileIndex, found: CheckedImage, status: PathStatus) -> CheckedImage:
    """Return an image with what is at its path."""
    state = status.kind
    if state == SYMLINK and names.files.resolve_symlink(status.path) is None:
        state = OUTSIDE
    if state == TRACKED or (state == UNTRACKED and names.files.names.get(_get_note_path(names, found)) != TRACKED):
        state = VALID
    return replace(found, state=state, path=status.path, shown=names.display_path(status.path))


def _check_content(found: CheckedImage, content: ImageContent) -> CheckedImage:
    """Return an image that readers have with what its bytes are."""
    suffix = splitext(found.shown)[1].lower()
    promised, state = FORMATS.get(suffix, ""), content.fault
    if re.fullmatch(_EMBEDDABLE_SUFFIX, suffix):
        state = VALID
    elif state == NOT_AN_IMAGE and suffix and not promised and not content.detail:
        state = UNKNOWN_FORMAT
    elif not state:
        kinds = {_SAME_CONTAINER.get(kind, kind) for kind in (promised, content.format)}
        state = OTHER_FORMAT if len(kinds) > 1 and "" not in kinds else VALID
    return replace(found, state=state, content=content)
