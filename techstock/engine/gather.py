"""Read and parse every note: texts become a corpus."""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from techstock.model import Corpus, Fault, Files, Note


def gather(
    paths: Collection[str],
    read: Callable[[str], str | Fault],
    section_level: int = 0,
    duplicate_scope: str = "directory",
    progress: Callable[[int, int], None] | None = None,
    files: Files | None = None,
) -> Corpus:
    """The notes at `paths`, ordered by path.

    `read` gives a note's text, or says why it has none: such a note has this fault and no facts. `section_level` is
    the configured one, 0 where each note tells its own; `duplicate_scope` is what the corpus carries under this name.
    `progress` is told how many notes of how many are done; `files` are what the corpus knows beside its notes.
    """
    from techstock.parse import parse  # markdown-it-py costs most of a start

    notes: list[Note] = []
    for path in sorted(paths):
        text = read(path)
        note = Note(path, "", faults=(text,)) if isinstance(text, Fault) else parse(path, text)
        notes.append(replace(note, level=section_level) if section_level else note)
        if progress:
            progress(len(notes), len(paths))
    return Corpus(tuple(notes), duplicate_scope, files)
