"""`techstock rules`: list the rules, or show the page of one."""

from collections.abc import Iterable, Iterator

from techstock import catalog
from techstock.catalog import Rule
from techstock.cli.errors import UsageError
from techstock.cli.parser import Parser
from techstock.cli.streams import put
from techstock.config import nearest
from techstock.config.toml import written
from techstock.engine.example import diagnosed
from techstock.examples import examples
from techstock.text.width import broken

_WIDTH = 80  # columns
_HEAD = ("RULE", "LEVEL", "FIX", "LAW")


def run(arguments: list[str]) -> int:
    """Run `techstock rules` with these arguments and return its exit code."""
    options = _parser().read(arguments, "names")
    if not options.names:
        put(f"{line}\n" for line in listed(catalog.load(name) for name in catalog.names()))
        return 0
    if len(options.names) > 1:
        raise UsageError("`techstock rules` shows one page at a time")
    name = options.names[0]
    if name not in catalog.names():
        raise UsageError(f"there is no rule `{name}`{nearest(name, catalog.names())}")
    put(f"{line}\n" for line in page(catalog.load(name)))
    return 0


def _parser() -> Parser:
    """Return the parser for the options of `techstock rules`."""
    parser = Parser(prog="techstock rules", description="List the rules, or show the page of one.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the rule whose page is shown")
    return parser


def page(rule: Rule) -> Iterator[str]:
    """Yield the page of a rule: name, level, fix and options, then its own text."""
    yield rule.name
    yield ""
    yield f"Level: {rule.level}. Fix: {fixable(rule) or 'none'}."
    for option, default in rule.options.items():
        yield f"Option: {option.replace('_', '-')} = {written(default)}"
    yield ""
    yield rule.page


def listed(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield one row for each rule, with its law wrapped to stay within 80 columns."""
    rows = [_HEAD, *((rule.name, rule.level, fixable(rule) or "-", rule.law) for rule in rules)]
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(3)]
    for row in rows:
        start = "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        for line in broken(row[3], _WIDTH - len(start)):
            yield f"{start}{line}"
            start = " " * len(start)


def fixable(rule: Rule) -> str:
    """Return `safe` or `unsafe` if the rule fixes one of its own bad examples, empty if it fixes none."""
    bad = [example for example in examples(rule.page) if example.bad]
    fixes = [found.problem.fix for example in bad for found in diagnosed(rule, example)[0]]
    kinds = {"safe" if fix.safe else "unsafe" for fix in fixes if fix}
    return "safe" if "safe" in kinds else "".join(kinds)
