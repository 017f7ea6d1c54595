"""Options of `techstock lint` with which a project of many old problems begins: whether they go together."""

from argparse import Namespace

from techstock.cli.errors import UsageError


def check_adoption(options: Namespace) -> None:
    """Raises `UsageError` for options that do not go together."""
    if options.no_baseline and options.baseline is not None:
        raise UsageError("--baseline and --no-baseline do not go together")
