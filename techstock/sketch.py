"""The files beside the notes of an example, as its page describes them: `images/a.png`, `b.png (untracked)`.

The text in brackets is the status of a file (`untracked`, `ignored`, `gone`, `link`, `link outside`, `submodule`) or
its content: a format other than that of its suffix, `truncated`, `broken`, `large`, or a key of `CONTENTS`. Without
brackets the file is tracked and intact.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from posixpath import splitext

from techstock.model import ImageContent
from techstock.model.files import (
    EMPTY,
    FILE,
    LFS_POINTER,
    NOT_AN_IMAGE,
    SUBMODULE,
    SYMLINK,
    TRACKED,
    TRUNCATED,
    UNCHECKED,
    UNDECODABLE,
    UNTRACKED,
)

_FILE_DESCRIPTION = re.compile(r"(.*?)(?: \(([a-z ]+)\))?", re.S)
_FILE_STATUSES = {"untracked": UNTRACKED, "link": SYMLINK, "link outside": SYMLINK, "submodule": SUBMODULE}
_DEFAULT_SIZE = 1000
CONTENTS = {
    "empty": ImageContent("", EMPTY),
    "html": ImageContent("", NOT_AN_IMAGE, "a web page (HTML)", _DEFAULT_SIZE),
    "foreign": ImageContent("", NOT_AN_IMAGE, "", _DEFAULT_SIZE),
    "pointer": ImageContent("", LFS_POINTER, "", 130),
    "damaged pointer": ImageContent("", LFS_POINTER, "malformed", 130),
    "fetched": ImageContent("", "", "", 130),
    "unchecked": ImageContent("png", UNCHECKED, "it takes longer than 10 seconds", _DEFAULT_SIZE),
}


class ExampleFiles:
    """An implementation of `ProjectFiles` without a disk."""

    base = ""
    site = ""
    in_git = True
    home = None

    def __init__(self, notes: Iterable[str], beside: Iterable[str]) -> None:
        self._says: dict[str, str] = dict.fromkeys(notes, "")
        for text in beside:
            match = _FILE_DESCRIPTION.fullmatch(text)
            if match:
                self._says[match[1]] = match[2] or ""

    @property
    def names(self) -> Mapping[str, str]:
        return {path: _FILE_STATUSES.get(says, TRACKED) for path, says in self._says.items() if says != "ignored"}

    def get_disk_kind(self, path: str) -> str:
        says = self._says.get(path, "gone")
        return "" if says == "gone" else SYMLINK if says.startswith("link") else FILE

    def resolve_symlink(self, path: str) -> str | None:
        return None if self._says[path] == "link outside" else ""

    def inspect_contents(self, keys: Collection[str]) -> Mapping[str, ImageContent]:
        return {key: self._make_content(key) for key in keys}

    def _make_content(self, path: str) -> ImageContent:
        says = self._says.get(path, "")
        kind = splitext(path)[1].lower().lstrip(".").replace("jpg", "jpeg")
        if says in CONTENTS:
            return CONTENTS[says]
        if says in ("truncated", "broken"):
            return ImageContent(kind, TRUNCATED if says == "truncated" else UNDECODABLE, "", _DEFAULT_SIZE)
        if says == "large":
            return ImageContent(kind, size=_DEFAULT_SIZE**3)
        return ImageContent(
            says if says and says not in _FILE_STATUSES and says != "ignored" else kind, size=_DEFAULT_SIZE
        )
