"""The implementation of `techstock terms`."""

from collections.abc import Collection
from unicodedata import normalize

from techstock.commands.console import print_messages, require_stdout, write_output
from techstock.commands.corpus_loading import load_until_unchanged
from techstock.commands.options import SessionOptions
from techstock.commands.session import open_session
from techstock.formats import Report
from techstock.formats import terms as formats
from techstock.model import Corpus
from techstock.survey.term_index import IndexedTerm, build_term_index
from techstock.text.phrases import format_count

_MAX_ROWS = 76  # of two screens


class TermsOptions(SessionOptions, frozen=True):
    """Options of `techstock terms`."""

    format: str
    undefined: bool  # list what is used and nowhere defined
    labels: bool  # list words that are used under every subject, too
    grep: str = ""  # only terms that have this in a spelling or a definition
    most: int = 0  # terms to list; 0: all, but on a terminal what fits on two screens
    all: bool = False


def run_terms(options: TermsOptions) -> int:
    """Run `techstock terms` with these options and return its exit code."""
    work = open_session(options)
    chosen = formats.load_term_format(options.format)
    for attempt in load_until_unchanged(work):
        with attempt as got:
            found, said = _select_terms(got.corpus, options, work.scope)
            report = Report((), got.corpus, root=work.project.root.as_posix(), cwd=work.cwd.as_posix())
            listed = found[: options.most or len(found)]
            rows = [row for piece in chosen.render(listed, report) for row in piece.splitlines(keepends=True)]
            got.save()
    if _limits_rows(options) and len(rows) > _MAX_ROWS:
        rows, listed = rows[:_MAX_ROWS], []
    if len(listed) < len(found):
        said += "; this is the beginning: `--all` prints all, `--grep TEXT` searches"
    print_messages(work.notices, quiet=options.quiet)
    write_output(rows, exact=chosen.exact)
    print_messages([said], quiet=options.quiet)
    return 0


def _limits_rows(options: TermsOptions) -> bool:
    """Return whether a table is printed on a terminal, and nothing says how much of it."""
    asked = options.all or options.most or options.quiet
    return not asked and options.format == "table" and require_stdout().isatty()


def _matches(term: IndexedTerm, text: str) -> bool:
    """Return whether a term or its definitions hold a text, without case, width and Unicode form."""
    wanted = _fold_text(text)
    return any(wanted in _fold_text(own) for own in (*term.spellings, *term.definitions))


def _fold_text(text: str) -> str:
    return normalize("NFKC", text).casefold()


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
    if options.grep:
        inside = [term for term in inside if _matches(term, options.grep)]
    notes = format_count(len(corpus.notes) if scope is None else len(scope), "note")
    said = f"{format_count(len(inside), what)} in {notes}"
    if labels:
        said += f", without {format_count(labels, 'label')} (`--labels`)"
    return inside, said
