"""Targets of the links and images in a part of a note, comparable between notes."""

from collections.abc import Iterator
from posixpath import dirname

from techstock.analysis.entries import select_facts_starting_in
from techstock.links.targets import NO_PATH, PATH, parse_target, resolve_path
from techstock.model import Image, Link, Note, Span


def find_linked_targets(note: Note, place: Span) -> frozenset[str]:
    """Return the targets of links and images within `place`: URLs, and paths relative to the root."""
    return frozenset(_resolve_link_target(note, one) for one in find_links_and_images(note, place))


def find_links_and_images(note: Note, place: Span) -> Iterator[Image | Link]:
    """Yield the links and images that begin within `place`."""
    yield from select_facts_starting_in(note.links, place)
    yield from select_facts_starting_in(note.images, place)


def _resolve_link_target(note: Note, one: Image | Link) -> str:
    found = parse_target(one.target)
    if one.kind == "wiki" or found.kind not in (NO_PATH, PATH):
        return one.target
    if found.kind == NO_PATH:
        return f"{note.path}{found.tail}"
    path = None if found.rooted else resolve_path(found.path, dirname(note.path))
    return one.target if path is None else f"{path}{found.tail}"
