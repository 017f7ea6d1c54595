"""Differences as Markdown, for a comment on a pull request or the page of a workflow run."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff

from techstock.formats.markdown import format_code, format_table
from techstock.text.escape import escape
from techstock.text.phrases import format_count
from tests.corpora.comparing import Change, Difference, Moved
from tests.corpora.running import Problem, Result

_EXAMPLES = 5  # of what came, of what went, of what is worded in another way
_ROWS = 20  # of a patch
_LONGEST = 160  # code points of a line of a patch
_MOST = 60_000  # characters of it all: GitHub takes 65,536 in a comment


def show_differences(differences: Sequence[Difference], *, texts: bool = True) -> str:
    """Render all differences; without `texts`, nothing from the notes but the paths of files."""
    blocks = [_head(differences)]
    room = _MOST - len(blocks[0])
    left_out = 0
    for found in differences:
        for block in _blocks(found, texts=texts):
            if len(block) > room:
                left_out += 1
                continue
            blocks.append(block)
            room -= len(block)
    if left_out:
        blocks.append(f"{format_count(left_out, 'more part')} of this would be too long for GitHub.\n")
    return "\n".join(blocks)


def _head(differences: Sequence[Difference]) -> str:
    bad = sum(found.fails for found in differences)
    others = sum(_is_telling(found) for found in differences)
    names = format_count(len(differences), "collection")
    if bad:
        verdict = (
            f"Not as announced: {bad} of {names}. Read what came and went, then `python -m tests.corpora --write`."
        )
    elif others:
        verdict = f"As announced, in {names}."
    else:
        verdict = f"No change, in {names}."
    return f"## Real notes\n\n{verdict}\n"


def _is_telling(found: Difference) -> bool:
    return bool(
        found.fails or found.costs or found.moved or _fixed_otherwise(found) or (found.base and found.base.failures)
    )


def _blocks(found: Difference, *, texts: bool) -> Iterator[str]:
    if not _is_telling(found):
        return
    now = found.now
    yield f"### {found.name}: {format_count(now.notes, 'note')}\n"
    yield from (f"**Failed:** {format_code(sentence)}\n" for sentence in now.failures)
    if found.base:
        yield from (f"The other techstock failed: {format_code(sentence)}\n" for sentence in found.base.failures)
    if found.counts:
        yield "".join(format_table(("count", "announced", "now", "change"), map(_row, found.counts)))
    for change in found.costs:
        word = "of time, as a multiple of finding blocks" if change.line.endswith("time") else "MB of memory"
        yield f"Warning: {change.now:g} {word}; announced were {change.announced:g}.\n"
    for rule, moved in found.moved.items():
        yield _details(rule, moved, texts=texts)
    yield from _fixes(found, texts=texts)


def _row(change: Change) -> tuple[str, ...]:
    what = change.line.partition(" ")[2]
    return format_code(what), f"{change.announced:g}", f"{change.now:g}", f"{change.now - change.announced:+g}"


def _details(rule: str, moved: Moved, *, texts: bool) -> str:
    counts = ((len(moved.came), "came"), (len(moved.went), "went"), (len(moved.reworded), "say something else"))
    title = ", ".join(f"{count} {verb}" for count, verb in counts if count)
    rows: list[tuple[str, ...]] = []
    for sign, problems in (("+", moved.came), ("-", moved.went)):
        rows += [(sign, *_cells(one, texts=texts)) for one in problems[:_EXAMPLES]]
    if texts:
        for old, new in moved.reworded[:_EXAMPLES]:
            rows += [("-", *_cells(old, texts=True)), ("+", *_cells(new, texts=True))]
    else:
        rows += [("~", *_cells(new, texts=False)) for _, new in moved.reworded[:_EXAMPLES]]
    heads = ("", "place", "problem") if texts else ("", "place")
    return f"<details><summary>{rule}: {title}</summary>\n\n{''.join(format_table(heads, rows))}\n</details>\n"


def _cells(problem: Problem, *, texts: bool) -> Iterator[str]:
    yield format_code(f"{problem.path}:{problem.line}:{problem.column}")
    if texts:
        yield format_code(problem.message)


def _fixed_otherwise(found: Difference) -> dict[str, list[str]]:
    """By kind of fixes, the notes that the other techstock leaves with another text."""
    if not (found.base and found.base.is_whole and found.now.is_whole):
        return {}
    result = {}
    for kind, fixing in found.now.fixing.items():
        before = found.base.fixing[kind].notes
        if paths := [path for path in sorted({*before, *fixing.notes}) if before.get(path) != fixing.notes.get(path)]:
            result[kind] = paths
    return result


def _fixes(found: Difference, *, texts: bool) -> Iterator[str]:
    for kind, paths in _fixed_otherwise(found).items():
        listed = ", ".join(map(format_code, paths[:_EXAMPLES]))
        more = f" and {len(paths) - _EXAMPLES} more" if len(paths) > _EXAMPLES else ""
        body = f"\n{_patch(found, kind, paths)}" if texts else ""
        title = f"{kind} fixes: {format_count(len(paths), 'note')} become something else"
        yield f"<details><summary>{title}</summary>\n\n{listed}{more}\n{body}\n</details>\n"


def _patch(found: Difference, kind: str, paths: Iterable[str]) -> str:
    rows: list[str] = []
    for path in paths:
        old, new = (_text(result, kind, path) for result in (found.base, found.now))
        rows += [escape(row)[:_LONGEST] for row in unified_diff(old, new, path, path, lineterm="", n=1)]
        if len(rows) > _ROWS:
            rows[_ROWS:] = ["…"]
            break
    fence = "`" * (1 + max(map(len, re.findall("`+", "\n".join(rows))), default=0))
    fence = max(fence, "```")
    return "\n".join([f"{fence}diff", *rows, fence, ""])


def _text(result: Result | None, kind: str, path: str) -> list[str]:
    content = result.fixing[kind].notes.get(path) if result else None
    return ["(unchanged)"] if content is None else content.decode("utf-8", "replace").split("\n")
