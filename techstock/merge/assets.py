"""Targets of the links and images in a part of a note, comparable between notes."""

from collections.abc import Iterator
from posixpath import dirname

from techstock.model import Image, Link, Note, Place
from techstock.model.entries import starting_in
from techstock.references.targets import NOTHING, PATH, resolved, target


def assets(note: Note, place: Place) -> frozenset[str]:
    """Return the targets of links and images within `place`: URLs, and paths relative to the root."""
    return frozenset(_meant(note, one) for one in held(note, place))


def held(note: Note, place: Place) -> Iterator[Image | Link]:
    """Yield the links and images that begin within `place`."""
    yield from starting_in(note.links, place)
    yield from starting_in(note.images, place)


def _meant(note: Note, one: Image | Link) -> str:
    found = target(one.target)
    if one.kind == "wiki" or found.kind not in (NOTHING, PATH):
        return one.target
    if found.kind == NOTHING:
        return f"{note.path}{found.tail}"
    path = None if found.rooted else resolved(found.path, dirname(note.path))
    return one.target if path is None else f"{path}{found.tail}"
