"""The section on problems: a table of rules and folders, and below it each rule with its folders and notes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from techstock import registry
from techstock.model import LEVELS, Corpus, Diagnostic
from techstock.report.elements import (
    PageContext,
    PageSection,
    make_fold,
    make_lead,
    make_long_list,
    make_message,
    make_place,
)
from techstock.report.markup import Markup, join_markup, make_element

_MAX_FOLDERS = 6  # columns of the table


def make_problems_section(context: PageContext, corpus: Corpus, found: Sequence[Diagnostic]) -> PageSection:
    """Return the section on these problems."""
    by_rule: dict[str, list[Diagnostic]] = {}
    for one in found:
        by_rule.setdefault(one.rule, []).append(one)
    rules = sorted(by_rule, key=lambda rule: (LEVELS.index(by_rule[rule][0].severity), -len(by_rule[rule]), rule))
    content = [make_lead(context, "problems-lead"), _make_table(context, rules, found)]
    folds = [_make_rule(context, corpus, rule, by_rule[rule]) for rule in rules]
    content.append(make_element("div", folds, class_="rows"))
    return PageSection("problems", len(found), join_markup(content))


def _get_folder(one: Diagnostic) -> str:
    return one.problem.place.path.rpartition("/")[0]


def _make_table(context: PageContext, rules: Iterable[str], found: Sequence[Diagnostic]) -> Markup:
    """Return the counts by rule and folder, the largest folders first."""
    say = context.words.say
    counts = Counter((one.rule, _get_folder(one)) for one in found)
    folders = [folder for folder, _ in Counter(map(_get_folder, found)).most_common(_MAX_FOLDERS)]
    head = [say("rule"), say("total"), *(folder or say("top-folder") for folder in folders)]
    totals = Counter(one.rule for one in found)
    rest = len({_get_folder(one) for one in found}) > len(folders)
    rows = []
    for rule in rules:
        own = [counts[rule, folder] for folder in folders]
        cells = [totals[rule], *own, *([totals[rule] - sum(own)] if rest else [])]
        name = make_element("th", make_element("a", rule, href=f"#rule-{rule}"), scope="row")
        rows.append(make_element("tr", name, [make_element("td", f"{cell:,}" if cell else "") for cell in cells]))
    head += [say("other-folders")] if rest else []
    top = make_element("tr", [make_element("th", name, scope="col") for name in head])
    table = make_element("table", make_element("thead", top), make_element("tbody", rows))
    return make_element("div", table, class_="wide", tabindex=0, role="region", aria_label=say("problems"))


def _make_rule(context: PageContext, corpus: Corpus, rule: str, found: Sequence[Diagnostic]) -> Markup:
    say, severity = context.words.say, found[0].severity
    head = [
        make_element("span", say(severity), class_=f"kind {severity}"),
        make_element("b", rule),
        make_element("span", f"{len(found):,}", class_="count"),
    ]
    by_folder: dict[str, list[Diagnostic]] = {}
    for one in found:
        by_folder.setdefault(_get_folder(one), []).append(one)
    folders = sorted(by_folder, key=lambda folder: (-len(by_folder[folder]), folder))
    english = None if context.words.language == "en" else "en"
    law = make_element("p", make_message(f"{registry.load_rule(rule).law}."), class_="remark", lang=english)
    folds = [
        make_fold(
            [folder or say("top-folder"), " ", make_element("span", f"{len(by_folder[folder]):,}", class_="count")],
            make_long_list(context, list(_iter_rows(context, corpus, by_folder[folder])), class_="problems"),
            class_="folder",
        )
        for folder in folders
    ]
    return make_fold(head, law, *folds, class_="rule", id_=f"rule-{rule}")


def _iter_rows(context: PageContext, corpus: Corpus, found: Iterable[Diagnostic]) -> Iterator[Markup]:
    english = None if context.words.language == "en" else "en"
    for one in found:
        place = make_place(context, one.problem.place.path, corpus.find_position(one.problem.place)[0])
        yield make_element("li", place, " ", make_element("span", make_message(one.problem.message), lang=english))
