"""The collections there are, and copies of them: the collections themselves are never written to."""

import shutil
import tarfile
from pathlib import Path

_ARCHIVE = ".tar.gz"


def find_collections(folder: Path) -> dict[str, Path]:
    """Return each collection by its name: a folder, an archive or a note."""
    corpus = folder / "corpus"
    inside = sorted(corpus.iterdir()) if corpus.is_dir() else []
    notes = {path.stem: path for path in sorted(folder.glob("*.md")) if path.stem == path.stem.lower()}
    folders = {path.name: path for path in inside if path.is_dir()}
    return notes | folders | {path.name.removesuffix(_ARCHIVE): path for path in inside if path.name.endswith(_ARCHIVE)}


def copy_collection(source: Path, target: Path) -> None:
    """Make `target` a folder with a copy of a collection, which can be written to."""
    if source.is_file() and source.name.endswith(_ARCHIVE):
        with tarfile.open(source) as archive:
            # Python 3.11.2, which Debian 12 has, extracts in one way only.
            archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
            archive.extractall(target)  # noqa: S202 (see above)
    elif source.is_file():
        target.mkdir()
        shutil.copyfile(source, target / source.name)
    else:
        shutil.copytree(source, target, symlinks=True, copy_function=shutil.copyfile)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
