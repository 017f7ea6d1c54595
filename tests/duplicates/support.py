"""Find pairs and duplicates in a few notes."""

from collections.abc import Iterable, Mapping

from techstock import registry
from techstock.duplicates.context import ComparisonContext
from techstock.duplicates.entries import collect_compared_entries
from techstock.engine import RuleRun, diagnose
from techstock.model import WARNING, Diagnostic
from tests.support import make_corpus


def make_views(*texts: str) -> ComparisonContext:
    """Return the entries of notes with these texts, `0.md`, `1.md` and so on, and what surrounds them."""
    notes = make_corpus({f"{number}.md": text for number, text in enumerate(texts)})
    return ComparisonContext(notes, collect_compared_entries(notes), "directory")


def report_duplicates(files: Mapping[str, str], rules: Iterable[str], scope: str = "directory") -> list[Diagnostic]:
    """Run these rules over notes, as warnings."""
    return diagnose(make_corpus(files, scope=scope), [RuleRun(registry.load_rule(rule), WARNING) for rule in rules])
