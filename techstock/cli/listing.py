"""The implementation of `techstock terms`."""

from argparse import Namespace
from collections.abc import Collection

from techstock.cli.errors import UsageError
from techstock.cli.gathering import Gathering
from techstock.cli.streams import put, tell_all
from techstock.cli.task import configured, here, task
from techstock.config import nearest
from techstock.engine.gather import Gathered
from techstock.formats import Report
from techstock.formats import terms as formats
from techstock.model import Corpus
from techstock.survey.terms import Term, terms
from techstock.text.counts import counted


def listed(options: Namespace) -> int:
    """Run `techstock terms` with these options and return its exit code."""
    if options.format not in formats.names():
        raise UsageError(f"--format: there is no format `{options.format}`{nearest(options.format, formats.names())}")
    if "-" in options.paths:
        raise UsageError("an index is made of files: stdin has no place in it")
    cwd = here()
    project, config, notices = configured(options, cwd)
    work = task(project, config, options, cwd)

    def made(got: Gathered) -> tuple[str, str]:
        found, said = _found(got.corpus, options, work.scope)
        text = "".join(formats.load(options.format)(found, Report((), got.corpus)))
        got.save()
        return said, text

    said, text = Gathering(work, options, cwd).use(made)
    tell_all((*notices, *work.notices), quiet=options.quiet)
    put([text])
    tell_all([said], quiet=options.quiet)
    return 0


def _found(corpus: Corpus, options: Namespace, scope: Collection[str] | None) -> tuple[list[Term], str]:
    """Return the terms to list, and a summary of them."""
    if options.undefined:
        from techstock.survey.undefined import undefined

        found, labels, what = undefined(corpus), 0, "undefined term"
    else:
        (found, labels), what = terms(corpus, labels=options.labels), "term"
    inside = [term for term in found if scope is None or any(stand.place.path in scope for stand in term.places)]
    said = f"{counted(len(inside), what)} in {counted(len(corpus.notes) if scope is None else len(scope), 'note')}"
    if labels:
        said += f"; {counted(labels, 'label')} left out, `--labels` lists such words, too"
    return inside, said
