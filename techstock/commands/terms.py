"""The implementation of `techstock terms`."""

from collections.abc import Collection

from techstock.commands.console import print_messages, write_output
from techstock.commands.options import SessionOptions
from techstock.commands.session import load_until_unchanged, open_session
from techstock.formats import Report
from techstock.formats import terms as formats
from techstock.model import Corpus
from techstock.survey.term_index import IndexedTerm, build_term_index
from techstock.text.phrases import format_count


class TermsOptions(SessionOptions, frozen=True):
    """Options of `techstock terms`."""

    format: str
    undefined: bool  # list what is used and nowhere defined
    labels: bool  # list words that stand under every subject, too


def run_terms(options: TermsOptions) -> int:
    """Run `techstock terms` with these options and return its exit code."""
    work = open_session(options)
    chosen = formats.load_term_format(options.format)
    for attempt in load_until_unchanged(work):
        with attempt as got:
            found, said = _select_terms(got.corpus, options, work.scope)
            text = "".join(
                chosen.render(found, Report((), got.corpus, root=work.project.root.as_posix(), cwd=work.cwd.as_posix()))
            )
            got.save()
    print_messages(work.notices, quiet=options.quiet)
    write_output([text], exact=chosen.exact)
    print_messages([said], quiet=options.quiet)
    return 0


def _select_terms(
    corpus: Corpus, options: TermsOptions, scope: Collection[str] | None
) -> tuple[list[IndexedTerm], str]:
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
