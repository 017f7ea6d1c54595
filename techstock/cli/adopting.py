"""`techstock lint --add-ignores`: ignore the current problems of a project by comments in its notes."""

from argparse import Namespace
from collections.abc import Iterator, Sequence

from techstock.cli.errors import UsageError
from techstock.cli.fixing import ChangeResult, CorpusCheck, write_note_groups
from techstock.cli.task import Session
from techstock.model import Corpus, Diagnostic
from techstock.text.counts import format_count

_MAX_NOTICES = 5  # problems that are named where no comment can stand


def is_ignoring_requested(options: Namespace) -> bool:
    """Return whether `--add-ignores` is given. Raise `UsageError` for options that do not go together."""
    if options.no_baseline and options.baseline is not None:
        raise UsageError("--baseline and --no-baseline do not go together")
    if options.reason is not None and not options.add_ignores:
        raise UsageError("--reason needs --add-ignores")
    if not options.add_ignores:
        return False
    if options.fix or options.fix_only or options.diff:
        raise UsageError("--add-ignores cannot be combined with fixes: run --fix first, then ignore what is left")
    if options.stdin_filename is not None:
        raise UsageError("what comes from stdin cannot be changed in place, so --add-ignores does not take it")
    _check_reason(options.reason or "")
    return True


def _check_reason(reason: str) -> None:
    """Raise `UsageError` for a reason that would end the comment early or be parsed as something else."""
    wrong = "--" in reason or ">" in reason or not reason.isprintable() or reason != reason.strip()
    if wrong or reason.startswith((",", "with=", "-")) or reason.endswith("-"):
        raise UsageError("--reason must be one line of text, without `--` and `>`, and not begin with `,` or `with=`")


def write_ignore_comments(work: Session, corpus: Corpus, check: CorpusCheck, options: Namespace) -> ChangeResult:
    """Write comments that ignore the problems reported now, and return the result."""
    from techstock.fix.adding import add_ignore_comments

    found = check(corpus)
    done = add_ignore_comments(corpus, found, check, options.reason or "")
    groups = [{path: (corpus.by_path[path].text, text)} for path, text in done.texts.items()]
    failed = write_note_groups(groups, work)
    corpus, left = done.corpus, done.found
    if failed:
        before = {path: text for group in groups for path, (text, _) in group.items() if path in failed}
        corpus, left = _restore_texts(corpus, before, check)
    gone = len(found) - len(left)
    changed = len(groups) - len(failed)
    summary = f"{format_count(gone, 'problem')} ignored by comments in {format_count(changed, 'note')}"
    return ChangeResult(corpus, left, summary, tuple(_format_ignore_notices(left, corpus)), bool(groups), bool(failed))


def _restore_texts(corpus: Corpus, texts: dict[str, str], check: CorpusCheck) -> tuple[Corpus, Sequence[Diagnostic]]:
    """Return the corpus as it is on disk, where the notes in `texts` keep their old texts, and its diagnostics."""
    from msgspec.structs import replace

    from techstock.parse import reparse

    notes = (reparse(note, texts[note.path]) if note.path in texts else note for note in corpus.notes)
    corpus = replace(corpus, notes=tuple(notes))
    return corpus, check(corpus)


def _format_ignore_notices(left: Sequence[Diagnostic], corpus: Corpus) -> Iterator[str]:
    """Yield notices that explain why the remaining problems are not ignored."""
    for one in left[:_MAX_NOTICES]:
        place = one.problem.place
        note = corpus.by_path.get(place.path)
        line = note.lines.find_position(place.start)[0] if note else 1
        why = _explain_not_ignored(one, corpus)
        yield f"{one.rule} in `{place.path}`, line {line}, is not ignored: {why}"
    if len(left) > _MAX_NOTICES:
        yield f"{len(left) - _MAX_NOTICES:,} more are not ignored"


def _explain_not_ignored(one: Diagnostic, corpus: Corpus) -> str:
    from techstock import catalog

    if catalog.load_rule(one.rule).fixed:
        return "no comment can ignore this rule"
    if one.problem.place.path not in corpus.by_path:
        return "it is about a file that is no note; `per-file` in the configuration can"
    return "no comment can stand there without changing more of the note"
