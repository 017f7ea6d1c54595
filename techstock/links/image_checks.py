"""Checks of all images of a corpus, made once and in one place, so that at most one rule reports each image."""

import re
from collections.abc import Iterable
from posixpath import splitext

from msgspec.structs import replace

from techstock.links.file_index import get_file_index
from techstock.links.image_states import (
    ENCODED_SLASH,
    FORMATS,
    NO_TARGET,
    ON_WEB,
    ONE_COMPUTER,
    OTHER_FORMAT,
    UNKNOWN_FORMAT,
    VALID,
    CheckedImage,
    has_image_suffix,
)
from techstock.links.resolver import UNKNOWN, Destination, locate_path, resolve_link
from techstock.links.targets import (
    DATA,
    LOCAL_MACHINE,
    NO_PATH,
    PATH,
    TEMPLATE,
    WEB,
    explain_local_path,
    parse_target,
)
from techstock.model import Corpus, ImageContent, Note, Span, compute_once
from techstock.model.files import MISSING, NOT_AN_IMAGE, OUTSIDE, SYMLINK, TRACKED, UNTRACKED

_SAME_CONTAINER = {"heic": "avif"}  # one container: its first brand does not tell them apart
# What some editors show through the syntax of images; that it is no image is no mistake there.
_EMBEDDABLE_SUFFIX = (
    r"\.(?:md|markdown|canvas|excalidraw|pdf|html|drawio|mp4|m4v|mov|webm|ogv|mkv|3gp|mp3|m4a|wav|ogg|flac)"
)


def check_images(corpus: Corpus) -> list[CheckedImage]:
    """Return all images whose state is known, in order; computed once for each corpus."""
    return compute_once(corpus, _check_all_images)


def check_unsettled_images(corpus: Corpus) -> list[CheckedImage]:
    """Return the same images without those of some notes in which every image is valid."""
    return compute_once(corpus, _check_unsettled_images)


def _check_all_images(corpus: Corpus) -> list[CheckedImage]:
    return _check_images_of(corpus, corpus.notes)


def _check_unsettled_images(corpus: Corpus) -> list[CheckedImage]:
    if corpus.files is None:
        return check_images(corpus)
    settled = corpus.files.get_settled(corpus.paths).images
    left = [note for note in corpus.notes if settled.get(note.path) != note.digest and note.images]
    found = _check_images_of(corpus, left)
    unsettled = {image.note.path for image in found if image.state != VALID}
    settled.update({note.path: note.digest for note in left if note.path not in unsettled})
    return found


def _check_images_of(corpus: Corpus, notes: Iterable[Note]) -> list[CheckedImage]:
    names = get_file_index(corpus)
    targets: set[Span] = set()
    images: list[CheckedImage] = []
    for note in notes:
        for image in note.images:
            place = note.add_path_to(image.at)
            found = CheckedImage(names, note, image, parse_target(image.target), first=place not in targets)
            targets.add(place)
            if names.files.is_excluded(image.target, is_image=True):
                continue
            # `![[…]]` may embed anything: only what has the suffix of an image is looked at.
            if image.kind != "wiki" or (corpus.files is not None and has_image_suffix(image.target.strip())):
                images.append(_check_target(found, corpus.files is not None))
    if corpus.files:  # all files are looked into together
        contents = corpus.files.inspect_contents({image.path for image in images if image.state == VALID})
        images = [_check_content(image, contents[image.path]) if image.state == VALID else image for image in images]
    return [image for image in images if image.state]


def _check_target(found: CheckedImage, known: bool) -> CheckedImage:
    """Return an image with what is known without a look at its bytes; `known`: whether the project's files are."""
    kind, wiki = found.target.kind, found.image.kind == "wiki"
    if not wiki and kind == NO_PATH:
        return replace(found, state=NO_TARGET)
    if not wiki and kind == LOCAL_MACHINE:
        return replace(found, state=ONE_COMPUTER, why=found.target.why)
    there = resolve_link(found.names, found.note, found.image)
    if there.kind == WEB:
        return replace(found, state=ON_WEB)
    if not known or there.status in (TEMPLATE, UNKNOWN):
        return found
    if there.kind == DATA:
        return replace(found, state=VALID, path=there.path)
    return _check_status(found, there) if wiki else _check_path(found, there)


def _check_path(found: CheckedImage, there: Destination) -> CheckedImage:
    """Return an image that a path or a URL of this repository names, with what is there."""
    target, names = found.target, found.names
    if target.kind == PATH and there.status in (OUTSIDE, MISSING) and (why := explain_local_path(target)):
        path = locate_path(found.note, replace(target, path=target.path.replace("\\", "/")), names.files, is_image=True)
        is_file = path is not None and names.find_path(path).kind in (TRACKED, UNTRACKED)
        return replace(found, state=ONE_COMPUTER, why=why, path=path if is_file else "")
    if there.status == OUTSIDE:
        return replace(found, state=OUTSIDE)
    if there.status in (TRACKED, UNTRACKED) and "%2f" in target.raw.lower():
        return replace(found, state=ENCODED_SLASH, path=there.path)
    return _check_status(found, there)


def _check_status(found: CheckedImage, there: Destination) -> CheckedImage:
    """Return an image with what is at its path."""
    names, state = found.names, there.status
    if state == SYMLINK and names.files.resolve_symlink(there.path) is None:
        state = OUTSIDE
    if state == TRACKED or (state == UNTRACKED and names.names.get(names.get_note_path(found.note)) != TRACKED):
        state = VALID
    return replace(found, state=state, path=there.path, shown=names.display_path(there.path))


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
