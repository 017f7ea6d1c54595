"""Write what is made from the code: rules' pages and their index, the configuration as a page and a JSON Schema.

`python docs/generate.py` writes, `python docs/generate.py --check` only tells what is out of date (exit status 1).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from configuration_page import build_schema, render_reference

from techstock import formats, registry
from techstock.config.rule_levels import STRICT_RULES
from techstock.engine.examples import Example, diagnose_example, parse_examples
from techstock.model import OFF
from techstock.registry import Rule

DOCS = Path(__file__).parent
NOTICE = "<!-- made by docs/generate.py from techstock/{file}: edit that file -->"
PAGE_NOTICE = "<!-- made by docs/generate.py: edit keys and docstrings in techstock/config -->"


def outputs() -> Iterator[tuple[Path, str]]:
    """Every made file and its text."""
    rules = [registry.load_rule(name) for name in registry.list_rule_names()]
    for rule in rules:
        yield DOCS / "rules" / f"{rule.name}.md", page(rule)
    yield DOCS / "rules" / "README.md", index(rules)
    yield DOCS / "configuration.md", "\n\n".join([PAGE_NOTICE, "".join(render_reference())])
    yield DOCS / "techstock.schema.json", json.dumps(build_schema(), indent=2, ensure_ascii=False) + "\n"


def page(rule: Rule) -> str:
    """The page of a rule: its docstring, with the real output under each bad example."""
    parts = [NOTICE.format(file=f"rules/{rule.name.replace('-', '_')}.py"), f"\n\n# {rule.name}\n\n{facts(rule)}\n\n"]
    done = 0
    for example in parse_examples(rule.page):
        parts.append(rule.page[done : example.end])
        done = example.end
        if example.bad:
            parts.append(f"\n```text\n{output(rule, example)}```\n")
    parts.append(rule.page[done:])
    return "".join(parts).rstrip() + "\n"


def facts(rule: Rule) -> str:
    """One line: level, presets, fixes, options."""
    level = f"Level: **{rule.level}**"
    if rule.level == OFF and rule.name in STRICT_RULES:
        level += ", a **warning** in the strict preset"
    fix = fixes(rule)
    options = ", ".join(f"`{key.replace('_', '-')}`" for key in rule.options)
    parts = [level, f"{fix} fix" if fix else "", f"options: {options}" if options else ""]
    return " · ".join(part for part in parts if part)


def fixes(rule: Rule) -> str:
    """`safe`, `unsafe`, both, or nothing: what the bad examples prove."""
    found = [
        d.problem.fix
        for example in parse_examples(rule.page)
        for d in diagnose_example(rule, example)[0]
        if d.problem.fix
    ]
    return " and ".join(sorted({"safe" if fix.safe else "unsafe" for fix in found}))


def output(rule: Rule, example: Example) -> str:
    """What `techstock lint` prints for one example."""
    found, corpus = diagnose_example(rule, example)
    return "".join(formats.load_format("full").render(formats.Report(found, corpus, color=False, width=80)))


def index(rules: list[Rule]) -> str:
    """The list of all rules."""
    rows = [f"| [{rule.name}]({rule.name}.md) | {rule.level} | {fixes(rule)} | {rule.law} |" for rule in rules]
    head = ["# Rules", "", "| rule | level | fix | law |", "| --- | --- | --- | --- |"]
    return "\n".join([NOTICE.format(file="rules/"), "", *head, *rows]) + "\n"


def main() -> int:
    """Write or check all made files; pages of rules that are gone are removed."""
    check = "--check" in sys.argv[1:]
    wanted = dict(outputs())
    stale = [path for path in (DOCS / "rules").glob("*.md") if path not in wanted]
    changed = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in [*stale, *changed]:
        print(f"{'out of date' if check else 'made'}: {path.relative_to(DOCS.parent)}")
    if check:
        return 1 if stale or changed else 0
    for path in stale:
        path.unlink()
    for path in changed:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted[path], "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
