"""Merging of duplicate entries: takes texts and returns edits; reads and writes no files."""


class MergeError(Exception):
    """Raised if copies cannot be merged; the message is one sentence that gives the reason and the next step.

    `number` is the index of the merge that fails, if it is one of several.
    """

    number: int | None = None
