"""Globs as in `.gitignore`, relative to the root."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from techstock.project.root import ProjectError
from techstock.text.unicode_names import normalize_nfc

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def compile_globs(globs: Sequence[str], key: str) -> Callable[[str], bool]:
    """Return a predicate for paths below the root; the last glob that matches decides (`!` excludes a path again).

    Both Unicode forms of a name match. Raises `ProjectError` for a glob that can never match; `key` is the
    configuration key that holds the globs, such as `exclude`.
    """
    import re

    for glob in globs:
        try:
            spec = _compile_spec([glob])
        except (ValueError, re.error) as error:
            raise _make_glob_error(glob, key) from error
        if all(pattern.include is None for pattern in spec.patterns):  # blank, a comment, or an open bracket
            raise _make_glob_error(glob, key)
    match = _compile_spec(globs).match_file
    return lambda path: match(normalize_nfc(path))


def _compile_spec(globs: Sequence[str]) -> "GitIgnoreSpec":
    import warnings

    from pathspec import GitIgnoreSpec  # late: 30 ms, and most projects have no globs

    with warnings.catch_warnings():  # of `re`, about odd but valid sets of characters
        warnings.simplefilter("ignore")
        return GitIgnoreSpec.from_lines([normalize_nfc(glob) for glob in globs])


def _make_glob_error(glob: str, key: str) -> ProjectError:
    return ProjectError(f"`{glob}` in `{key}` is not a valid glob")
