"""Errors of a merge."""


class MergeError(Exception):
    """Raised if copies cannot be merged; the message is one sentence that gives the reason and the next step."""
