"""Findings as problems."""

from collections.abc import Iterator

from techstock.model import Corpus, Problem, Related
from techstock.similarity.findings import decide, name, place
from techstock.text.labels import shown


def problems(corpus: Corpus, rule: str, *, message: str, label: str, help: str) -> Iterator[Problem]:  # noqa: A002 (the field's name)
    """One problem for each finding of a rule, at the last copy, the one to keep first among the related places.

    In `message`, `{term}` is the term of the copy, `{name}` the same with a word before it, `{other}` says which the
    other is, `{times}` how many copies there are.
    """
    for finding in decide(corpus).findings.get(rule, ()):
        *rest, last = finding.others
        related = [Related(place(corpus, finding.kept, finding.whole), "first written here")]
        related += [Related(place(corpus, unit, finding.whole), "also here") for unit in rest]
        mine, theirs = shown(name(corpus, last)), shown(name(corpus, finding.kept))
        more = f", and so do {len(rest)} more" if rest and "{other}" in message else ""
        words = {
            "name": f" of `{mine}`" if mine else "",
            "other": f"one under `{theirs}`" if theirs and theirs != mine else "another",
            "term": f"`{mine}`",
            "times": f"{len(finding.others) + 1} times" if rest else "twice",
        }
        data = {"kind": finding.kind, "score": finding.score, "sentence": finding.sentence}
        yield Problem(
            place(corpus, last, finding.whole),
            message.format(**words) + more,
            label=label,
            related=tuple(related),
            help=help,
            data={key: value for key, value in data.items() if value != ""},
        )
