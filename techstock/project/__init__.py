"""The project on disk: its root, its notes as git knows them, and their text. Nothing here parses Markdown."""

from techstock.project.discovery import Discovery as Discovery
from techstock.project.discovery import Project as Project
from techstock.project.discovery import discover_notes as discover_notes
from techstock.project.git import Git as Git
from techstock.project.git import GitError as GitError
from techstock.project.git import GitListing as GitListing
from techstock.project.reading import read_note as read_note
from techstock.project.root import ProjectError as ProjectError
from techstock.project.root import find_marked_root as find_marked_root
from techstock.project.root import find_nested_configurations as find_nested_configurations
from techstock.project.root import find_root as find_root
from techstock.project.scope import ReportScope as ReportScope
from techstock.project.scope import resolve_scope as resolve_scope
