"""The error for wrong use of the command line."""


class UsageError(Exception):
    """Error for a call that cannot be carried out as written; the message is one sentence."""
