"""The project on disk: its root, its notes as git knows them, and their text. Nothing here parses Markdown."""

from techstock.project.discovery import Discovery, Project, discover_notes
from techstock.project.errors import GitError, ProjectError
from techstock.project.git import Git, GitListing
from techstock.project.globs import compile_globs
from techstock.project.reading import read_note
from techstock.project.root import find_nested_configurations, find_root
from techstock.project.scope import ReportScope, resolve_scope

__all__ = [
    "Discovery",
    "Git",
    "GitError",
    "GitListing",
    "Project",
    "ProjectError",
    "ReportScope",
    "compile_globs",
    "discover_notes",
    "find_nested_configurations",
    "find_root",
    "read_note",
    "resolve_scope",
]
