"""Targets of images and links: a path, a URL, or a destination that readers cannot reach."""

import re
from posixpath import commonprefix
from typing import Final

import msgspec

from techstock.text.percent_encoding import percent_decode, percent_encode

NO_PATH: Final = "nothing"
PATH: Final = "path"
WEB: Final = "web"
DATA: Final = "data"
LOCAL_MACHINE: Final = "machine"  # a place on one computer
TEMPLATE: Final = "template"  # filled in by a site generator

_SCHEME = r"(?i)([a-z][a-z0-9+.-]*):"
_UNUSUAL_IN_URL = frozenset("\t\r\n@{<")
_SPECIAL_CHARACTERS = frozenset(
    "\t\r\n:\\%?#{<$"
)  # without these, and a `/` before it, a target is a path as it stands
_TEMPLATES = ("{{", "{%", "${", "<%")
_HOMES = r"/(?:Users|home|Volumes|mnt/[a-z]|tmp|var|private)/|/root/"
_USER = r"(?i)[a-z][a-z0-9+.-]*:/*[^/?#]*@|//[^/?#]*@"


class Target(msgspec.Struct, frozen=True):
    """A parsed target.

    `path` is percent-decoded, once, with lone surrogates for bytes that are not UTF-8; `rooted` tells whether it began
    with `/`. `raw` is the path as written, `tail` the query and the fragment after it. `why` says in a few words what
    a target of the kind `machine` is.
    """

    kind: str
    path: str = ""
    rooted: bool = False
    raw: str = ""
    tail: str = ""
    why: str = ""

    @property
    def fragment(self) -> str:
        """Return the fragment, decoded once, without its `#`."""
        return percent_decode(self.tail.partition("#")[2])


def parse_target(text: str) -> Target:
    """Parse a target whose escapes and entities are resolved. Never reads the disk."""
    text = text.strip(" \t\r\n\f")
    if text.startswith(("https://", "http://")) and _UNUSUAL_IN_URL.isdisjoint(text):
        return Target(WEB)  # as most are, and as the rest of this would find
    if _SPECIAL_CHARACTERS.isdisjoint(text) and text[:1] not in ("", "/"):
        return Target(PATH, text, raw=text)
    return _parse_any(text)


def _parse_any(text: str) -> Target:
    """Parse any target."""
    text = re.sub(r"[\t\r\n]", "", text)  # as browsers do
    if any(mark in text for mark in _TEMPLATES):
        return Target(TEMPLATE)
    if text[:5].lower() == "data:":
        return Target(DATA)
    if why := _explain_unreachable(text):
        return Target(LOCAL_MACHINE, why=why)
    return Target(WEB) if text.startswith("//") or re.match(_SCHEME, text) else _parse_path(text)


def _explain_unreachable(text: str) -> str:
    """Return why a target leads to something that other readers do not have; empty where there is no sign of that."""
    start = percent_decode(text[:16]).lower()
    if start.startswith("\\\\"):
        return "a network share leads into one network only"
    if re.match(r"[a-z]:", start):
        return "a drive letter leads to one computer only"
    if re.match(_USER, text):
        return "this URL holds a user name or a password"
    scheme = re.match(_SCHEME, text)
    if scheme is None or scheme[1].lower() in ("http", "https"):
        return ""
    if start.startswith("file:"):
        return "`file:` leads to one computer only"
    return f"`{scheme[1].lower()[:20]}:` is not an address that a reader can open"


def _parse_path(text: str) -> Target:
    cut = min((at for at in (text.find("?"), text.find("#")) if at >= 0), default=len(text))
    raw, tail = text[:cut], text[cut:]
    path = percent_decode(raw)
    if not path:
        return Target(NO_PATH, tail=tail)
    return Target(PATH, path.lstrip("/"), path.startswith("/"), raw, tail)


def explain_local_path(found: Target) -> str:
    """Return why a path that leads nowhere was probably meant for one computer; empty if there is no sign of that."""
    if "\\" in found.path:
        return "`\\` separates folders on Windows only"
    if re.match(r"~[\w.-]*/", found.path) and not found.rooted:
        return "`~` is the home folder of one computer"
    if found.rooted and re.match(_HOMES, f"/{found.path}"):
        return "this is a path of one computer"
    return ""


def is_site_macro(before: str, target: str) -> bool:
    """Return whether a link is part of a macro of documentation sites: `[!code-cpp[name](file)]`, `#tab/linux`."""
    return target.startswith("#tab/") or re.search(r"\[![A-Za-z-]+ ?$", before) is not None


def resolve_path(path: str, folder: str) -> str | None:
    """Return `path`, relative to `folder`, normalised; `None` where it leads out. Reads no disk, follows no links."""
    steps = [step for step in folder.split("/") if step]
    for step in path.split("/"):
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def format_target(path: str, folder: str, like: Target, site: str) -> str:
    """Return `path` as a target in a note of `folder`, in the style of another target: rooted, with `./`, or plain.

    Characters that end a target somewhere, in Markdown or in HTML, are percent-encoded.
    """
    if like.rooted:
        return "/" + percent_encode(make_relative(path, site))
    plain = make_relative(path, folder)
    dotted = like.raw.startswith("./") or ":" in plain.partition("/")[0]  # `a:b` would be read as a URL or a drive
    return ("./" if dotted and not plain.startswith("../") else "") + percent_encode(plain)


def make_relative(path: str, folder: str) -> str:
    """Return `path` relative to `folder`, both below one root."""
    if not folder:
        return path
    there, here = path.split("/"), folder.split("/")
    same = len(commonprefix([there[:-1], here]))
    return "/".join([".."] * (len(here) - same) + there[same:])
