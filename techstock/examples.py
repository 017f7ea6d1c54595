"""The examples in a rule's page: fences marked `markdown bad` or `markdown good`.

In `markdown bad file=01-10.md allow=[2]`, `file` is the note's path (default `note.md`), `beside` a list of other files
(see `ExampleFiles`), and other words are options of the rule as TOML. `web=broken:gone` is the answer of the web for
every image with a URL: state, reason (or a remark, if the state is `ok`) and, if it has moved, the new URL. Consecutive
fences with only blank lines between them, the same verdict, options and `web`, and different files form one corpus.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from techstock.model import Corpus, Note
from techstock.model.web import OK, WebStatus, is_remote
from techstock.sketch import ExampleFiles

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
    import tomllib

    value = tomllib.loads(f"value = {text}")["value"]
    return tuple(value) if isinstance(value, list) else value
