"""Merge copies in a few notes."""

from collections.abc import Mapping

from msgspec.structs import replace

from techstock import registry
from techstock.engine import RuleRun as Wanted
from techstock.engine import diagnose
from techstock.merge.candidates import MERGEABLE_RULES, MergeCandidate, find_merge_candidates
from techstock.merge.copy_changes import KEPT
from techstock.merge.plan import MergePlan, plan_merge
from techstock.merge.verification import apply_plan, find_new_problems
from techstock.model import OFF, Corpus, Diagnostic
from tests.support import get_texts, make_corpus

PLANS = tuple(
    Wanted(rule, rule.level) for rule in map(registry.load_rule, registry.list_rule_names()) if rule.level != OFF
)


def make_whole_corpus(files: Mapping[str, str] | str, scope: str = "corpus") -> Corpus:
    notes = {"a.md": files} if isinstance(files, str) else files
    return make_corpus(notes, beside=notes, scope=scope)


def find_cluster(corpus: Corpus, path: str, line: int, keep: int = 0) -> MergeCandidate:
    """Return the cluster of the entry that begins on a line, with the copy to keep; both count from 1."""
    note = corpus.by_path[path]
    entry = [note.lines.find_position(entry.place.start)[0] for entry in note.entries].index(line)
    cluster = next(find_merge_candidates(corpus, note, entry, list(MERGEABLE_RULES)))
    return replace(cluster, kept=keep - 1) if keep else cluster


def merge_entry(
    files: Mapping[str, str] | str, path: str = "a.md", line: int = 1, keep: int = 0
) -> tuple[MergePlan, dict[str, str], list[Diagnostic]]:
    """Merge the entry on a line; return the plan, all notes after it, and what is reported after it alone."""
    corpus = make_whole_corpus(files)
    planned = plan_merge(corpus, find_cluster(corpus, path, line, keep))
    after = apply_plan(corpus, planned)
    new = find_new_problems(diagnose(corpus, PLANS), diagnose(after, PLANS))
    return planned, get_texts(after), new


def merge_text(text: str, line: int = 1, keep: int = 0) -> str:
    """Merge the entry on a line of one note, and return its text."""
    return merge_entry(text, "a.md", line, keep)[1]["a.md"]


def is_changed(corpus: Corpus, found: Diagnostic, plan: MergePlan) -> bool:
    """Return whether a merge changes text at a place of a problem, or beside it."""
    changed = [
        one.place
        for one in plan.changes
        if one.kind != KEPT or one.place.extract_from(corpus.by_path[one.place.path].text) != one.text
    ]
    places = [found.problem.place, *(related.place for related in found.problem.related)]
    return any(
        place.path == one.path and place.start <= one.end and one.start <= place.end
        for place in places
        for one in changed
    )
