"""Lookup of the file that `![[x.png]]` names, as Obsidian finds it."""

from techstock.links.file_index import FileIndex, PathStatus, get_file_name, get_folder, join_path
from techstock.links.targets import resolve_path
from techstock.model.files import FOLDER, MISSING, SYMLINK

_SETTINGS_FOLDER = ".obsidian"


def find_vault(lookup: FileIndex, path: str) -> str | None:
    """Return the folder of the vault that a note at `path` belongs to; `None` where there is no sign of one."""
    return _find_vault_around(lookup, get_folder(path))


def _find_vault_around(lookup: FileIndex, folder: str) -> str | None:
    if folder not in lookup.vaults:  # folders of notes: they are never very deep
        settings = join_path(folder, _SETTINGS_FOLDER)
        is_one = settings in lookup.folders or lookup.files.get_disk_kind(settings) == FOLDER
        lookup.vaults[folder] = folder if is_one else _find_vault_around(lookup, get_folder(folder)) if folder else None
    return lookup.vaults[folder]


def resolve_embed(lookup: FileIndex, path: str, target: str) -> PathStatus | None:
    """Return the status of the file that `![[target]]` shows in the note at `path`, by its name anywhere, case aside.

    `None` where that is unknown: no file has the name, and no vault is found.
    """
    home = find_vault(lookup, path)
    for folder in (get_folder(path), home or lookup.files.base):
        exact = resolve_path(target.lstrip("/"), folder)
        found = lookup.find_path(exact) if exact else None
        if found and found.kind not in (MISSING, FOLDER):
            return found if found.kind == SYMLINK else lookup.find_path(found.path)
    tail = f"/{target.lstrip('/').casefold()}"
    for name in lookup.find_by_name(get_file_name(target)):
        inside = home is None or not home or name.startswith(f"{home}/")
        if inside and f"/{name}".casefold().endswith(tail):
            return lookup.find_path(name)
    return PathStatus(MISSING, target) if home is not None else None
