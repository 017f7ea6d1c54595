"""`techstock server`: answer an editor, as a language server on stdin and stdout."""

from techstock.cli._arguments import CommandParser
from techstock.commands.errors import UsageError


def run(arguments: list[str]) -> int:
    """Run `techstock server` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    if found.paths:
        raise UsageError("`techstock server` takes no PATH: the editor names the notes")
    import gc

    from techstock.server.language_server import run_server

    gc.enable()  # unlike other commands, it does not end soon
    return run_server()


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock server`."""
    parser = CommandParser(
        prog="techstock server",
        description="Answer an editor as a language server: problems while you type, fixes, definitions of terms, "
        "links, completion. It reads and writes messages on stdin and stdout; an editor starts it (docs/editors.md).",
        epilog="Exit codes: 0 the editor ended it, 1 the editor has gone, 2 wrong use.",
        usage="techstock server",
    )
    parser.add_argument("paths", nargs="*", help="none: the editor names the notes")
    parser.add_argument("--stdio", action="store_true", help="talk on stdin and stdout, as it does without this option")
    return parser
