"""The implementation of `techstock terms`."""

from argparse import Namespace
from collections.abc import Collection

from techstock.commands.console import print_messages, write_stdout
from techstock.commands.errors import UsageError
from techstock.commands.session import CorpusReader, create_session, get_working_directory, load_project
from techstock.formats import Report
from techstock.formats import terms as formats
from techstock.load.corpus_loader import LoadedCorpus
from techstock.model import Corpus
from techstock.survey.term_index import IndexedTerm, build_term_index
from techstock.text.did_you_mean import suggest_name
from techstock.text.plural import format_count


def run_terms(options: Namespace) -> int:
    """Run `techstock terms` with these options and return its exit code."""
    if options.format not in formats.list_term_formats():
        hint = suggest_name(options.format, formats.list_term_formats())
        raise UsageError(f"--format: there is no format `{options.format}`{hint}")
    if "-" in options.paths:
        raise UsageError("an index is made of files: stdin has no place in it")
    cwd = get_working_directory()
    project, config, notices = load_project(options, cwd)
    work = create_session(project, config, options, cwd)

    def made(got: LoadedCorpus) -> tuple[str, str]:
        found, said = _select_terms(got.corpus, options, work.scope)
        text = "".join(formats.load_term_format(options.format)(found, Report((), got.corpus)))
        got.save()
        return said, text

    said, text = CorpusReader(work, options, cwd).call_with_corpus(made)
    print_messages((*notices, *work.notices), quiet=options.quiet)
    write_stdout([text])
    print_messages([said], quiet=options.quiet)
    return 0


def _select_terms(corpus: Corpus, options: Namespace, scope: Collection[str] | None) -> tuple[list[IndexedTerm], str]:
    """Return the terms to list, and a summary of them."""
    if options.undefined:
        from techstock.survey.undefined_terms import find_undefined_terms

        found, labels, what = find_undefined_terms(corpus), 0, "undefined term"
    else:
        (found, labels), what = build_term_index(corpus, labels=options.labels), "term"
    inside = [term for term in found if scope is None or any(stand.place.path in scope for stand in term.places)]
    notes = format_count(len(corpus.notes) if scope is None else len(scope), "note")
    said = f"{format_count(len(inside), what)} in {notes}"
    if labels:
        said += f"; {format_count(labels, 'label')} left out, `--labels` lists such words, too"
    return inside, said
