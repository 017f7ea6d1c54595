"""Merge every cluster of copies in a copy of its notes, and judge what became of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from unicodedata import category, normalize
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from techstock.duplicates.clusters import find_clusters
from techstock.duplicates.prose import get_compared_entry
from techstock.merge import MergeError
from techstock.merge.candidates import MERGEABLE_RULES, MergeCandidate, find_merge_candidates
from techstock.merge.plan import MergePlan, plan_merge
from techstock.merge.verification import apply_plan
from techstock.model import Corpus
from tests.fix.support import list_corpus_destinations
from tests.harm.rendering import RENDERERS, Page, read_page

_QUOTED = re.compile(r"`[^`]*`")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
_BEGINNING = re.compile(r"\n(?=[ \t]*(?:\n|#|[-*+][ \t]|[0-9]+[.)][ \t]))")  # of a block
_URL = re.compile(r"https?://[^\s<>()\u3000、。]+")
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^()\s]+)")
_NAME_OR_NUMBER = re.compile(r"[A-Za-z][A-Za-z0-9_+#.-]*[A-Za-z0-9]|[0-9]+(?:[.,][0-9]+)*|[\u30a1-\u30fa\u30fc]{2,}")
_TITLE = re.compile(r"""[ =]["'](\w+)["'](?=[)>])""")
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\s][^$\n]*\$", re.S)


class Merge(Struct, frozen=True):
    """What became of a cluster: the reason why it is refused, or the harm that merging did; neither is best."""

    rule: str
    refused: str = ""
    harm: tuple[str, ...] = ()


def list_candidates(corpus: Corpus) -> Iterator[MergeCandidate]:
    """Yield every cluster of copies that a comment does not keep apart."""
    for rule, name in MERGEABLE_RULES.items():
        for finding in find_clusters(corpus, name):
            if not finding.ignored:
                found = find_merge_candidates(corpus, corpus.notes[finding.kept.note], finding.kept.entry, [rule])
                yield from (one for one in found if one.copies[one.kept].entry == finding.kept.entry)


def limit_to_folders(corpus: Corpus, cluster: MergeCandidate) -> tuple[Corpus, MergeCandidate]:
    """Return the notes in the folders of a cluster, and the cluster in them."""
    paths = [corpus.notes[unit.note].path for unit in cluster.copies]
    folders = {path.rpartition("/")[0] for path in paths}
    notes = tuple(note for note in corpus.notes if note.path.rpartition("/")[0] in folders)
    number = {note.path: at for at, note in enumerate(notes)}
    copies = tuple(replace(unit) for unit in cluster.copies)
    for unit, path in zip(copies, paths, strict=True):
        force_setattr(unit, "note", number[path])
    ends = ((corpus.notes[note].path, entry) for note, entry in cluster.whole)
    whole = frozenset((number[path], entry) for path, entry in ends if path in number)
    return replace(corpus, notes=notes), replace(cluster, copies=copies, whole=whole)


def merge_cluster(corpus: Corpus, cluster: MergeCandidate) -> Merge:
    """Merge a cluster, and judge the result by the sources alone."""
    try:
        planned = plan_merge(corpus, cluster)
        after = apply_plan(corpus, planned)
    except MergeError as error:
        return Merge(cluster.rule, refused=_QUOTED.sub("`…`", str(error)))
    harm = (*_find_losses(corpus, after, planned), *_find_dead_links(corpus, after))
    return Merge(cluster.rule, harm=harm)


def _find_losses(corpus: Corpus, after: Corpus, planned: MergePlan) -> Iterator[str]:
    """Yield the names, numbers, code, URLs, images, formulas and letters of the copies that no note has after it.

    Notes that do not change are not looked at, so that a word must be where the copies were merged.
    """
    paths = sorted({change.place.path for change in planned.changes})
    whole = "\n".join(after.by_path[path].text for path in paths)
    kept = _collect(whole)
    kept["code"] |= set[str]().union(
        *map(_collect_code, _BEGINNING.split(whole))
    )  # a stray mark pairs in its block only
    for copy in planned.cluster.copies:
        note = corpus.notes[copy.note]
        source = get_compared_entry(note, copy.entry).place.extract_from(note.text)
        for kind, values in _collect(source).items():
            if lost := values - kept[kind]:
                yield f"lost {kind}: {sorted(lost)} of `{note.path}`"
    for renderer in RENDERERS:
        was, now = ([read_page(notes.by_path[path].text, renderer) for path in paths] for notes in (corpus, after))
        letters, left = (set[str]().union(*(page.letters for page in pages)) for pages in (was, now))
        if lost := letters - left:
            yield f"lost word: {renderer} no longer shows {sorted(lost)}"
        links, left = (_list_addresses(pages) for pages in (was, now))
        if lost := links - left:
            yield f"lost link: {renderer} no longer links to {sorted(lost)}"


def _list_addresses(pages: Iterable[Page]) -> set[str]:
    """Return the addresses that pages link to; white space or a comma of Japanese ends one that is bare."""
    return {re.split("[。、]", unquote(link))[0] for page in pages for link in page.links if "://" in link}


def _collect_code(text: str) -> set[str]:
    return {" ".join(match[2].split()) for match in _CODE.finditer(text)}


def _collect(text: str) -> dict[str, set[str]]:
    targets = {match[1].rpartition("/")[2] for match in _IMAGE.finditer(text)}
    bare = re.sub(r"\]\([^()]*\)|<!-- ?techstock:.*?-->|</?[a-z]+>", "] ", text)
    return {
        "code": _collect_code(text),
        "URL": set(_URL.findall(text)),
        "image": targets,
        "formula": set(_FORMULA.findall(text)),
        # a long vowel at the end of a word, or a hyphen in its place, is a matter of spelling: `ユーザ-`, `ユーザー`
        "name or number": {word.casefold().rstrip("ー") for word in _NAME_OR_NUMBER.findall(bare)},
        "letter": {letter for letter in normalize("NFKC", bare.casefold()) if letter.isalnum()},
        "sign": {sign for sign in text if category(sign) in ("So", "Sc", "No")},
        "title": set(_TITLE.findall(text)),
    }


def _find_dead_links(corpus: Corpus, after: Corpus) -> Iterator[str]:
    """Yield the destinations that no link of a note leads to any more, and links that lead nowhere they led before."""
    was = {there for _, *there_ in list_corpus_destinations(corpus) for there in [tuple(map(str, there_))]}
    now = {there for _, *there_ in list_corpus_destinations(after) for there in [tuple(map(str, there_))]}
    if lost := was - now:
        yield f"dead link: {sorted(lost)}"


def count_merges(found: list[Merge]) -> Counter[str]:
    """Return how many clusters were merged, refused by reason, and harmed."""
    return Counter(one.refused or (one.harm[0].partition(":")[0] if one.harm else "merged") for one in found)
