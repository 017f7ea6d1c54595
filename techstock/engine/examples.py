"""The examples in a rule's page: fences marked `markdown bad` or `markdown good`.

In `markdown bad file=01-10.md allow=[2]`, `file` is the note's path (default `note.md`), `beside` a list of other files
(see `ExampleFiles`), and other words are options of the rule as TOML. `web=broken:gone` is the answer of the web for
every image with a URL: state, reason (or a remark, if the state is `ok`) and, if it has moved, the new URL. Consecutive
fences with only blank lines between them, the same verdict, options and `web`, and different files form one corpus.

The text in brackets after a file in `beside` is its status (`untracked`, `ignored`, `gone`, `link`, `link outside`,
`submodule`) or its content: a format other than that of its suffix, `truncated`, `broken`, `large`, or a key of
`CONTENTS`. Without brackets the file is tracked and intact.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from posixpath import splitext
from typing import Any, NamedTuple

from techstock import registry
from techstock.analysis.suppressions import list_suppressions
from techstock.engine.rule_runs import RuleRun
from techstock.engine.run_rules import diagnose
from techstock.model import OFF, WARNING, Corpus, Diagnostic, ImageContent, Note
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
    UnknownFiles,
)
from techstock.model.web import OK, WebStatus, is_remote
from techstock.registry import Rule
from techstock.text.bounded_parsing import parse_toml

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


class ExampleFiles(UnknownFiles):
    """An implementation of `ProjectFiles` without a disk."""

    base = ""
    site = ""
    in_git = True
    home = None

    @property
    def link_site(self) -> str:
        return self.site

    def is_excluded(self, target: str, *, is_image: bool) -> bool:  # noqa: ARG002 (examples have no settings)
        return False

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


_FENCE = re.compile(
    r"^(?P<fence>`{3,})markdown[ ]+(?P<verdict>bad|good)(?P<words>[^\n]*)\n(?P<text>.*?)^(?P=fence)[ ]*$\n?",
    re.M | re.S,
)
_ASSIGNMENT = re.compile(r"([\w-]+)=(\[[^\]]*\]|\"[^\"]*\"|\S+)")


class Example(NamedTuple):
    """Notes in which the rule must find problems (`bad`) or must not, with the options of the rule.

    `web` is the answer of the web (empty: nobody asked), `end` the offset in the page at which its last fence ends.
    """

    bad: bool
    files: dict[str, str]
    options: dict[str, Any]
    end: int
    beside: tuple[str, ...] = ()
    web: str = ""


def parse_examples(page: str) -> Iterator[Example]:
    """Yield the examples of a page, in page order."""
    current: Example | None = None
    for match in _FENCE.finditer(page):
        bad = match["verdict"] == "bad"
        words = dict(_ASSIGNMENT.findall(match["words"]))
        path, web = words.pop("file", "note.md"), words.pop("web", "")
        options = {key: _parse_value(value) for key, value in words.items()}
        beside = options.pop("beside", ())
        together = current is not None and not page[current.end : match.start()].strip()
        alike = current is not None and (bad, options, web) == (current.bad, current.options, current.web)
        if current and together and alike and path not in current.files:
            files = current.files | {path: match["text"]}
            current = current._replace(files=files, end=match.end(), beside=(*current.beside, *beside))
            continue
        if current:
            yield current
        current = Example(bad, {path: match["text"]}, options, match.end(), beside, web)
    if current:
        yield current


def build_corpus(example: Example) -> Corpus:
    """Parse the notes of an example into a corpus, with the files it describes and the answer of the web."""
    from techstock.parse import parse

    notes = tuple(parse(path, text) for path, text in sorted(example.files.items()))
    return Corpus(
        notes, files=ExampleFiles(example.files, example.beside), web=tuple(_make_answers(example.web, notes))
    )


def _make_answers(web: str, notes: Iterable[Note]) -> Iterator[tuple[str, WebStatus]]:
    state, reason, moved = (*web.split(":", 2), "", "")[:3]
    remarks = (reason,) if state == OK and reason else ()
    answer = WebStatus(state, "" if remarks else reason, moved, remarks=remarks)
    for image in (image for note in notes for image in note.images if web and is_remote(image.target)):
        yield image.target, answer


def _parse_value(text: str) -> Any:
    value = parse_toml(f"value = {text}")["value"]
    return tuple(value) if isinstance(value, list) else value


def diagnose_example(rule: Rule, example: Example) -> tuple[list[Diagnostic], Corpus]:
    """Run a rule over one example. Return its diagnostics and the example's notes."""
    notes = build_corpus(example)
    return diagnose_rule(rule, notes, example.options), notes


def diagnose_rule(rule: Rule, notes: Corpus, options: Mapping[str, Any]) -> list[Diagnostic]:
    """Return the diagnostics of one rule. A rule that is off by default runs as a warning.

    For a rule on suppressions, all rules that the comments name run, too.
    """
    plans = [RuleRun(rule, WARNING if rule.level == OFF else rule.level, dict(options))]
    if rule.last:
        named = {ignore.rule for note in notes.notes for ignore in list_suppressions(note)} & set(
            registry.list_rule_names()
        )
        plans += [RuleRun(registry.load_rule(name), WARNING) for name in sorted(named - {rule.name})]
    return [found for found in diagnose(notes, plans) if found.rule == rule.name]
