"""The implementation of `techstock explain`."""

from argparse import Namespace

from techstock.cli.explanation import format_explanation
from techstock.cli.gathering import CorpusReader
from techstock.cli.spots import find_entry_at_line, parse_location, require_single_note
from techstock.cli.streams import print_messages, write_stdout
from techstock.cli.task import create_session, get_working_directory, load_project
from techstock.config import Settings
from techstock.model import Corpus


def run_explain(options: Namespace) -> int:
    """Run `techstock explain` with these options and return its exit code."""
    cwd = get_working_directory()
    path, line = parse_location(options.paths, "explain")
    options.paths = [path]
    project, config, notices = load_project(options, cwd)
    work = create_session(project, config, options, cwd)
    note = require_single_note(work, path)
    print_messages((*notices, *work.notices), quiet=options.quiet)
    rows = CorpusReader(work, options, cwd).call_with_corpus(lambda got: _explain_entry(got.corpus, config, note, line))
    write_stdout(f"{row}\n" for row in rows)
    return 0


def _explain_entry(corpus: Corpus, config: Settings, path: str, line: int) -> list[str]:
    note = corpus.by_path[path]
    return list(format_explanation(corpus, config, note, find_entry_at_line(note, line), line))
