"""Resolver of Markdown links to paths in the repository."""

from techstock.links.file_index import get_folder, join_path
from techstock.links.github_urls import parse_repository_url
from techstock.links.targets import PATH, WEB, Target, resolve_path
from techstock.model import Link, Note, ProjectFiles


def resolve_link_target(note: Note, link: Link, found: Target, files: ProjectFiles | None) -> tuple[str, str] | None:
    """Return the path below the repository, and the fragment, of `found`, the parsed target of a link in this note.

    `None` for a target that leads out of the repository, and for one that names no file, which may be a heading of the
    note itself.
    """
    if found.kind == WEB:
        return parse_repository_url(link.target, files.home) if files else None
    if found.kind != PATH:
        return None
    base, site = (files.base, files.site) if files else ("", "")
    path = resolve_path(found.path, site if found.rooted else get_folder(join_path(base, note.path)))
    return None if path is None else (path, found.fragment)
