"""Resolver of links, images and other targets. No other module decides where a target leads."""

from collections.abc import Iterator
from posixpath import splitext
from typing import Final

import msgspec

from techstock.links.anchors import get_anchors
from techstock.links.file_index import FileIndex, PathStatus, get_file_index, get_file_name, get_folder, join_path
from techstock.links.github_urls import parse_repository_url
from techstock.links.targets import DATA, NO_PATH, PATH, WEB, Target, parse_target, resolve_path
from techstock.model import Corpus, Image, Link, Note, ProjectFiles
from techstock.model.files import (
    CASE_DIFFERS,
    DELETED,
    FILE,
    FOLDER,
    MISSING,
    NOTE_SUFFIXES,
    OUTSIDE,
    UNICODE_FORM_DIFFERS,
    has_note_suffix,
)
from techstock.text.unicode_names import fold_path

NOTE: Final = "note"
HEADING: Final = "heading"
BLOCK: Final = "block"
NOWHERE: Final = "nowhere"

AMBIGUOUS: Final = "ambiguous"  # several notes have the name
UNKNOWN: Final = "unknown"  # no file has the name, and nothing tells in which folder it is to be looked for
GENERATED: Final = "generated"  # a page that a site generator makes of this note

_ABSENT = frozenset((MISSING, DELETED, CASE_DIFFERS, UNICODE_FORM_DIFFERS, AMBIGUOUS, UNKNOWN))
_NOT_FOUND = (MISSING, UNKNOWN)
_PAGE_SUFFIXES = (".html", ".htm", "")  # what site generators make of `x.md`
_VAULT_SETTINGS = ".obsidian"


class Destination(msgspec.Struct, frozen=True, gc=False):
    """The destination of a target.

    `kind` is `note`, `heading` and `block` (in a note), `file`, `folder`, `web`, `data` (the target is a `data:` URI)
    or `nowhere`. `path` is below the repository, also that of a file which does not exist; for all that is no path it
    is the target as written. `fragment` is the name of the heading, the block or another part, as written.

    `status` is that of the path (see `PathStatus`), or `generated`. For `nowhere` it is the reason: a status,
    `outside`, `ambiguous`, `unknown`, or the kind of the target (see `targets`).
    """

    kind: str
    path: str
    fragment: str = ""
    status: str = ""


def resolve_link(index: FileIndex, note: Note, link: Image | Link) -> Destination:
    """Return the destination of a link or an image in a note."""
    if link.kind == "wiki":
        return _resolve_wiki_name(index, note, link)
    return resolve_target(index, note, link.target, is_image=isinstance(link, Image))


def resolve_target(index: FileIndex, note: Note, text: str, *, is_image: bool = False) -> Destination:
    """Return the destination of a target in a note: that of a Markdown link or of an HTML attribute, or a URL."""
    target, text = parse_target(text), text.strip()
    path, fragment = None, target.fragment
    if target.kind == PATH:
        path = locate_path(note, target, index.files, is_image=is_image)
    elif target.kind == NO_PATH and target.tail:
        path = index.get_note_path(note)
    elif target.kind != WEB:
        return Destination(DATA if target.kind == DATA else NOWHERE, text, status=target.kind)
    elif inside := parse_repository_url(text, index.files.home) if "github" in text.lower() else None:
        path, fragment = resolve_path(inside[0], ""), inside[1]
    else:
        return Destination(WEB, text)
    if path is None:
        return Destination(NOWHERE, text, status=OUTSIDE)
    found = index.find_path(path)
    if found.kind in _ABSENT and not is_image and (page := _find_source_of_page(index, path)):
        return Destination(NOTE if page in index.notes else FILE, page, fragment, GENERATED)
    return _make_destination(index, found, "" if fragment == "top" or fragment.startswith(":~:") else fragment)


def locate_path(note: Note, target: Target, files: ProjectFiles, *, is_image: bool) -> str | None:
    """Return the path below the repository that a target of the kind `path` names; `None` where it leads out of it."""
    if target.rooted:
        return resolve_path(target.path, files.site if is_image else files.link_site)
    return resolve_path(target.path, get_folder(join_path(files.base, note.path)))


def resolve_plain_target(index: FileIndex, note: Note, text: str) -> Destination:
    """Return the destination of a target in a note that is written without percent-encoding, as comments do."""
    path, _, fragment = text.partition("#")
    target = Target(PATH, path.lstrip("/"), path.startswith("/"))
    there = locate_path(note, target, index.files, is_image=False) if path else index.get_note_path(note)
    if there is None:
        return Destination(NOWHERE, text, status=OUTSIDE)
    return _make_destination(index, index.find_path(there), fragment)


def _make_destination(index: FileIndex, found: PathStatus, fragment: str, kind: str = HEADING) -> Destination:
    """Return the destination for a path; `kind` tells what the fragment is in a note."""
    if found.kind in _ABSENT:
        kind = NOWHERE
    elif found.path not in index.notes:
        kind = FOLDER if found.kind == FOLDER else FILE
    elif not fragment:
        kind = NOTE
    return Destination(kind, found.path, fragment, found.kind)


def _find_source_of_page(index: FileIndex, path: str) -> str:
    """Return the path of the note of which a site generator makes this page; empty where there is none."""
    stem, suffix = splitext(path)
    if has_note_suffix(path):
        return ""
    stem = stem if suffix in _PAGE_SUFFIXES else path
    pages = (f"{stem}{end}" for end in NOTE_SUFFIXES)
    return next((page for page in pages if index.find_path(page).kind not in _ABSENT), "")


def _resolve_wiki_name(index: FileIndex, note: Note, link: Image | Link) -> Destination:
    """Return the destination of `[[name#heading]]` or `![[name]]`, as Obsidian finds it."""
    name, _, fragment = link.target.partition("#")
    name, fragment = name.strip(), fragment.rpartition("#")[2]
    if not name:
        found = index.find_path(index.get_note_path(note))
    elif isinstance(link, Link) or has_note_suffix(name):
        found = _find_named_note(index, name)
        if found.kind == MISSING and splitext(name)[1]:
            found = _find_named_file(index, note, name)
    else:
        found = _find_named_file(index, note, name)
        if found.kind in _NOT_FOUND and (page := _find_named_note(index, name)).kind != MISSING:
            found = page
    return _make_destination(index, found, fragment.removeprefix("^"), BLOCK if fragment[:1] == "^" else HEADING)


def _find_named_note(index: FileIndex, name: str) -> PathStatus:
    """Return the status of the only note of this name, wherever it is."""
    found = _list_named(index, name if has_note_suffix(name) else f"{name}.md")
    if len(found) == 1:
        return found[0]
    return PathStatus(AMBIGUOUS if found else MISSING, name)


def _find_named_file(index: FileIndex, note: Note, name: str) -> PathStatus:
    """Return the status of the file of this name: beside the note, below the vault, or the first one anywhere in it."""
    path = index.get_note_path(note)
    vault = find_vault(index, path)
    exact = {resolve_path(name.lstrip("/"), folder): None for folder in (get_folder(path), vault or index.files.base)}
    found = [one for path in exact if path and (one := index.find_path(path)).kind not in (MISSING, FOLDER)]
    found = [index.find_path(one.path) if one.kind in _ABSENT else one for one in found]
    found += [one for one in _list_named(index, name) if not vault or one.path.startswith(f"{vault}/")]
    first = next((one for one in found if one.kind != DELETED), found[0] if found else None)
    return first or PathStatus(UNKNOWN if vault is None else MISSING, name)


def _list_named(index: FileIndex, name: str) -> list[PathStatus]:
    """Return the files whose path ends with this name, case and Unicode form aside; deleted ones if no other has it."""
    tail = fold_path(f"/{name.lstrip('/')}")
    paths = (path for path in index.find_by_name(get_file_name(name)) if fold_path(f"/{path}").endswith(tail))
    found = [index.find_path(path) for path in paths]
    return [one for one in found if one.kind != DELETED] or found


def find_vault(index: FileIndex, path: str) -> str | None:
    """Return the folder of the Obsidian vault around the note at `path`; `None` where there is no sign of one."""
    folder = get_folder(path)
    if folder not in index.vaults:  # folders of notes: they are never very deep
        settings = join_path(folder, _VAULT_SETTINGS)
        is_one = settings in index.folders or index.files.get_disk_kind(settings) == FOLDER
        index.vaults[folder] = folder if is_one else find_vault(index, folder) if folder else None
    return index.vaults[folder]


def find_backlinks(corpus: Corpus, there: Note) -> Iterator[tuple[Note, Link, str]]:
    """Yield the links of all notes that lead to this one, each with its note and its fragment, which may be empty.

    The fragment of a wiki link is the anchor of the heading that it names.
    """
    index = get_file_index(corpus)
    path, anchors = index.get_note_path(there), get_anchors(there)
    for note in corpus.notes:
        for link in note.links:
            found = resolve_link(index, note, link)
            if found.path == path and found.kind in (NOTE, HEADING, BLOCK):
                named = anchors.find_heading(found.fragment) if link.kind == "wiki" else None
                yield note, link, named or found.fragment
