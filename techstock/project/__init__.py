"""The project on disk: its root, its notes as git knows them, and their text. Nothing here parses Markdown."""

from techstock.project.discovery import Discovery, Project, discover
from techstock.project.errors import GitError, ProjectError
from techstock.project.git import Git, Listing
from techstock.project.globs import matcher
from techstock.project.reading import read
from techstock.project.root import find_root, nested_configurations
from techstock.project.scope import Scope, scope

__all__ = [
    "Discovery",
    "Git",
    "GitError",
    "Listing",
    "Project",
    "ProjectError",
    "Scope",
    "discover",
    "find_root",
    "matcher",
    "nested_configurations",
    "read",
    "scope",
]
