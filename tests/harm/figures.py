"""Figures: what every fix and every merge of some notes came to, by rule."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from msgspec import Struct

from techstock.fix.fix_loop import fix_corpus
from techstock.model import Corpus
from tests.corpora.collections import copy_collection
from tests.harm.generation import make_linked_corpus, make_linked_notes
from tests.harm.judge import judge_fix, judge_fixing, judge_outcome, list_plans
from tests.harm.merging import limit_to_folders, list_candidates, merge_cluster
from tests.support import read_corpus, run_every_rule

COLUMNS = ("safe", "unsafe", "refused", "harm")


class Figures(Struct, frozen=True):
    """Fixes by rule and column, merges by rule and outcome, and a sentence for each harm, with where it was done."""

    fixes: Counter[tuple[str, str]]
    merges: Counter[tuple[str, str]]
    harm: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.fixes + other.fixes, self.merges + other.merges, self.harm + other.harm)


def judge_generated(seeds: Iterable[int]) -> Figures:
    """Fix random notes that link to each other, one problem alone and all of them together."""
    total = Figures(Counter(), Counter())
    for seed in seeds:
        files = make_linked_notes(seed)
        harm = [*judge_fixing(files, unsafe=False), *judge_fixing(files, unsafe=True)]
        alone = judge_every_fix(make_linked_corpus(files))
        total += Figures(alone.fixes, Counter(), (*((str(seed), one) for one in harm), *alone.harm))
    return total


def judge_every_fix(corpus: Corpus) -> Figures:
    """Apply each fix of the notes alone."""
    plans, counts, harm = list_plans(), Counter[tuple[str, str]](), list[tuple[str, str]]()
    for one in run_every_rule(corpus):
        if not one.problem.fix:
            continue
        counts[one.rule, "safe" if one.problem.fix.safe else "unsafe"] += 1
        found = judge_fix(corpus, one, plans)
        counts[one.rule, "refused"] += found is None
        counts[one.rule, "harm"] += bool(found)
        harm += ((f"{one.rule} {one.problem.place}", kind) for kind in found or ())
    return Figures(counts, Counter(), tuple(harm))


def judge_collection(source: Path, merges: int = 0) -> Figures:
    """Apply every fix of a copy of real notes, alone and together, and merge clusters of it.

    `merges` are so many clusters, drawn with a fixed seed; all for 0.
    """
    with TemporaryDirectory() as folder:
        copy_collection(source, Path(folder, "notes"))
        corpus = read_corpus(Path(folder, "notes"))
        together = [kind for unsafe in (False, True) for kind in judge_together(corpus, unsafe=unsafe)]
        whole = Figures(Counter(), Counter(), tuple((source.name, kind) for kind in together))
        return judge_every_fix(corpus) + judge_merges(corpus, merges) + whole


def judge_together(corpus: Corpus, *, unsafe: bool) -> Iterator[str]:
    """Yield the harm of all fixes of real notes together."""
    outcome = fix_corpus(corpus, run_every_rule, unsafe=unsafe)
    yield from judge_outcome(corpus, outcome)
    yield from (f"fight: {fight.rules} in {fight.paths}" for fight in outcome.fights)
    again = fix_corpus(outcome.corpus, run_every_rule, unsafe=unsafe)
    yield from (f"second run: {one.rule} at {one.problem.place}" for one in again.fixed)


def judge_merges(corpus: Corpus, most: int = 0) -> Figures:
    """Merge each cluster in a copy of the notes of its folders."""
    clusters = list(list_candidates(corpus))
    drawn = Random(8).sample(clusters, min(most, len(clusters))) if most else clusters  # noqa: S311 (no secret)
    counts, harm = Counter[tuple[str, str]](), list[tuple[str, str]]()
    for cluster in drawn:
        kept = cluster.copies[cluster.kept]
        where = f"{cluster.rule} {corpus.notes[kept.note].path}#{kept.entry}"
        found = merge_cluster(*limit_to_folders(corpus, cluster))
        counts[cluster.rule, found.refused or ("harm" if found.harm else "merged")] += 1
        harm += ((where, kind) for kind in found.harm)
    return Figures(Counter(), counts, tuple(harm))


def format_figures(title: str, figures: Figures) -> Iterator[str]:
    """Yield the rows of two tables in Markdown; nothing of the notes is in them."""
    yield f"## {title}\n"
    if figures.fixes:
        yield f"| rule | {' | '.join(COLUMNS)} |"
        yield f"|---|{'---|' * len(COLUMNS)}"
        for rule in sorted({rule for rule, _ in figures.fixes}):
            yield f"| {rule} | {' | '.join(f'{figures.fixes[rule, column]:,}' for column in COLUMNS)} |"
        yield ""
    if figures.merges:
        yield "| rule | merges | clusters |"
        yield "|---|---|---|"
        yield from (f"| {rule} | {what} | {count:,} |" for (rule, what), count in sorted(figures.merges.items()))
        yield ""
    kinds = Counter(kind.partition(":")[0] for _, kind in figures.harm)
    yield "Harm: " + (", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items())) or "none") + "\n"
