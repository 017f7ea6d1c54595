"""`techstock rules`: list the rules, or show the page of one."""

from techstock.cli.arguments import CommandParser


def run(arguments: list[str]) -> int:
    """Run `techstock rules` with these arguments and return its exit code."""
    options = make_parser().parse_arguments(arguments, "names")
    from techstock.commands.rules import run_rules  # a wrong option is answered before anything is loaded

    return run_rules(options)


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock rules`."""
    parser = CommandParser(prog="techstock rules", description="List the rules, or show the page of one.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the rule whose page is shown")
    return parser
