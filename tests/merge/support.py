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
from tests.support import corpus as parsed

PLANS = tuple(Wanted(rule, rule.level) for rule in map(catalog.load, catalog.names()) if rule.level != OFF)


def corpus_of(files: Mapping[str, str] | str, scope: str = "corpus") -> Corpus:
    notes = {"a.md": files} if isinstance(files, str) else files
    return replace(parsed(notes, beside=notes), duplicate_scope=scope)


def cluster_at(corpus: Corpus, path: str, line: int, keep: int = 0) -> Cluster:
    """The cluster of the entry that begins on a line (from 1), with the copy of this number (from 1) to keep."""
    note = corpus.by_path[path]
    entry = [note.lines.position(entry.place.start)[0] for entry in note.entries].index(line)
    cluster = next(clusters(corpus, note, entry, list(RULES)))
    return replace(cluster, kept=keep - 1) if keep else cluster


def done(
    files: Mapping[str, str] | str, path: str = "a.md", line: int = 1, keep: int = 0
) -> tuple[Plan, dict[str, str], list[Diagnostic]]:
    """The plan for the entry on a line, all notes after it, and what is reported after it alone."""
    corpus = corpus_of(files)
    planned = plan(corpus, cluster_at(corpus, path, line, keep))
    after = merged(corpus, planned)
    new = fresh(diagnose(corpus, PLANS), diagnose(after, PLANS))
    return planned, {note.path: note.text for note in after.notes}, new


def merged_text(text: str, line: int = 1, keep: int = 0) -> str:
    """One note after the merge of the entry on a line."""
    return done(text, "a.md", line, keep)[1]["a.md"]
