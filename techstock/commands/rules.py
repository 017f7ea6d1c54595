"""`techstock rules`: list the rules, or show the page of one."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from techstock import registry
from techstock.commands.console import write_data, write_stdout
from techstock.commands.errors import UsageError
from techstock.config.toml_writer import format_toml_value
from techstock.engine.examples import diagnose_example, parse_examples
from techstock.registry import Rule
from techstock.text.phrases import suggest_name
from techstock.text.terminal_width import wrap_text, wrap_words

_WIDTH = 80  # columns
_TABLE_HEADER = ("RULE", "LEVEL", "FIX", "CHECKS")
_FENCE_LINE = re.compile(r"(`{3,})(\w*)(.*)")
_LIST_ITEM = re.compile(r"(?:[-*]|\d+[.)]) ")


class RulesOptions(msgspec.Struct, frozen=True):
    """Options of `techstock rules`."""

    names: tuple[str, ...] = ()  # or globs; empty: all rules
    json: bool = False


def run_rules(options: RulesOptions) -> int:
    """Print the list of rules or the page of one, and return the exit code."""
    rules = [registry.load_rule(name) for name in _select_names(options.names)]
    if options.json:
        from techstock.formats._json_objects import format_json_array

        write_data(format_json_array(map(_build_rule_object, rules)))
    elif len(options.names) == 1 and options.names[0] == rules[0].name:
        write_stdout(f"{line}\n" for line in format_rule_page(rules[0]))
    else:
        write_stdout(f"{line}\n" for line in format_rule_list(rules))
    return 0


def _select_names(patterns: Iterable[str]) -> list[str]:
    """Return the names of the rules that match a name or a glob; all without any. Raise `UsageError`."""
    known = registry.list_rule_names()
    found: set[str] = set()
    for pattern in patterns:
        from fnmatch import filter as match_names

        if not (matched := match_names(known, pattern)):
            raise UsageError(f"there is no rule `{pattern}`{suggest_name(pattern, known)}")
        found.update(matched)
    return [name for name in known if name in found or not patterns]


def _build_rule_object(rule: Rule) -> dict[str, object]:
    """Return a rule as in `--format json`."""
    return {
        "name": rule.name,
        "level": rule.level,
        "fix": find_fix_safety(rule) or None,
        "checks": rule.law,
        "options": {option.replace("_", "-"): default for option, default in rule.options.items()},
        "page": rule.page,
    }


def format_rule_page(rule: Rule) -> Iterator[str]:
    """Yield the page of a rule in rows of 80 columns: name, level, fix and options, then its own text."""
    yield rule.name
    yield ""
    yield f"Level: {rule.level}. Fix: {find_fix_safety(rule) or 'none'}."
    for option, default in rule.options.items():
        yield f"Option: {option.replace('_', '-')} = {format_toml_value(default)}"
    yield ""
    yield from render_page(rule.page)


def render_page(page: str) -> Iterator[str]:
    """Yield the rows of a page in Markdown, as a person reads it in a terminal.

    Paragraphs are wrapped, tables stay, and fences become indented text, an example below what the rule says of it.
    """
    paragraph: list[str] = []
    fence = ""
    for line in (*page.split("\n"), ""):
        opening = _FENCE_LINE.fullmatch(line)
        if fence:
            if line == fence:
                fence = ""
            else:
                yield from (f"    {row}".rstrip() for row in wrap_text(line, _WIDTH - 4))
            continue
        if paragraph and (not line or opening or _LIST_ITEM.match(line) or line.startswith("|")):
            yield from _wrap_paragraph(paragraph)
            paragraph = []
        if opening:
            fence = opening[1]
            if title := _describe_example(opening[2], opening[3]):
                yield from (*wrap_words(title, _WIDTH), "")
        elif line.startswith("|"):
            yield line
        elif line:
            paragraph.append(line)
        else:
            yield ""


def _wrap_paragraph(lines: Iterable[str]) -> Iterator[str]:
    text = " ".join(line.strip() for line in lines)
    marker = _LIST_ITEM.match(text)
    indent = " " * len(marker[0]) if marker else ""
    first, *others = wrap_text(text, _WIDTH, indent=indent)
    yield from (first, *others)


def _describe_example(language: str, words: str) -> str:
    """Return what the words behind the language of an example tell a reader; empty for another fence."""
    verdict, *more = words.split() or [""]
    if language != "markdown" or verdict not in ("bad", "good"):
        return ""
    files = [word.removeprefix("file=") for word in more if word.startswith("file=")]
    rest = [word for word in more if not word.startswith("file=")]
    said = "Reported" if verdict == "bad" else "Not reported"
    where = f" in {files[0]}" if files else ""
    return f"{said}{where}{f' ({chr(32).join(rest)})' if rest else ''}:"


def format_rule_list(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield one row for each rule, with what it checks wrapped to stay within 80 columns."""
    fixes = {"": "-", "safe and unsafe": "mixed"}
    rows = [_TABLE_HEADER]
    for rule in rules:
        fix = find_fix_safety(rule)
        rows.append((rule.name, rule.level, fixes.get(fix, fix), rule.law))
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(3)]
    for row in rows:
        start = "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        for line in wrap_words(row[3], _WIDTH - len(start)):
            yield f"{start}{line}"
            start = " " * len(start)


def find_fix_safety(rule: Rule) -> str:
    """Return `safe`, `unsafe` or `safe and unsafe` for the fixes of the rule's own bad examples; empty without any."""
    bad = [example for example in parse_examples(rule.page) if example.bad]
    fixes = [found.problem.fix for example in bad for found in diagnose_example(rule, example)[0]]
    kinds = {"safe" if fix.safe else "unsafe" for fix in fixes if fix}
    return " and ".join(sorted(kinds))
