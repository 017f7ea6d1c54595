"""markdown-it-py, extended to record positions.

Block tokens know their lines, from which `techstock.parse.fact_builder` finds the rest. Inline tokens have no positions
at all: the constructs that techstock reads are recorded as `InlineConstruct` while the parser walks over them.
"""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from techstock.model import ParseLimits
from techstock.parse.block_parser import (
    MAX_NESTING,
    BlockRule,
    FastBlockParser,
    limit_to_rule_lines,
    limit_to_underlined_lines,
    parse_paragraph,
)

_InlineRule = Callable[[StateInline, bool], bool]


class InlineConstruct(NamedTuple):
    """An inline construct, in positions of the inline content.

    `label` is the end of the text in brackets; `target` the destination of an inline link or image, `reference` the
    label of one by reference.
    """

    kind: str
    start: int
    end: int
    label: int = 0
    target: tuple[int, int, str] | None = None
    reference: str = ""
    flanks: tuple[bool, bool] = (False, False)


class LinkDefinition(NamedTuple):
    """A link definition `[label]: destination`, in positions of the source."""

    start: int
    end: int
    target: str


_Recorder = Callable[[StateInline, int], InlineConstruct | None]


class ParseEnv(dict[str, Any]):
    """The data that one parse collects beside its tokens.

    `limits` tell how deep it goes, `cut` holds the first lines that are nested deeper, `definitions` the link
    definitions by normalised label, `found` the constructs of the inline content that is being parsed into `tokens`.
    """

    def __init__(self, limits: ParseLimits | None = None) -> None:
        super().__init__()
        self.limits = limits or ParseLimits()
        self.cut: list[int] = []
        self.definitions: dict[str, LinkDefinition] = {}
        self.found: list[InlineConstruct] = []
        self.tokens: list[Token] = []


class _Markdown(MarkdownIt):
    """A parser that accepts any link target, as CommonMark does: rules report `file:` and others, and must see them."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 (markdown-it's names)
        return True


@cache
def get_parser() -> MarkdownIt:
    """Return the parser of CommonMark with GFM tables and strikethrough, and front matter."""
    md = _Markdown("commonmark", {"maxNesting": MAX_NESTING})
    helpers: Any = SimpleNamespace(
        parseLinkLabel=find_label_end, parseLinkDestination=parseLinkDestination, parseLinkTitle=parseLinkTitle
    )
    md.helpers = helpers
    md.block = block = FastBlockParser()
    md.use(front_matter_plugin)
    md.block.ruler.at("reference", _recording_definition(_get_rule(md.block.ruler, "reference")), {"alt": []})
    md.block.ruler.at(
        "hr",
        limit_to_rule_lines(_get_rule(md.block.ruler, "hr")),
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    md.block.ruler.at("paragraph", parse_paragraph)
    md.block.ruler.at("lheading", limit_to_underlined_lines(_get_rule(md.block.ruler, "lheading")), {"alt": []})
    block.prepare()
    md.inline.ruler.enable("strikethrough")
    md.inline.ruler2.enable("strikethrough")
    for name, record in _RECORDERS.items():
        md.inline.ruler.at(name, _recording(_get_rule(md.inline.ruler, name), record))
    md.inline.ruler2.before("fragments_join", "strays", _strays)
    return md


def parse_blocks(text: str, env: ParseEnv) -> list[Token]:
    """Return the block tokens of `text`, whose lines end in `\\n`; their inline content is not parsed."""
    return get_parser().block.parse(text, get_parser(), env, []) or []


def parse_inline_constructs(content: str, env: ParseEnv) -> list[InlineConstruct]:
    """Return the constructs in the inline content of a block; link definitions must be in `env` already."""
    env.found, env.tokens = [], []
    get_parser().inline.parse(content, get_parser(), env, env.tokens)
    return env.found


def _get_rule(ruler: Any, name: str) -> Any:
    return next(rule.fn for rule in ruler.__rules__ if rule.name == name)


def _recording(rule: _InlineRule, record: _Recorder) -> _InlineRule:
    """Wrap `rule` so that its matches are added to `env.found`.

    The alt text of an image is parsed into other tokens, and not recorded.
    """

    def run(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not rule(state, silent):
            return False
        env = state.env
        if not silent and isinstance(env, ParseEnv) and state.tokens is env.tokens:
            found = record(state, start)
            if found:
                env.found.append(found)
        return True

    return run


def _plain(kind: str) -> _Recorder:
    return lambda state, start: InlineConstruct(kind, start, state.pos)


def _code(state: StateInline, start: int) -> InlineConstruct | None:
    """Record code; return None for backticks without a partner, which the rule adds to the pending text."""
    return None if state.pending else InlineConstruct("code", start, state.pos)


def _image(state: StateInline, start: int) -> InlineConstruct:
    label = start + 2 + len(state.tokens[-1].content)
    return _with_target("image", state, start, label)


def _link(state: StateInline, start: int) -> InlineConstruct:
    end = state.pos
    state.pos = start  # parseLinkLabel gives the position back, and finds its way in the state's cache
    label = state.md.helpers.parseLinkLabel(state, start, True)
    state.pos = end
    return _with_target("link", state, start, label)


def _with_target(kind: str, state: StateInline, start: int, label: int) -> InlineConstruct:
    src, end = state.src, state.pos
    if src[label + 1 : label + 2] == "(" and label + 1 < end:
        at = label + 2
        while at < end and src[at] in " \t\n":
            at += 1
        target = state.md.helpers.parseLinkDestination(src, at, end)
        if not target.ok:
            return InlineConstruct(kind, start, end, label, (at, at, ""))
        inner = 1 if src[at] == "<" else 0
        return InlineConstruct(kind, start, end, label, (at + inner, target.pos - inner, target.str))
    opened = start + (2 if kind == "image" else 1)
    named = src[label + 2 : end - 1] if end > label + 1 else ""
    return InlineConstruct(kind, start, end, label, None, normalizeReference(named or src[opened:label]))


def _emphasis(state: StateInline, start: int) -> InlineConstruct:
    """Give each `*` or `_` its position; `_strays` keeps those that stay text."""
    length = state.pos - start
    for index in range(length):
        token = state.tokens[index - length]
        token.meta["at"] = start + index
    delimiter = state.delimiters[-1]
    return InlineConstruct("run", start, state.pos, flanks=(delimiter.open, delimiter.close))


def _strays(state: StateInline) -> None:
    """Keep only the emphasis marks that stayed text; must run before `fragments_join` merges them with other text."""
    env = state.env
    if not isinstance(env, ParseEnv) or state.tokens is not env.tokens:
        return
    left = {t.meta["at"] for t in state.tokens if t.type == "text" and t.content and "at" in t.meta}
    kept = []
    for found in env.found:
        if found.kind != "run":
            kept.append(found)
            continue
        stray = [at for at in range(found.start, found.end) if at in left]
        if stray:
            kept.append(InlineConstruct("stray", stray[0], stray[-1] + 1, flanks=found.flanks))
    env.found = kept


_RECORDERS: dict[str, _Recorder] = {
    "backticks": _code,
    "html_inline": _plain("html"),
    "autolink": _plain("autolink"),
    "image": _image,
    "link": _link,
    "emphasis": _emphasis,
}


def _recording_definition(rule: BlockRule) -> BlockRule:
    """Wrap the rule of `[label]: destination`, which makes no token, so that the destination is recorded."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not rule(state, start, end, silent):
            return False
        env = state.env
        if not silent and isinstance(env, ParseEnv):
            first = state.bMarks[start] + state.tShift[start]
            for label in list(env.get("references", {}))[len(env.definitions) :]:
                env.definitions[label] = _definition(state, first, state.eMarks[state.line - 1])
        return True

    return run


def _definition(state: StateBlock, start: int, end: int) -> LinkDefinition:
    """Return the range of the destination; that of the whole definition where its line was broken inside a quote."""
    at = state.src.find("]:", start, end) + 2
    while at < end and state.src[at] in " \t\n":
        at += 1
    target = state.md.helpers.parseLinkDestination(state.src, at, end)
    if not target.ok:
        return LinkDefinition(start, end, "")
    inner = 1 if state.src[at : at + 1] == "<" else 0
    return LinkDefinition(at + inner, target.pos - inner, target.str)


# markdown-it-py looks for the bracket that closes a label from each opening one to the end of the paragraph. Where
# labels are nested, most of that has been seen before, so its function is replaced by one that finds the same ends, and
# passes over the labels inside that are known already.
_UNCLOSED, _WITH_LINK = -1, -2


def find_label_end(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N803
    """Return the position of the `]` that closes the label opened at `start`; -1 if there is none.

    With `disableNested` (a name of markdown-it), also -1 if a link is inside.
    """
    known: dict[Any, int] = state.cache  # its own keys are positions
    key = (start, state.posMax)
    if disableNested and key in known:
        return max(known[key], -1)
    before = state.pos
    found = _LabelScan(state, disable_nested=disableNested).find_end(start)
    state.pos = before
    if disableNested:
        known[key] = found
    return max(found, -1)


class _LabelScan:
    """A walk over the tokens behind an opening bracket. What it learns of the brackets inside is kept in the state."""

    def __init__(self, state: StateInline, *, disable_nested: bool) -> None:
        self._state = state
        self._known: dict[Any, int] = state.cache
        self._disable_nested = disable_nested
        self._open: list[int] = []  # brackets inside, of which nothing was known
        self._with_link = 0  # so many of these hold a link

    def find_end(self, start: int) -> int:
        """Return the end of the label, or why there is none; the position of the state is changed."""
        state = self._state
        state.pos = start + 1
        while state.pos < state.posMax:
            at = state.pos
            marker = state.src[at]
            if marker == "]":
                if not self._open:
                    return at
                self._close_bracket(at)
            if at in self._known:
                state.pos = self._known[at]
            else:
                state.md.inline.skipToken(state)
            if marker == "[" and (found := self._open_bracket(at)):
                return found
        self._record_open(_UNCLOSED, 0)
        return _UNCLOSED

    def _open_bracket(self, at: int) -> int:
        """Take note of a `[`, which the state has passed; return why the label has no end, or 0."""
        state = self._state
        inner = self._known.get((at, state.posMax), 0) if state.pos == at + 1 else _WITH_LINK
        if inner == _UNCLOSED or (inner == _WITH_LINK and self._disable_nested):
            self._record_open(inner, 0)
            return inner
        if inner > 0:
            state.pos = inner + 1
            return 0
        if state.pos == at + 1:
            self._open.append(at)
        if inner == _WITH_LINK:
            self._record_open(_WITH_LINK, self._with_link)
            self._with_link = len(self._open)
        return 0

    def _close_bracket(self, at: int) -> None:
        self._known.setdefault((self._open.pop(), self._state.posMax), at)
        self._with_link = min(self._with_link, len(self._open))

    def _record_open(self, found: int, first: int) -> None:
        for start in self._open[first:]:
            self._known.setdefault((start, self._state.posMax), found)
