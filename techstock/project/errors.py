"""Errors about a project that cannot be read as requested."""


class ProjectError(Exception):
    """The request does not fit the files on disk (a missing path, an invalid glob); the text is one sentence."""


class GitError(Exception):
    """Git is involved and cannot answer; the text is one sentence that gives the reason and, if known, a remedy."""
