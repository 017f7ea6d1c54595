"""The parser's rule for paragraphs, made faster where an entry follows a single line, as in most notes."""

from markdown_it.rules_block import StateBlock

from techstock.parse.pieces import TRIMMED_CHARACTERS

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
