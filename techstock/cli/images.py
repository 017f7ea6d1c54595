"""`techstock images`: check images, also those on the web, or download them."""

import msgspec

from techstock.cli._arguments import CommandParser, add_performance_options, add_web_options, make_session_options
from techstock.cli.lint import add_configuration_options, add_input_options, add_output_options, make_output_options
from techstock.commands.errors import UsageError
from techstock.commands.options import LintOptions, WebOptions


def run(arguments: list[str]) -> int:
    """Run `techstock images` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "paths")
    if found.download is not None and found.offline:
        raise UsageError("--download asks the web, and --offline forbids it")
    output = make_output_options(found)
    web = None if found.offline else msgspec.convert(vars(found) | {"host_table": True}, WebOptions)
    if found.download is not None:
        from techstock.commands.images import DownloadOptions, run_download

        return run_download(make_session_options(DownloadOptions, found, web=web))
    from techstock.commands.lint import run_lint

    images_only = found.select is None
    return run_lint(
        make_session_options(LintOptions, found, output=output, web=web, command="images", images_only=images_only)
    )


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock images`."""
    parser = CommandParser(
        prog="techstock images",
        description="Check the images of the project with the rules on images that are on, ask the web about remote "
        "ones, and print a table of what it answered. With --download, fetch those that load, and show how the notes "
        "would link to the copies.",
        epilog="Exit codes: 0 no problem at or above --fail-on, 1 problems, 2 wrong use or configuration, 130 "
        "interrupted, with what was known by then.",
        usage="techstock images [OPTION ...] [PATH ...]",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="whose images to check; `-` reads one note from stdin")
    group = parser.add_argument_group("web")
    group.add_argument("--offline", action="store_true", help="send no request")
    add_web_options(group)
    group = parser.add_argument_group("copies")
    group.add_argument("--download", metavar="DIR", help="fetch remote images into this folder, and print a patch")
    group.add_argument("--apply", action="store_true", help="change the notes as the patch says")
    add_configuration_options(parser)
    add_input_options(parser)
    add_performance_options(parser.add_argument_group("work"))
    add_output_options(parser)
    return parser
