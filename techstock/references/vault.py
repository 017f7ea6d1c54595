"""Lookup of the file that `![[x.png]]` names, as Obsidian finds it."""

from techstock.model.files import FOLDER, LINK
from techstock.references.lookup import MISSING, Found, Lookup, basename, dirname, join
from techstock.references.targets import resolved

_SETTINGS = ".obsidian"


def vault(lookup: Lookup, path: str) -> str | None:
    """Return the folder of the vault that a note at `path` belongs to; `None` where there is no sign of one."""
    return _around(lookup, dirname(path))


def _around(lookup: Lookup, folder: str) -> str | None:
    if folder not in lookup.vaults:  # folders of notes: they are never very deep
        settings = join(folder, _SETTINGS)
        is_one = settings in lookup.folders or lookup.files.on_disk(settings) == FOLDER
        lookup.vaults[folder] = folder if is_one else _around(lookup, dirname(folder)) if folder else None
    return lookup.vaults[folder]


def embedded(lookup: Lookup, path: str, target: str) -> Found | None:
    """Return the status of the file that `![[target]]` shows in the note at `path`, by its name anywhere, case aside.

    `None` where that is unknown: no file has the name, and no vault is found.
    """
    home = vault(lookup, path)
    for folder in (dirname(path), home or lookup.files.base):
        exact = resolved(target.lstrip("/"), folder)
        found = lookup.find(exact) if exact else None
        if found and found.kind not in (MISSING, FOLDER):
            return found if found.kind == LINK else lookup.find(found.path)
    tail = f"/{target.lstrip('/').casefold()}"
    for name in lookup.named(basename(target)):
        inside = home is None or not home or name.startswith(f"{home}/")
        if inside and f"/{name}".casefold().endswith(tail):
            return lookup.find(name)
    return Found(MISSING, target) if home is not None else None
