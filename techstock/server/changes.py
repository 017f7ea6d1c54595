"""Changes of notes that an editor may ask for: the same as on the command line, and as safe."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from posixpath import dirname

from techstock.commands.errors import UsageError
from techstock.commands.explain import find_entry_at_line
from techstock.commands.fix import format_fix_notices
from techstock.commands.merge import prepare_plans
from techstock.duplicates.entries import ComparedEntry, collect_compared_entries
from techstock.duplicates.pair_suppressions import get_display_name
from techstock.duplicates.prose import list_compared_entries
from techstock.duplicates.term_keys import strip_term_markup
from techstock.engine.diagnostic_groups import list_all_parts
from techstock.fix.fix_loop import FixOutcome, apply_chosen_fixes, fix_corpus
from techstock.fix.ignore_comments import add_ignore_comments, add_pair_comment
from techstock.links.targets import make_relative
from techstock.merge import MergeError
from techstock.merge.candidates import MERGEABLE_RULES, find_innermost_entry, find_merge_candidates
from techstock.merge.plan import plan_merge
from techstock.model import Corpus, Diagnostic, Span
from techstock.server.live_project import LiveProject

Texts = Mapping[str, tuple[str, str]]
"""The old and the new text of each note that a change alters."""
REASON = "(write here why)"  # in a comment, to be filled in


class ChangeRefusedError(Exception):
    """A change that is not safe, or has nothing to change; the message is one sentence."""


def fix_problems(corpus: Corpus, chosen: Sequence[Diagnostic]) -> Texts:
    """Return the texts after the fixes of these problems. Raise `ChangeRefusedError` if none can be applied."""
    return _collect_texts(apply_chosen_fixes(corpus, chosen))


def fix_note(project: LiveProject, corpus: Corpus, path: str) -> Texts:
    """Return the texts after all safe fixes of a note; the note alone is changed. Empty if there is nothing to fix."""
    outcome = fix_corpus(corpus, project.recheck, scope={path})
    return {name: texts for group in outcome.groups for name, texts in group.items()}


def _collect_texts(outcome: FixOutcome) -> Texts:
    found = {path: texts for group in outcome.groups for path, texts in group.items()}
    if not found:
        raise ChangeRefusedError(next(format_fix_notices(outcome, str), "there is nothing to fix any more"))
    return found


def ignore_problem(project: LiveProject, corpus: Corpus, one: Diagnostic) -> Texts:
    """Return the texts with comments that ignore a problem. Raise `ChangeRefusedError` if no comment can."""
    done = add_ignore_comments(corpus, [one], _make_check(project, [one]), REASON)
    if not done.texts or done.found:
        raise ChangeRefusedError("no comment can ignore this: it would change more of the note, or something else")
    return {path: (corpus.by_path[path].text, text) for path, text in done.texts.items()}


def ignore_pair(project: LiveProject, corpus: Corpus, one: Diagnostic) -> Texts:
    """Return the texts with a comment that ignores a problem as that of one pair. Raise `ChangeRefusedError`."""
    address = make_address(corpus, one.problem.place.path, one.problem.related[0].place)
    done = add_pair_comment(corpus, one, address, _make_check(project, [one]), REASON) if address else None
    if done is None:
        raise ChangeRefusedError("no comment can ignore this pair alone; ignore the problem")
    return {path: (corpus.by_path[path].text, text) for path, text in done.texts.items()}


def make_address(corpus: Corpus, path: str, other: Span) -> str:
    """Return the address by which a comment in the note at `path` names the entry at another place; empty if none."""
    found = find_innermost_entry(corpus, other) if other.path in corpus.by_path else None
    if found is None:
        return ""
    note = corpus.notes[found[0]]
    unit = next((unit for unit in _list_units(corpus, found[0]) if unit.entry == found[1]), None)
    name = strip_term_markup(get_display_name(corpus, unit)).strip() if unit else ""
    where = "" if note.path == path else make_relative(note.path, dirname(path))
    address = f"{where}#{name}" if name else where
    return "" if '"' in address or "\n" in address or "-->" in address else address


def _list_units(corpus: Corpus, note: int) -> list[ComparedEntry]:
    return [unit for unit in collect_compared_entries(corpus) if unit.note == note]


def _make_check(project: LiveProject, gone: Sequence[Diagnostic]) -> Callable[[Corpus], Sequence[Diagnostic]]:
    """Return a check that reports what a corpus has beside the problems there are, `gone` not among these."""
    known = Counter(map(_make_key, list_all_parts(project.found)))
    known.subtract(map(_make_key, list_all_parts(gone)))

    def check(corpus: Corpus) -> Sequence[Diagnostic]:
        left = known.copy()
        found = []
        for one in project.recheck(corpus):
            parts = list_all_parts([one])
            left.subtract(map(_make_key, parts))
            if any(left[_make_key(part)] < 0 for part in parts):
                found.append(one)
        return found

    return check


def _make_key(one: Diagnostic) -> tuple[str, str, str]:
    return one.rule, one.fingerprint, one.problem.place.path


def merge_copies(project: LiveProject, corpus: Corpus, one: Diagnostic) -> tuple[Texts, str]:
    """Return the texts after a merge of copies, and a sentence about it. Raise `ChangeRefusedError`."""
    place = one.problem.place
    note = corpus.by_path[place.path]
    try:
        entry = find_entry_at_line(note, note.lines.find_position(place.start)[0])
        candidate = next(find_merge_candidates(corpus, note, entry, [one.rule]), None)
        if candidate is None:
            raise ChangeRefusedError("the entry is not a copy of another any more")
        [made], _ = prepare_plans(corpus, project.session.config, [plan_merge(corpus, candidate)])
    except (MergeError, UsageError) as error:
        raise ChangeRefusedError(str(error)) from None
    if made.plan is None:
        raise ChangeRefusedError(made.nothing)
    kept = candidate.copies[candidate.kept]
    home = corpus.notes[kept.note]
    where = f"{home.path}:{home.lines.find_position(list_compared_entries(home)[kept.entry].place.start)[0]}"
    said = " ".join([f"{len(candidate.copies)} copies become one, at {where}.", *made.warnings])
    return made.plan.texts, said


def may_merge(one: Diagnostic) -> bool:
    """Return whether a problem is about copies that can be merged."""
    return one.rule in MERGEABLE_RULES and bool(one.problem.related) and one.problem.group is None


def find_same_variants(project: LiveProject, one: Diagnostic) -> list[Diagnostic]:
    """Return the problems about the same variant of a term in all notes."""
    key = one.problem.data.get("spelling"), one.problem.data.get("use")
    return [
        other
        for other in project.found
        if other.rule == one.rule and (other.problem.data.get("spelling"), other.problem.data.get("use")) == key
    ]
