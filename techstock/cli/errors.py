"""Wrong use of the command line."""


class UsageError(Exception):
    """The call cannot be carried out as written; the message is one sentence."""
