"""Code actions: what an editor offers to do about a problem. Edits are made when one is chosen, if the client can wait.

A problem is found again by the key that its diagnostic carries, or by the lines that the user has marked; the ranges
that a client sends with diagnostics are not trusted, since some count them in other units.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from techstock import registry
from techstock.model import Corpus, Diagnostic
from techstock.server import changes
from techstock.server.changes import ChangeRefusedError, Texts
from techstock.server.context import Context
from techstock.server.diagnostics import make_key
from techstock.server.framing import INVALID_PARAMS, REQUEST_FAILED, Json, ProtocolError
from techstock.server.parameters import CodeActionItem, CodeActionParameters, CommandParameters
from techstock.server.text_edits import make_workspace_edit
from techstock.server.workspace import OpenNote

FIX, IGNORE, IGNORE_PAIR, MERGE, VARIANT, FIX_ALL = "fix", "ignore", "ignorePair", "merge", "variant", "fixAll"
QUICK_FIX, REWRITE, SOURCE_FIX_ALL = "quickfix", "refactor.rewrite", "source.fixAll.techstock"
KINDS = (QUICK_FIX, REWRITE, SOURCE_FIX_ALL)
APPLY_COMMAND = "techstock.apply"


def list_code_actions(context: Context, asked: CodeActionParameters) -> list[Json]:
    """Return the actions for the problems at a range."""
    opened = context.find_note(asked.text_document.uri)
    if opened is None:
        return []
    found = opened.project.read(lambda corpus: _find_problems(context, corpus, opened, asked))
    wanted = asked.context.only
    offered = [
        action
        for action in _iter_actions(context, opened, found)
        if wanted is None or any(_is_kind(action["kind"], kind) for kind in wanted)
    ]
    return [finished for action in offered if (finished := _finish_action(context, action))]


def _is_kind(kind: str, wanted: str) -> bool:
    return not wanted or kind == wanted or kind.startswith(f"{wanted}.")


def _find_problems(context: Context, corpus: Corpus, opened: OpenNote, asked: CodeActionParameters) -> list[Diagnostic]:
    """Return the problems that a request is about: those whose keys it has, else those on its lines."""
    own = [one for one in opened.project.found if one.problem.place.path == opened.path]
    keys = {_get_key(one.get("data")) for one in asked.context.diagnostics}
    if named := [one for one in own if make_key(one) in keys]:
        return named
    note, place = corpus.by_path[opened.path], context.find_range(corpus, opened, asked.range)
    first, last = note.lines.find_line(place.start), note.lines.find_line(place.end)
    return [
        one
        for one in own
        if note.lines.find_line(one.problem.place.start) <= last
        and first <= note.lines.find_line(one.problem.place.end)
    ]


def _get_key(data: Any) -> str:
    key = data.get("key") if isinstance(data, dict) else None
    return key if isinstance(key, str) else ""


def _iter_actions(context: Context, opened: OpenNote, found: Sequence[Diagnostic]) -> Iterator[Json]:
    """Yield the actions without their edits, the best first."""
    for one in found:
        yield from _iter_problem_actions(context, opened, one)
    if any(_is_safely_fixable(one, opened.path) for one in opened.project.found):
        data = {"do": FIX_ALL, "uri": opened.document.uri}
        yield {"title": "techstock: fix all that is safe to fix", "kind": SOURCE_FIX_ALL, "data": data}


def _is_safely_fixable(one: Diagnostic, path: str) -> bool:
    return one.problem.fix is not None and one.problem.fix.safe and one.problem.fixed_paths == {path}


def _iter_problem_actions(context: Context, opened: OpenNote, one: Diagnostic) -> Iterator[Json]:
    fix, rule = one.problem.fix, registry.load_rule(one.rule)
    written = context.make_writer(opened.project, opened.project.corpus).write(one)

    def make(do: str, title: str, kind: str = QUICK_FIX) -> Json:
        data = {"do": do, "uri": opened.document.uri, "key": make_key(one), "version": opened.document.version}
        return {"title": title, "kind": kind, "diagnostics": [written], "data": data}

    if fix:
        yield {
            **make(FIX, fix.message if fix.safe else f"{fix.message} (changes what is shown)"),
            "isPreferred": fix.safe,
        }
    if one.rule == "term-variant" and len(found := changes.find_same_variants(opened.project, one)) > 1:
        yield make(VARIANT, f"write `{one.problem.data['use']}` in all {len(found)} notes")
    if changes.may_merge(one):
        yield make(MERGE, f"merge the {len(one.problem.related) + 1} copies", REWRITE)
    if rule.paired and one.problem.related and one.problem.group is None:
        yield make(IGNORE_PAIR, f"ignore {one.rule} for this pair")
    if not rule.fixed:
        yield make(IGNORE, f"ignore {one.rule} here")


def _finish_action(context: Context, action: Json) -> Json | None:
    """Return an action as this client takes it; `None` for one that turns out to be impossible."""
    client = context.client
    asks_itself = action["data"]["do"] == MERGE and not client.annotations
    if asks_itself or not client.literals:
        command = {"title": action["title"], "command": APPLY_COMMAND, "arguments": [action["data"]]}
        return {**{k: v for k, v in action.items() if k != "data"}, "command": command} if client.literals else command
    if client.resolves:
        return action
    try:
        return {**action, "edit": _make_edit(context, action["data"])[0]}
    except ChangeRefusedError:
        return None


def resolve_code_action(context: Context, item: CodeActionItem) -> Json:
    """Return a chosen action with its edit. Raise `ProtocolError` if nothing can be changed.

    An action with a command is returned as it is: Neovim 0.7 asks for the edit of that, too.
    """
    if item.command is not None:
        return {"title": item.title, "kind": item.kind, "command": item.command}
    try:
        edit, _ = _make_edit(context, item.data)
    except ChangeRefusedError as error:
        raise ProtocolError(REQUEST_FAILED, str(error)) from None
    return {"title": item.title, "kind": item.kind, "data": item.data, "edit": edit}


def run_command(context: Context, asked: CommandParameters) -> None:
    """Do what an action says, for a client that cannot show its edits; ask before copies are merged."""
    if asked.command != APPLY_COMMAND or not asked.arguments:
        raise ProtocolError(INVALID_PARAMS, f"there is no command `{asked.command}` with these arguments")
    data = asked.arguments[0]
    try:
        edit, said = _make_edit(context, data)
    except ChangeRefusedError as error:
        context.show_message(str(error))
        return

    def apply(answer: Any) -> None:
        if isinstance(answer, dict) and answer.get("title") == "Merge":
            context.ask("workspace/applyEdit", {"edit": edit}, lambda _: None)

    if data["do"] == MERGE and context.client.asks:
        notes = len(edit.get("documentChanges") or edit["changes"])
        question = f"{said} This changes {notes} {'note' if notes == 1 else 'notes'}."
        choices = [{"title": "Merge"}, {"title": "Cancel"}]
        context.ask("window/showMessageRequest", {"type": 3, "message": question, "actions": choices}, apply)
    else:
        apply({"title": "Merge"})


def _make_edit(context: Context, data: Any) -> tuple[Json, str]:
    """Return the edit of an action, and a sentence about it. Raise `ChangeRefusedError` or `ProtocolError`."""
    if not isinstance(data, dict) or not isinstance(data.get("uri"), str):
        raise ProtocolError(INVALID_PARAMS, "the action has no data of techstock")
    opened = context.find_note(data["uri"])
    if opened is None:
        raise ChangeRefusedError("the note is not open any more")
    project = opened.project
    if project.has_failures:
        raise ChangeRefusedError("no note is changed, since not all rules could be run")
    if data.get("version", opened.document.version) != opened.document.version:
        raise ChangeRefusedError("the note has been changed since; ask again")

    def make(corpus: Corpus) -> tuple[Json, str]:
        texts, said, confirm = _find_texts(opened, corpus, data)
        return make_workspace_edit(context, project, corpus, texts, confirm=confirm), said

    return project.read(make)


def _find_texts(opened: OpenNote, corpus: Corpus, data: Json) -> tuple[Texts, str, str]:
    """Return the new texts of an action, a sentence about it, and a label if it needs to be confirmed."""
    project, do = opened.project, data.get("do")
    if do == FIX_ALL:
        return changes.fix_note(project, corpus, opened.path), "", ""
    one = next((one for one in project.found if make_key(one) == _get_key(data)), None)
    if one is None:
        raise ChangeRefusedError("the problem is not reported any more")
    if do == FIX:
        return changes.fix_problems(corpus, [one]), "", ""
    if do == VARIANT:
        return changes.fix_problems(corpus, changes.find_same_variants(project, one)), "", "Rename in all notes"
    if do == MERGE:
        texts, said = changes.merge_copies(project, corpus, one)
        return texts, said, "Merge copies"
    if do == IGNORE_PAIR:
        return changes.ignore_pair(project, corpus, one), "", ""
    if do == IGNORE:
        return changes.ignore_problem(project, corpus, one), "", ""
    raise ProtocolError(INVALID_PARAMS, f"there is no action `{do}`")
