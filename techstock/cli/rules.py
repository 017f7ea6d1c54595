"""`techstock rules`: list the rules, or show the page of one."""

from techstock.cli._arguments import CommandParser
from techstock.commands.errors import UsageError


def run(arguments: list[str]) -> int:
    """Run `techstock rules` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "names")
    if len(found.names) > 1:
        raise UsageError("`techstock rules` shows one page at a time")
    from techstock.commands.rules import RulesOptions, run_rules  # late: a wrong option needs none of it

    return run_rules(RulesOptions(*found.names))


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock rules`."""
    parser = CommandParser(prog="techstock rules", description="List the rules, or show the page of one.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the rule whose page is shown")
    return parser
