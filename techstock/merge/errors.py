"""Why copies are not merged."""


class MergeError(Exception):
    """These copies cannot be merged; the message is one sentence that says why, and what to do."""
