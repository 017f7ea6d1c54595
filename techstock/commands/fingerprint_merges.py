"""`techstock merge FINGERPRINT ...`: several merges in one run, planned together."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from techstock.commands.console import print_messages, write_stdout
from techstock.commands.corpus_loading import load_until_unchanged
from techstock.commands.errors import UsageError
from techstock.commands.merge import MAX_REMARKS, PreparedMerge, prepare_plans, show_paths
from techstock.commands.merge_preview import MergePreview, format_preview
from techstock.commands.options import SessionOptions
from techstock.commands.session import Session, open_session
from techstock.config import Settings
from techstock.duplicates.prose import get_compared_entry
from techstock.engine import diagnose
from techstock.engine.diagnostic_groups import list_all_parts
from techstock.engine.rule_runs import make_rule_runs
from techstock.engine.timeouts import limit_corpus_time
from techstock.merge import MergeError
from techstock.merge.candidates import MERGEABLE_RULES, MergeCandidate, find_candidate_of_finding
from techstock.merge.plan import MergePlan, plan_merge
from techstock.merge.reading import find_reason_to_read
from techstock.model import Corpus, Diagnostic, Span
from techstock.text.escape import escape
from techstock.text.phrases import format_count

_MERGES_PER_LIMIT = 10  # for so many, planning and checking may take `limits.seconds` once more
_NOTHING_LEFT = "a merge before it leaves nothing to merge"


class FingerprintMergeOptions(SessionOptions, frozen=True):
    """Options of `techstock merge` for findings, each given by its fingerprint or by that of a part of it.

    With `no_reading_needed`, only merges that change no sentence are planned; no fingerprints mean all findings.
    """

    fingerprints: tuple[str, ...]
    no_reading_needed: bool
    apply: bool


class _PassedOver(NamedTuple):
    """The places of a finding that is not merged, and the reason."""

    places: str
    reason: str


class _PlannedMerges(NamedTuple):
    """Merges that are made together: each with its fingerprint, the new texts of all, and why others are left out.

    `refused` are those that cannot be merged, and `unread` those that a person must read first, by fingerprint.
    """

    made: tuple[tuple[str, PreparedMerge], ...]
    texts: dict[str, tuple[str, str]]
    left: tuple[str, ...]
    refused: dict[str, _PassedOver]
    unread: dict[str, _PassedOver]


def run_fingerprint_merges(options: FingerprintMergeOptions) -> int:
    """Run `techstock merge` for several findings with these options and return its exit code."""
    work = open_session(options)
    for attempt in load_until_unchanged(work, bounded=False):
        with attempt as got:
            planned = _plan_merges(got.corpus, work.config, options)
    listed = {**planned.unread, **planned.refused} if options.no_reading_needed else {}
    _print_merges(planned.made, listed, work)
    remarks = (remark for _, made in planned.made for remark in made.found[:MAX_REMARKS])
    errors = (
        ()
        if options.no_reading_needed
        else (f"error: {fingerprint}: {one.reason}" for fingerprint, one in planned.refused.items())
    )
    said = [*planned.left, *errors, *(f"after it, lint reports {remark}" for remark in dict.fromkeys(remarks))]
    print_messages([*work.notices, *map(work.to_shown_text, said)], quiet=options.quiet)
    code = 2 if planned.refused and not options.no_reading_needed else 0
    notes, merges = format_count(len(planned.texts), "note"), format_count(len(planned.made), "merge")
    more = f"; {len(listed):,} {'needs' if len(listed) == 1 else 'need'} reading" if options.no_reading_needed else ""
    if not options.apply:
        print_messages([f"nothing is written: `--apply` changes {notes}, by {merges}{more}"], quiet=options.quiet)
        return code
    from techstock.commands.fix import write_note_groups

    if planned.texts and write_note_groups([planned.texts], work):
        return 2
    print_messages([f"{merges} written, in {notes}{more}"], quiet=options.quiet)
    return code


def _print_merges(made: Sequence[tuple[str, PreparedMerge]], listed: Mapping[str, _PassedOver], work: Session) -> None:
    """Print the previews of the merges, and the list of those that are not planned because they need reading."""
    for number, (fingerprint, one) in enumerate(made):
        if one.plan is not None:
            rows = [
                *[""] * (number > 0),
                fingerprint,
                *format_preview(MergePreview(one.plan, show_paths(one.copies, work), (), one.warnings)),
            ]
            write_stdout(f"{row}\n" for row in rows)
    if listed:
        head = [*[""] * bool(made), "These need reading, and are not merged:", ""]
        write_stdout(
            f"{row}\n"
            for row in (
                *head,
                *(
                    escape(work.to_shown_text(f"{fingerprint}  {one.places}: {one.reason}"))
                    for fingerprint, one in listed.items()
                ),
            )
        )


def _collect_texts(
    corpus: Corpus, done: Corpus, made: Sequence[tuple[str, PreparedMerge]]
) -> dict[str, tuple[str, str]]:
    """Return the old and the new text of each note that the merges change, in the order of writing."""
    order = dict.fromkeys(path for _, one in made if one.plan for path in one.plan.texts)
    pairs = {path: (corpus.by_path[path].text, done.by_path[path].text) for path in order}
    return {path: both for path, both in pairs.items() if both[0] != both[1]}


class _Batch(NamedTuple):
    """Findings of one corpus: the merges that can be made together, each with its fingerprint.

    `refused` are those that cannot be merged, and `unread` those to be read first, each with a line that says why.
    """

    plans: list[tuple[str, MergePlan]]
    refused: dict[str, _PassedOver]
    unread: dict[str, _PassedOver]


def _plan_merges(corpus: Corpus, config: Settings, options: FingerprintMergeOptions) -> _PlannedMerges:
    """Plan the merges of these findings, or of all there are. Raise `CorpusTimeoutError`.

    Merges at different places are planned on one corpus and checked together: neither depends on the other, and a check
    of many takes as long as one of one. The others are planned on the notes that these leave. Of all findings also
    those that come of a merge are merged: an entry nested in two copies is one of three copies before, and one of two
    behind.
    """
    checks = [plan for plan in make_rule_runs(config) if plan.rule.name in MERGEABLE_RULES]
    seconds = config.limits.seconds
    with limit_corpus_time(corpus, seconds):
        found = diagnose(corpus, checks)
    asked = _list_part_fingerprints(found, options.fingerprints or [one.fingerprint for one in found])
    wanted = asked if options.fingerprints else None
    done, made, now = corpus, list[tuple[str, PreparedMerge]](), found
    refused, unread = dict[str, _PassedOver](), dict[str, _PassedOver]()
    with limit_corpus_time(corpus, seconds * (1 + len(asked) // _MERGES_PER_LIMIT)):
        while True:
            batch = _plan_batch(done, now, wanted, {*refused, *unread}, reading=not options.no_reading_needed)
            fresh, done = _make_merges(done, config, batch)
            refused |= {fingerprint: one for fingerprint, one in batch.refused.items() if fingerprint in asked}
            unread |= {fingerprint: one for fingerprint, one in batch.unread.items() if fingerprint in asked}
            if not fresh:
                break
            made += fresh
            now = diagnose(done, checks)
    known = {*refused, *unread, *(fingerprint for fingerprint, _ in made)}
    left = [f"{fingerprint}: {_NOTHING_LEFT}" for fingerprint in wanted or () if fingerprint not in known]
    return _PlannedMerges(tuple(made), _collect_texts(corpus, done, made), tuple(dict.fromkeys(left)), refused, unread)


def _make_merges(corpus: Corpus, config: Settings, batch: _Batch) -> tuple[list[tuple[str, PreparedMerge]], Corpus]:
    """Return the merges of a batch that can be made together, and the corpus after them.

    One that is at fault is tried alone after the others, and refused if it fails again. Where none is known to be at
    fault, half of them are tried. The rest is left to the next batch, which is planned on the new corpus.
    """
    limit = len(batch.plans)
    while some := batch.plans[:limit]:
        try:
            prepared, after = prepare_plans(corpus, config, [plan for _, plan in some])
        except MergeError as error:
            if len(some) == 1:
                fingerprint, plan = batch.plans.pop(0)
                batch.refused[fingerprint] = _pass_over(corpus, plan.cluster, str(error))
            elif error.number is None:
                limit = len(some) // 2
            else:
                batch.plans.append(batch.plans.pop(error.number))
                limit = len(some) - 1
        else:
            return list(zip((fingerprint for fingerprint, _ in some), prepared, strict=True)), after
    return [], corpus


def _plan_batch(
    corpus: Corpus,
    found: Sequence[Diagnostic],
    wanted: Collection[str] | None,
    passed: Collection[str],
    *,
    reading: bool,
) -> _Batch:
    """Return the merges of the wanted findings that change no place of each other; without `reading`, no sentence.

    `None` wants all; those that are `passed` are left out.
    """
    batch, taken = _Batch([], {}, {}), dict[str, list[Span]]()
    for part in list_all_parts(found):
        fingerprint = part.fingerprint
        known = fingerprint in passed or fingerprint in batch.refused or fingerprint in batch.unread
        if known or not (wanted is None or fingerprint in wanted):
            continue
        cluster = find_candidate_of_finding(corpus, part)
        if cluster is None:
            continue
        try:
            plan = plan_merge(corpus, cluster)
        except MergeError as error:
            batch.refused[fingerprint] = _pass_over(corpus, cluster, str(error))
            continue
        if not reading and (reason := find_reason_to_read(corpus, plan)):
            batch.unread[fingerprint] = _pass_over(corpus, cluster, reason)
        elif _take_places(plan, taken):
            batch.plans.append((fingerprint, plan))
    return batch


def _take_places(plan: MergePlan, taken: dict[str, list[Span]]) -> bool:
    """Add the places of a merge to those that are taken, unless it touches one of them; return whether it did."""
    places = [change.place for change in plan.changes]
    if any(
        place.start < other.end and other.start < place.end for place in places for other in taken.get(place.path, ())
    ):
        return False
    for place in places:
        taken.setdefault(place.path, []).append(place)
    return True


def _pass_over(corpus: Corpus, cluster: MergeCandidate, reason: str) -> _PassedOver:
    spots = []
    for copy in cluster.copies:
        note = corpus.notes[copy.note]
        spots.append(f"`{note.path}:{note.lines.find_position(get_compared_entry(note, copy.entry).place.start)[0]}`")
    return _PassedOver(", ".join(spots), reason)


def _list_part_fingerprints(found: Sequence[Diagnostic], fingerprints: Sequence[str]) -> list[str]:
    """Return the fingerprints of all findings that are meant, one by one: those of a group are those of its parts.

    Findings that read the same have one fingerprint, and each of them is meant.
    """
    parts = {one.fingerprint: [part.fingerprint for part in one.list_parts()] for one in found}
    known = {fingerprint: [fingerprint] for some in parts.values() for fingerprint in some} | parts
    for fingerprint in fingerprints:
        if fingerprint not in known:
            raise UsageError(
                f"no finding that can be merged has the fingerprint `{fingerprint}`; `--output-format json` tells them"
            )
    asked = dict.fromkeys(part for fingerprint in fingerprints for part in known[fingerprint])
    counts = Counter(part.fingerprint for part in list_all_parts(found))
    return [fingerprint for fingerprint in asked for _ in range(counts[fingerprint])]
