"""The block parser of markdown-it-py, made faster: the first character of a line rules most rules out.

The parser tries eleven rules on each line, and up to seven again to learn whether a paragraph ends there. All but a few
look at one character first and give up. The rules tried here, in the same order, lead to the parser's own result.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType

from techstock.parse.source_map import TRIMMED_CHARACTERS

MAX_NESTING = 100  # of inline markup

BlockRule = Callable[[StateBlock, int, int, bool], bool]

# The first characters of the lines on which a rule can match; those that are not named here are always tried.
_OPENERS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*-+0123456789",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
    "code": "",  # on indented lines, where every rule is tried
    "front_matter": "",  # on the first line, where every rule is tried
    "table": "",  # as the second line tells
}
_RULE = re.compile(r"([-*_])[ \t]*(?:\1[ \t]*){2,}$", re.M)
_DELIMITERS = re.compile(r"(?:[|:]|-(?![ \t]))[-:| \t]+$", re.M)  # below the first row of a table
_UNDERLINE = re.compile(r"[-=][ \t]*$", re.M)


class _Token:
    """A token with the fields that blocks have: making the parser's own takes a tenth of the time of parsing."""

    map: list[int] | None = None
    content = ""
    markup = ""
    info = ""
    hidden = False
    block = True
    children: list[Token] | None = None
    meta: dict[str, Any] | None = None
    attrs: Mapping[str, str | int | float] = {}  # rules put another in its place, and change none
    attrItems, attrGet, attrJoin = Token.attrItems, Token.attrGet, Token.attrJoin  # noqa: N815 (the renderer's names)

    def __init__(self, kind: str, tag: str, nesting: int, level: int) -> None:
        self.type, self.tag, self.nesting, self.level = kind, tag, nesting, level


class FastBlockState(StateBlock):
    """The parser's state, with its line tables made by whole lines."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__("", md, env, tokens)
        self.src = src
        lines = src.split("\n")
        if not lines[-1].strip(" \t"):
            lines.pop()  # nothing, or blanks without an end of line: the parser takes them for no line
        lengths = list(map(len, lines))
        starts = list(accumulate(map((1).__add__, lengths), initial=0))
        shifts = [length - len(line.lstrip(" \t")) for line, length in zip(lines, lengths, strict=True)]
        end = len(src)
        self.bMarks = [*starts[:-1], end]
        self.eMarks = [*map(int.__add__, starts, lengths), end]
        self.tShift = [*shifts, 0]
        self.sCount = [*shifts, 0]
        self.bsCount = [0] * len(self.bMarks)
        self.lineMax = len(lines)
        if "\t" in src:
            for number, shift in enumerate(shifts):
                if shift and "\t" in lines[number][:shift]:
                    self.sCount[number] = len(lines[number][:shift].expandtabs(4))
        blank = (number for number, shift in enumerate(shifts) if shift == lengths[number])
        self._blanks = [*blank, self.lineMax]
        # Each is one more than the index of a line that may be an underline.
        self._underlines = [bisect_right(starts, match.start()) for match in _UNDERLINE.finditer(src)]

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        if nesting < 0:
            self.level -= 1
        token = _Token(ttype, tag, nesting, self.level)
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)  # type: ignore[arg-type]
        return token  # type: ignore[return-value]

    def may_be_underlined(self, line: int) -> bool:
        """Return whether a line like the underline of a heading follows, with no blank line between."""
        at = bisect_right(self._underlines, line + 1)
        if at == len(self._underlines):
            return False
        return self._underlines[at] - 1 < self._blanks[bisect_right(self._blanks, line)]


class _Chain:
    """Rules in the order in which they are tried."""

    def __init__(self, rules: Iterable[tuple[str, BlockRule]]) -> None:
        named = list(rules)
        self._every = tuple(rule for _, rule in named)
        self._default = tuple(rule for name, rule in named if name not in _OPENERS)
        characters = set("".join(_OPENERS.values()))
        self._by_first = {
            first: tuple(rule for name, rule in named if first in _OPENERS.get(name, first)) for first in characters
        }
        self._table = next((rule for name, rule in named if name == "table"), None)

    def __call__(self, state: StateBlock, line: int, end: int, silent: bool) -> bool:
        """Return whether a rule matches on a line."""
        at = state.bMarks[line] + state.tShift[line]
        if line == 0 or at >= state.eMarks[line] or state.sCount[line] - state.blkIndent >= 4:
            rules = self._every
        else:
            rules = self._by_first.get(state.src[at], self._default)
            if self._table and line + 1 < end:
                below = state.bMarks[line + 1] + state.tShift[line + 1]
                if _DELIMITERS.match(state.src, below) and self._table(state, line, end, silent):
                    return True
        for rule in rules:  # noqa: SIM110 (a generator would take as long as most rules)
            if rule(state, line, end, silent):
                return True
        return False


class FastBlockParser(ParserBlock):
    """The block parser; call `prepare` when all rules are in place.

    It records in `env.cut` the lines where it stopped because content is nested too deep.
    """

    _all: _Chain

    def prepare(self) -> None:
        """Put chains in place of the lists of rules that the parser and its rules go through."""
        ruler = self.ruler
        ruler.getRules()  # makes the lists
        assert ruler.__cache__ is not None
        names: dict[object, str] = {rule.fn: rule.name for rule in ruler.__rules__}
        for name, rules in ruler.__cache__.items():
            chain = _Chain((names[rule], rule) for rule in rules)
            if name:
                ruler.__cache__[name] = [chain]
            else:
                self._all = chain

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token]:  # noqa: N803
        """Return the block tokens of `src`; see `inline_recorder.parse_blocks`."""
        if src:
            state = FastBlockState(src, md, env, outTokens)
            self.tokenize(state, 0, state.lineMax)
        return outTokens

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 (markdown-it's names)
        line = startLine
        blank = False
        chain = self._all
        deepest = state.env.limits.nesting  # type: ignore[attr-defined]
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            if state.level >= deepest:
                state.env.cut.append(line)  # type: ignore[attr-defined]
                state.line = endLine
                break
            chain(state, line, endLine, False)
            state.tight = not blank  # a blank line at the very end makes no list loose
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                blank = True
            if line < endLine and state.isEmpty(line):
                blank = True
                line += 1
                state.line = line


def limit_to_rule_lines(rule: BlockRule) -> BlockRule:
    """Wrap the rule for horizontal rules so that it is tried only on lines that consist of one.

    Most lines that begin like a horizontal rule are entries.
    """

    def run(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        at = state.bMarks[line] + state.tShift[line]
        return _RULE.match(state.src, at) is not None and rule(state, line, end, silent)

    return run


def limit_to_underlined_lines(rule: BlockRule) -> BlockRule:
    """Wrap the rule for underlined headings so that it is tried only where a line that may be an underline follows."""

    def run(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        if not isinstance(state, FastBlockState) or state.may_be_underlined(line):
            return rule(state, line, end, silent)
        if not state.is_code_block(line):
            state.parentType = "paragraph"  # as the rule leaves it
        return False

    return run


_BULLETS = frozenset("-+*")
_NO_CONTENT = frozenset(["", *" \t\n-+*_"])  # behind a bullet: perhaps no entry, or a horizontal rule


def parse_paragraph(state: StateBlock, start: int, _end_line: int, _silent: bool) -> bool:
    """Parse a paragraph into the same tokens as the parser's own rule."""
    outer = state.parentType
    state.parentType = "paragraph"
    last = _end(state, start + 1)
    first, begin = state.bMarks[start], state.bMarks[start] + state.tShift[start]
    if last == start + 1 and "\t" not in state.src[first:begin]:
        content = state.src[begin : state.eMarks[start]]
    else:
        content = state.getLines(start, last, state.blkIndent, False)
    state.line = last
    state.push("paragraph_open", "p", 1).map = [start, last]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = content.strip(TRIMMED_CHARACTERS), [start, last], []
    state.push("paragraph_close", "p", -1)
    state.parentType = outer
    return True


def _end(state: StateBlock, line: int) -> int:
    """Return the first line from `line` on that does not belong to the paragraph."""
    rules = state.md.block.ruler.getRules("paragraph")
    while line < state.lineMax:
        at, indent = state.bMarks[line] + state.tShift[line], state.sCount[line]
        if at >= state.eMarks[line]:
            break
        if 0 <= indent <= state.blkIndent + 3 and (
            _is_entry(state, at, indent) or any(rule(state, line, state.lineMax, True) for rule in rules)
        ):
            break
        line += 1
    return line


def _is_entry(state: StateBlock, at: int, indent: int) -> bool:
    """Return whether an entry certainly begins at this position, so that no rule has to be tried."""
    src = state.src
    if src[at] not in _BULLETS or src[at + 1 : at + 2] != " " or src[at + 2 : at + 3] in _NO_CONTENT:
        return False
    return state.listIndent < 0 or indent - state.listIndent < 4 or indent >= state.blkIndent
