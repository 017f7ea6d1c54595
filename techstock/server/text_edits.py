"""Edits as the protocol has them, made from old and new texts."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from techstock.model import Corpus, Span
from techstock.server.context import Context
from techstock.server.diagnostics import TextChange
from techstock.server.framing import Json
from techstock.server.live_project import LiveProject

_MAX_LINES = 3_000  # of a changed range in which single changes are looked for
_ANNOTATION = "techstock"


def list_changes(old: str, new: str) -> Iterator[tuple[Span, str]]:
    """Yield what must be replaced to make one text of another, line by line where that is not too costly."""
    whole = TextChange(old, new)
    start = old.rfind("\n", 0, whole.start) + 1
    end = old.find("\n", whole.end) + 1 or len(old)
    tail = len(old) - end
    before = _split_lines(old[start:end])
    after = _split_lines(new[start : len(new) - tail])
    if len(before) + len(after) > _MAX_LINES:
        yield Span(start, end), new[start : len(new) - tail]
        return
    offsets = [start]
    for line in before:
        offsets.append(offsets[-1] + len(line))
    for tag, first, last, low, high in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _trim_change(old, Span(offsets[first], offsets[last]), "".join(after[low:high]))


def _trim_change(old: str, place: Span, text: str) -> tuple[Span, str]:
    """Return a change of whole lines without what stays the same at its beginning and its end.

    Neither is between `\r` and `\n`, where a position of the protocol cannot be.
    """
    whole = place.extract_from(old)
    change = TextChange(whole, text)
    start, end = change.start, change.end
    if whole[start - 1 : start + 1] == "\r\n" or text[start - 1 : start + 1] == "\r\n":
        start -= 1
    if whole[end - 1 : end + 1] == "\r\n" or text[end + change.grown - 1 : end + change.grown + 1] == "\r\n":
        end += 1
    return Span(place.start + start, place.start + end), text[start : end + change.grown]


def _split_lines(text: str) -> list[str]:
    """Return the lines of a text with their ends; only `\\n` ends one, which is enough to compare."""
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]


def make_workspace_edit(
    context: Context, project: LiveProject, corpus: Corpus, texts: Mapping[str, tuple[str, str]], *, confirm: str = ""
) -> Json:
    """Return the edit that gives notes their new texts; `texts` has the old and the new one of each.

    With `confirm`, a label, the client is asked to have each edit confirmed, if it can.
    """
    annotates = bool(confirm) and context.client.annotations
    changes: list[Json] = []
    for path, (old, new) in texts.items():
        document = context.workspace.find_open(project, path)
        positions = context.make_positions(project, corpus, path)
        edits: list[Json] = [
            {"range": positions.to_range(place), "newText": text} for place, text in list_changes(old, new)
        ]
        if annotates:
            edits = [{**edit, "annotationId": _ANNOTATION} for edit in edits]
        name = {
            "uri": context.workspace.make_uri(project, path),
            "version": None if document is None else document.version,
        }
        changes.append({"textDocument": name, "edits": edits})
    if not context.client.documents:
        return {"changes": {one["textDocument"]["uri"]: one["edits"] for one in changes}}
    note = {_ANNOTATION: {"label": confirm, "needsConfirmation": True}}
    return {"documentChanges": changes, **({"changeAnnotations": note} if annotates else {})}
