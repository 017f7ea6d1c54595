"""The files beside the notes of an example, as its page describes them: `images/a.png`, `b.png (untracked)`.

The text in brackets is the status of a file (`untracked`, `ignored`, `gone`, `link`, `link outside`, `submodule`) or
its content: a format other than that of its suffix, `truncated`, `broken`, `large`, or a key of `CONTENTS`. Without
brackets the file is tracked and intact.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from posixpath import splitext

from techstock.model import Content
from techstock.model.files import (
    BROKEN,
    EMPTY,
    FILE,
    FOREIGN,
    LINK,
    POINTER,
    SUBMODULE,
    TRACKED,
    TRUNCATED,
    UNCHECKED,
    UNTRACKED,
)

_BESIDE = re.compile(r"(.*?)(?: \(([a-z ]+)\))?", re.S)
_PLACES = {"untracked": UNTRACKED, "link": LINK, "link outside": LINK, "submodule": SUBMODULE}
_SIZE = 1000
CONTENTS = {
    "empty": Content("", EMPTY),
    "html": Content("", FOREIGN, "a web page (HTML)", _SIZE),
    "foreign": Content("", FOREIGN, "", _SIZE),
    "pointer": Content("", POINTER, "", 130),
    "damaged pointer": Content("", POINTER, "malformed", 130),
    "fetched": Content("", "", "", 130),
    "unchecked": Content("png", UNCHECKED, "it takes longer than 10 seconds", _SIZE),
}


class Sketch:
    """An implementation of `ProjectFiles` without a disk."""

    base = ""
    site = ""
    in_git = True
    home = None

    def __init__(self, notes: Iterable[str], beside: Iterable[str]) -> None:
        self._says: dict[str, str] = dict.fromkeys(notes, "")
        for text in beside:
            match = _BESIDE.fullmatch(text)
            if match:
                self._says[match[1]] = match[2] or ""

    @property
    def names(self) -> Mapping[str, str]:
        return {path: _PLACES.get(says, TRACKED) for path, says in self._says.items() if says != "ignored"}

    def on_disk(self, path: str) -> str:
        says = self._says.get(path, "gone")
        return "" if says == "gone" else LINK if says.startswith("link") else FILE

    def leads(self, path: str) -> str | None:
        return None if self._says[path] == "link outside" else ""

    def contents(self, keys: Collection[str]) -> Mapping[str, Content]:
        return {key: self._content(key) for key in keys}

    def _content(self, path: str) -> Content:
        says = self._says.get(path, "")
        kind = splitext(path)[1].lower().lstrip(".").replace("jpg", "jpeg")
        if says in CONTENTS:
            return CONTENTS[says]
        if says in ("truncated", "broken"):
            return Content(kind, TRUNCATED if says == "truncated" else BROKEN, "", _SIZE)
        if says == "large":
            return Content(kind, size=_SIZE**3)
        return Content(says if says and says not in _PLACES and says != "ignored" else kind, size=_SIZE)
