"""`techstock rules`: list the rules, or show the page of one."""

from techstock.cli._arguments import CommandParser, require_format


def run(arguments: list[str]) -> int:
    """Run `techstock rules` with these arguments and return its exit code."""
    found = make_parser().parse_arguments(arguments, "names")
    require_format("--format", found.format, ("json", "table"))
    from techstock.commands.rules import RulesOptions, run_rules  # late: a wrong option needs none of it

    return run_rules(RulesOptions(tuple(found.names), found.format == "json"))


def make_parser() -> CommandParser:
    """Return the parser for the options of `techstock rules`."""
    parser = CommandParser(
        prog="techstock rules",
        description="List the rules: all of them, or those that match a glob such as 'image-*'. With the name of one "
        "rule, show its page: what it reports and why, with examples.",
        usage="techstock rules [OPTION ...] [NAME ...]",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="the name of a rule, or a glob in quotes")
    parser.add_argument("--format", default="table", metavar="NAME", help="table (default) or json")
    return parser
