"""Resolver of Markdown links to paths in the repository."""

from techstock.model import Files, Link, Note
from techstock.references.hosted import in_repository
from techstock.references.lookup import dirname, join
from techstock.references.targets import PATH, WEB, Target, resolved


def destination(note: Note, link: Link, found: Target, files: Files | None) -> tuple[str, str] | None:
    """Return the path below the repository, and the fragment, of `found`, the parsed target of a link in this note.

    `None` for a target that leads out of the repository, and for one that names no file, which may be a heading of the
    note itself.
    """
    if found.kind == WEB:
        return in_repository(link.target, files.home) if files else None
    if found.kind != PATH:
        return None
    base, site = (files.base, files.site) if files else ("", "")
    path = resolved(found.path, site if found.rooted else dirname(join(base, note.path)))
    return None if path is None else (path, found.fragment)
