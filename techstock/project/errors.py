"""Why a project cannot be read as asked."""


class ProjectError(Exception):
    """The call makes no sense for what is on disk (a missing path, a broken glob); the text is one sentence."""


class GitError(Exception):
    """Git is there and cannot help; the text is one sentence that says why and, where known, the cure."""
