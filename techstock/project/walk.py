"""Listing of the files in a folder where git cannot list them."""

import os


def list_files_below(root: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the names of all files below `root`, and of the folders that could not be read.

    Hidden folders, folders that are links, and folders that hold a `.git` of their own are left out.
    """
    files: list[bytes] = []
    unreadable: list[bytes] = []
    folders = [b""]
    while folders:
        prefix = folders.pop()
        try:
            with os.scandir(os.path.join(root, prefix)) as scan:
                entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in scan]
        except OSError:
            unreadable.append(prefix.rstrip(b"/") or b".")
            continue
        if prefix and any(name == b".git" for name, _ in entries):
            continue
        files += (prefix + name for name, is_folder in entries if not is_folder)
        folders += (prefix + name + b"/" for name, is_folder in entries if is_folder and not name.startswith(b"."))
    return files, unreadable
