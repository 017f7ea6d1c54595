"""Judge what fixes make of notes, without a look at how techstock decides."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from techstock import registry
from techstock.engine import RuleRun, diagnose
from techstock.fix.edits import collect_edits, follow_links
from techstock.fix.fix_loop import FixOutcome, fix_corpus
from techstock.links.file_index import get_file_index
from techstock.links.inbound_links import find_destination, list_links
from techstock.model import OFF, WARNING, Corpus, Diagnostic, Edit, Note
from techstock.parse import reparse
from techstock.text.edits import apply_edits
from tests.fix.support import list_corpus_destinations
from tests.harm.generation import make_linked_corpus
from tests.harm.rendering import RENDERERS, read_page
from tests.support import get_texts, run_every_rule

_FOR_PROGRAMS = re.compile(
    r"`[^`\r\n]+`|\{\{.*?\}\}|\{%.*?%\}|%%.*?%%|\$\{[^{}\r\n]*\}|\\\(.*?\\\)"
    r"|(?<!\S)\^[\w-]+(?=[ \t]*$)|(?<!\S)(?<!\]: )#[\w/-]+",
    re.M,
)
# Targets and tags.
_NOT_READ = re.compile(
    r"(?<=\])\([^()\r\n]*\)|(?m:^[ \t>]*\[(?!\^)[^\]\r\n]+\]:.*$)|</?[A-Za-z][^<>]*>"
)  # targets and tags
Destination = tuple[str, str, str]  # the note of a link, that which it leads to, and what is known of the part
MAKE_LINKS = {"link-extension", "link-missing", "link-unrendered"}
_DIGITS = "0123456789"  # of a marker `1.` that was text
MEANT_TO_LOSE = {"marker-space": _DIGITS, "marker-indent": _DIGITS, "marker-task": "xX"}


def judge_note(old: str, new: str, edits: Iterable[Edit], rules: Iterable[str]) -> Iterator[str]:
    """Return what readers lose: letters beyond those that the edits take away, links, images and bold text."""
    gone: Counter[str] = Counter()
    for edit in edits:
        gone.update(filter(str.isalnum, edit.place.extract_from(old)))
    return judge_page(old, new, gone, rules)


def judge_page(old: str, new: str, gone: Counter[str], rules: Iterable[str]) -> Iterator[str]:
    """Yield what readers no longer see, apart from the letters that are `gone` by intention."""
    yield from judge_protected(old, new)
    excused = {letter for rule in rules for letter in MEANT_TO_LOSE.get(rule, "")}
    for renderer in RENDERERS:
        was, now = read_page(old, renderer), read_page(new, renderer)
        came = (now.images - was.images) + _select_new(was.links, now.links)  # shown as text before
        shown = Counter(filter(str.isalnum, unquote("".join(came.elements()))))
        lost = was.letters - now.letters - gone - shown
        if left := {letter: count for letter, count in lost.items() if letter not in excused}:
            yield f"lost word: {renderer} no longer shows {left}"
        if fewer := list(_strip(was.images) - _strip(now.images)):
            yield f"lost image: {renderer} no longer shows {fewer}"
        if fewer := list(_strip(was.links) - _strip(now.links)):
            yield f"lost link: {renderer} no longer has {fewer}"


def judge_protected(old: str, new: str) -> Iterator[str]:
    """Yield code, templates, comments, tags and block ids that a fix has changed."""
    if gone := Counter(_FOR_PROGRAMS.findall(old)) - Counter(_FOR_PROGRAMS.findall(new)):
        yield f"changed for programs: {sorted(gone)}"


def _strip(targets: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for target, count in targets.items():
        found[_strip_target(target)] += count
    return found


def _strip_target(target: str) -> str:
    """Return a target without what fixes may write anew: fragment, suffix, case, Unicode form and backslashes."""
    path = unicodedata.normalize("NFC", unquote(target).partition("#")[0]).replace("\\", "/")
    return path.casefold().removesuffix(".md")


def _select_new(was: Counter[str], now: Counter[str]) -> Counter[str]:
    """Return the targets of links that came, and not those that are only written anew."""
    more = _strip(now) - _strip(was)
    return Counter({target: count for target, count in (now - was).items() if _strip_target(target) in more})


def judge_bold(old: str, new: str, place: str) -> Iterator[str]:
    """Yield whether something else than what was meant is bold after a fix of the bold texts in a place."""
    parts = place.split("**")
    meant, between = Counter(map(_plain, parts[1::2])), Counter(map(_plain, parts[2:-1:2]))
    for renderer in RENDERERS:
        was, now = (Counter(map(_plain, read_page(text, renderer).bold)) for text in (old, new))
        # The same words may be bold elsewhere, or here already.
        if now - was not in (meant, meant - was) or (was - now) - between:
            yield f"wrong bold: {renderer}: {list(now - was)} came, {list(was - now)} went, {list(meant)} were meant"


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def apply_one(corpus: Corpus, one: Diagnostic) -> tuple[Corpus, Diagnostic] | None:
    """Return the corpus after one fix, with the edits of links that belong to it; `None` if it is refused."""
    chosen = follow_links(corpus, [one], None).chosen
    if not chosen:
        return None
    edits = collect_edits(chosen)
    notes = corpus.by_path
    changed = {path: reparse(notes[path], apply_edits(notes[path].text, own)) for path, own in edits.items()}
    return corpus.replace_notes(changed), chosen[0]


def judge_fix(corpus: Corpus, one: Diagnostic, plans: Mapping[str, RuleRun]) -> list[str] | None:
    """Return what harm one fix does by itself; `None` if it is refused."""
    done = apply_one(corpus, one)
    if done is None:
        return None
    after, whole = done
    harm: list[str] = []
    for path, edits in collect_edits([whole]).items():
        old, new = corpus.by_path[path].text, after.by_path[path].text
        harm += judge_note(old, new, edits, [one.rule])
        if one.rule == "emphasis-unrendered":
            harm += judge_bold(old, new, one.problem.place.extract_from(old))
    if not is_gone(corpus, after, one, plans[one.rule]):
        harm.append("still reported")
    return harm


def is_gone(corpus: Corpus, after: Corpus, one: Diagnostic, plan: RuleRun) -> bool:
    """Return whether the rule reports fewer problems where it reported this one."""
    path = one.problem.place.path
    if plan.rule.last:
        return len(_find_problems(after, plan.rule.name)) < len(_find_problems(corpus, plan.rule.name))
    if not plan.rule.whole:
        before, after = (Corpus((each.by_path[path],)) for each in (corpus, after))
        return len(diagnose(after, [plan])) < len(diagnose(before, [plan]))
    return True  # judged together, since all notes are looked at


def _find_problems(corpus: Corpus, rule: str) -> list[Diagnostic]:
    return [one for one in run_every_rule(corpus) if one.rule == rule]


def list_plans() -> dict[str, RuleRun]:
    """Return all rules, those that are off by default as warnings."""
    rules = map(registry.load_rule, registry.list_rule_names())
    return {rule.name: RuleRun(rule, WARNING if rule.level == OFF else rule.level) for rule in rules}


def judge_fixing(files: Mapping[str, str], *, unsafe: bool) -> list[str]:
    """Return what harm fixing does to notes from the first round to the last."""
    before = make_linked_corpus(files)
    outcome = fix_corpus(before, run_every_rule, unsafe=unsafe)
    harm = [f"fight: {fight.rules}" for fight in outcome.fights]
    harm += judge_outcome(before, outcome)
    texts = get_texts(outcome.corpus)
    again = fix_corpus(make_linked_corpus(texts), run_every_rule, unsafe=unsafe)
    harm += [f"second run: {one.rule} at {one.problem.place}" for one in again.fixed]
    return harm


def judge_outcome(before: Corpus, outcome: FixOutcome) -> Iterator[str]:
    """Yield what readers of any note lose by fixes."""
    rules = {one.rule for one in outcome.fixed}
    yield from judge_destinations(
        list_known_destinations(before), list_known_destinations(outcome.corpus), more=bool(rules & MAKE_LINKS)
    )
    yield from judge_new_links(before, outcome.corpus)
    for group in outcome.groups:
        for path, (old, new) in group.items():
            gone = _count_written(old) - _count_written(new)
            yield from (f"{harm} in {path}" for harm in judge_page(old, new, gone, rules))


def judge_destinations(was: Sequence[Destination], now: Sequence[Destination], *, more: bool) -> Iterator[str]:
    """Yield the links that no longer lead where they led, and the new ones unless `more` are meant to come."""
    rest = iter(now)
    lost = [there for there in was if not any(there == other for other in rest)]
    if lost or (len(now) > len(was) and not more):
        changed = [f"{old} -> {new}" for old, new in zip(was, now, strict=False) if old != new]
        yield f"dead link: {changed or [len(was), len(now)]}"


def judge_new_links(before: Corpus, after: Corpus) -> Iterator[str]:
    """Yield the links that lead nowhere but would have led somewhere before: they were made when it was gone."""
    was, now = get_file_index(before), get_file_index(after)
    for note in after.notes:
        for link in list_links(after, note):
            if find_destination(now, link) is None and find_destination(was, link) is not None:
                yield f"dead link: made at {link.place}"


def _count_written(text: str) -> Counter[str]:
    """Count the letters that are written to be read: a link that gains a digit makes up for none that a title loses."""
    return Counter(filter(str.isalnum, _NOT_READ.sub(" ", text)))


def list_known_destinations(corpus: Corpus) -> list[Destination]:
    """Return for each link its note, the note it leads to, and what is known of the part: the word below a heading."""
    return [
        (home, path, _identify(corpus.by_path[path], part) if isinstance(part, int) else str(part))
        for home, path, part in list_corpus_destinations(corpus)
        if path in corpus.by_path
    ]


def _identify(note: Note, heading: int) -> str:
    start = note.headings[heading].place.end
    found = re.compile(r"\bk[0-9]+\b").search(note.text, start)
    title = unicodedata.normalize("NFKC", note.headings[heading].title).casefold().replace("ー", "")
    return f"{found[0] if found else ''} {''.join(filter(str.isalpha, title))}"  # of all spellings of its terms
