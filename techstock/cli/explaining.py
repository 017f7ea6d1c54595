"""The implementation of `techstock explain`."""

from argparse import Namespace

from techstock.cli.explanation import explanation
from techstock.cli.gathering import Gathering
from techstock.cli.spots import entry_on, named, spot
from techstock.cli.streams import put, tell_all
from techstock.cli.task import configured, here, task
from techstock.config import Config
from techstock.model import Corpus


def explain(options: Namespace) -> int:
    """Run `techstock explain` with these options and return its exit code."""
    cwd = here()
    path, line = spot(options.paths, "explain")
    options.paths = [path]
    project, config, notices = configured(options, cwd)
    work = task(project, config, options, cwd)
    note = named(work, path)
    tell_all((*notices, *work.notices), quiet=options.quiet)
    rows = Gathering(work, options, cwd).use(lambda got: _rows(got.corpus, config, note, line))
    put(f"{row}\n" for row in rows)
    return 0


def _rows(corpus: Corpus, config: Config, path: str, line: int) -> list[str]:
    note = corpus.by_path[path]
    return list(explanation(corpus, config, note, entry_on(note, line), line))
