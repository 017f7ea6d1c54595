"""Merge copies in a few notes."""

from collections.abc import Mapping

from msgspec.structs import replace

from techstock import catalog
from techstock.engine import Plan as Wanted
from techstock.engine import diagnose
from techstock.merge.checking import fresh, merged
from techstock.merge.cluster import RULES, Cluster, clusters
from techstock.merge.plan import Plan, plan
from techstock.model import OFF, Corpus, Diagnostic
from tests.support import get_texts, make_corpus

PLANS = tuple(Wanted(rule, rule.level) for rule in map(catalog.load, catalog.names()) if rule.level != OFF)


def make_whole_corpus(files: Mapping[str, str] | str, scope: str = "corpus") -> Corpus:
    notes = {"a.md": files} if isinstance(files, str) else files
    return make_corpus(notes, beside=notes, scope=scope)


def find_cluster(corpus: Corpus, path: str, line: int, keep: int = 0) -> Cluster:
    """Return the cluster of the entry that begins on a line, with the copy to keep; both count from 1."""
    note = corpus.by_path[path]
    entry = [note.lines.position(entry.place.start)[0] for entry in note.entries].index(line)
    cluster = next(clusters(corpus, note, entry, list(RULES)))
    return replace(cluster, kept=keep - 1) if keep else cluster


def merge_entry(
    files: Mapping[str, str] | str, path: str = "a.md", line: int = 1, keep: int = 0
) -> tuple[Plan, dict[str, str], list[Diagnostic]]:
    """Merge the entry on a line; return the plan, all notes after it, and what is reported after it alone."""
    corpus = make_whole_corpus(files)
    planned = plan(corpus, find_cluster(corpus, path, line, keep))
    after = merged(corpus, planned)
    new = fresh(diagnose(corpus, PLANS), diagnose(after, PLANS))
    return planned, get_texts(after), new


def merge_text(text: str, line: int = 1, keep: int = 0) -> str:
    """Merge the entry on a line of one note, and return its text."""
    return merge_entry(text, "a.md", line, keep)[1]["a.md"]
