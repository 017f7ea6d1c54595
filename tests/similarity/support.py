"""Find pairs and duplicates in a few notes."""

from collections.abc import Iterable, Mapping

from techstock import catalog
from techstock.engine import Plan, diagnose
from techstock.model import WARNING, Diagnostic
from techstock.similarity.units import units
from techstock.similarity.views import Views
from tests.support import make_corpus


def make_views(*texts: str) -> Views:
    """Return the entries of notes with these texts, `0.md`, `1.md` and so on, and what surrounds them."""
    notes = make_corpus({f"{number}.md": text for number, text in enumerate(texts)})
    return Views(notes, units(notes), "directory")


def report_duplicates(files: Mapping[str, str], rules: Iterable[str], scope: str = "directory") -> list[Diagnostic]:
    """Run these rules over notes, as warnings."""
    return diagnose(make_corpus(files, scope=scope), [Plan(catalog.load(rule), WARNING) for rule in rules])
