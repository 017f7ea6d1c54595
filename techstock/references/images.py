"""Checks of all images of a corpus, made once and in one place, so that at most one rule reports each image."""

from collections.abc import Mapping

import msgspec

from techstock.model import Corpus, Fix, Place, Problem
from techstock.model.files import TRACKED, UNTRACKED, Content
from techstock.references.hosted import expiring, in_repository
from techstock.references.lookup import MISSING, Lookup, lookup
from techstock.references.mending import respelled
from techstock.references.pictures import faulty, is_image
from techstock.references.reference import INSIDE, Reference, Verdict
from techstock.references.standing import standing
from techstock.references.targets import DATA, MACHINE, NOTHING, PATH, WEB, personal, resolved, target
from techstock.references.vault import embedded


class Sound(msgspec.Struct, frozen=True):
    """An image that can be shown: its span, the path of its file as messages display it, and the file's content."""

    place: Place
    shown: str
    content: Content


class Decision(msgspec.Struct, frozen=True):
    """The problems by rule, the valid images, and the paths of all files that images name."""

    problems: Mapping[str, tuple[Problem, ...]]
    sound: tuple[Sound, ...]
    used: frozenset[str]


class _Judged(msgspec.Struct, frozen=True):
    """The problem of a target, if there is one, and the path of its file, or its `data:` URI."""

    verdict: Verdict | None = None
    path: str = ""


def decide(corpus: Corpus) -> Decision:
    """Return the results for all images; computed once for each corpus, whichever rules ask."""
    if "images" not in corpus.memo:
        corpus.memo["images"] = _decide(corpus)
    decision: Decision = corpus.memo["images"]
    return decision


def problems(corpus: Corpus, rule: str) -> tuple[Problem, ...]:
    """Return the problems of images that one rule reports."""
    return decide(corpus).problems.get(rule, ())


def _decide(corpus: Corpus) -> Decision:
    names = lookup(corpus) if any(note.images for note in corpus.notes) else None
    verdicts: list[tuple[Reference, Verdict]] = []
    files: list[tuple[Reference, str]] = []
    used: set[str] = set()
    for note in corpus.notes:
        for image in note.images:
            reference = Reference(note, image, target(image.target))
            judged = _judged(names, reference)
            used.add(judged.path)
            if judged.verdict:
                verdicts.append((reference, judged.verdict))
            elif judged.path:
                files.append((reference, judged.path))
    sound: list[Sound] = []
    if names:  # all files are looked into together
        contents = names.files.contents({path for _, path in files})
        for reference, path in files:
            shown, content = "" if _is_data(path) else names.shown(path), contents[path]
            if fault := faulty(content, shown):
                data = {"path": shown} if shown else {}
                verdicts.append((reference, Verdict(fault.rule, fault.message, fault.label, fault.help, data=data)))
            elif shown:
                sound.append(Sound(reference.place, shown, content))
    return Decision(_by_rule(verdicts), tuple(sound), frozenset(used - {""}))


def _by_rule(verdicts: list[tuple[Reference, Verdict]]) -> dict[str, tuple[Problem, ...]]:
    found: dict[str, list[Problem]] = {}
    mended: set[Place] = set()  # a definition that many images share is mended once
    for reference, verdict in verdicts:
        edited = {edit.place for edit in verdict.fix.edits} if verdict.fix else set[Place]()
        problem = reference.problem(verdict, mend=not edited & mended)
        mended |= edited
        found.setdefault(verdict.rule, []).append(problem)
    return {rule: tuple(several) for rule, several in found.items()}


def _is_data(path: str) -> bool:
    return path[:5].lower() == "data:"


def _judged(names: Lookup | None, reference: Reference) -> _Judged:
    kind, url = reference.target.kind, reference.image.target.strip()
    if reference.image.kind == "wiki":
        return _embedded(names, reference) if names and is_image(url) else _Judged()
    if kind == PATH and names:
        return _named(names, reference)
    if kind == DATA:
        return _Judged(path=url)
    if kind == WEB:
        inside = in_repository(url, names.files.home) if names else None
        return _inside(names, reference, inside[0]) if names and inside else _Judged(_on_web(url))
    if kind == MACHINE:
        cure = "leave it out: every reader of the note has it" if "password" in reference.target.why else INSIDE
        return _Judged(Verdict("image-path", reference.target.why, help=cure))
    return _Judged(_nothing(reference) if kind == NOTHING else None)


def _nothing(reference: Reference) -> Verdict | None:
    """Return the problem of an image without a target, unless other attributes may provide its source."""
    note, image, _ = reference
    source = image.place.of(note.text).lower()
    if image.kind == "html" and any(name in source for name in ("srcset", "data-", ":src", "v-bind", "{")):
        return None
    if image.kind == "reference" and image.at.of(note.text).strip():
        return None  # a definition that the parser could not take apart
    what = "this `<img>` has no `src`" if image.kind == "html" else "this image has no target"
    return Verdict("image-empty", what, help="name the image file, or remove the image")


def _on_web(url: str) -> Verdict | None:
    dying = expiring(url)
    if dying:
        return Verdict("image-expiring", f"this URL {dying.why}", "will be dead", dying.help)
    if url[:5].lower() == "http:":
        return Verdict("image-insecure", "this image is fetched without encryption", help="write `https:`")
    return None


def _embedded(names: Lookup, reference: Reference) -> _Judged:
    """Check an image that `![[…]]` of Obsidian names."""
    found = embedded(names, reference.home(names), reference.image.target.strip())
    if found is None:
        return _Judged()
    if found.kind == MISSING:
        what = f"no file of the vault has the name `{found.path}`"
        return _Judged(Verdict("image-missing", what, "not found", "add the file, or mend the name"))
    return _Judged(standing(names, reference, found), found.path)


def _inside(names: Lookup, reference: Reference, path: str) -> _Judged:
    """Check an image that a URL of this repository names; `path` is the path in it."""
    meant = resolved(path, "")
    if meant is None:
        return _Judged(_outside(names))
    found = names.find(meant)
    return _Judged(standing(names, reference, found), found.path)


def _named(names: Lookup, reference: Reference) -> _Judged:
    """Check an image that a path names."""
    meant = reference.meant(names)
    if meant is None or names.find(meant).kind == MISSING:
        odd = personal(reference.target)
        if odd:
            return _Judged(Verdict("image-path", odd, help=INSIDE, fix=_slashes(names, reference)))
    if meant is None:
        return _Judged(_outside(names))
    found = names.find(meant)
    if found.kind in (TRACKED, UNTRACKED) and "%2f" in reference.target.raw.lower():
        fix = respelled(names, reference.note, reference.image, reference.target, meant)
        return _Judged(Verdict("image-encoding", "`%2F` hides a `/` of this path", help="write `/`", fix=fix), meant)
    return _Judged(standing(names, reference, found), found.path)


def _outside(names: Lookup) -> Verdict:
    where = "repository" if names.files.in_git else "project"
    return Verdict("image-outside", f"this path leads out of the {where}", "outside", INSIDE)


def _slashes(names: Lookup, reference: Reference) -> Fix | None:
    """Return the fix that replaces backslashes with `/`, if the resulting path is a file."""
    path = resolved(reference.target.path.replace("\\", "/"), reference.folder(names))
    if path is None or names.find(path).kind not in (TRACKED, UNTRACKED):
        return None
    return respelled(names, reference.note, reference.image, reference.target, path)
