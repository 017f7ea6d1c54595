"""The section on duplicates: rows to decide on, by pair of notes."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from shlex import join
from typing import NamedTuple

from techstock.duplicates.term_keys import strip_term_markup
from techstock.fix.ignore_comments import format_ignore_comment
from techstock.merge.copy_changes import REMOVED
from techstock.report.cluster_reviews import (
    KINDS,
    READY,
    REFUSED,
    WHOLE_NOTE,
    ClusterReview,
    CopyText,
    MergeOutcome,
    NotePair,
    group_by_note_pairs,
)
from techstock.report.differences import mark_differences
from techstock.report.elements import (
    PageContext,
    PageSection,
    make_fold,
    make_lead,
    make_message,
    make_place,
    make_text,
)
from techstock.report.markup import Markup, join_markup, make_element

_MARKER = re.compile(r"^(?:[-*+]|[0-9]{1,9}[.)])\s+")
_MAX_SNIPPET = 90  # characters
_MAX_PLACES = 20  # of one text


class DuplicatesInput(NamedTuple):
    """The clusters, the length of each note with copies, and the options that a command repeats to find the same."""

    reviews: Sequence[ClusterReview]
    lengths: Mapping[str, int]
    choices: Sequence[str] = ()


def make_duplicates_section(context: PageContext, given: DuplicatesInput) -> PageSection:
    """Return the section on duplicates."""
    seen = Counter[str]()
    pairs = group_by_note_pairs(given.reviews)
    groups = [_make_pair(context, given, pair, seen, opened=number == 0) for number, pair in enumerate(pairs)]
    content = [
        make_lead(context, "duplicates-lead"),
        make_lead(context, "result-planned"),
        _make_filter(context, given.reviews),
        _make_script_box(context),
    ]
    rows = make_element("div", groups, class_="rows")
    return PageSection("duplicates", len(given.reviews), join_markup([*content, rows]))


def _make_filter(context: PageContext, reviews: Sequence[ClusterReview]) -> Markup:
    counts = Counter(review.kind for review in reviews)
    shown = [("all", len(reviews)), *((kind, counts[kind]) for kind in KINDS if counts[kind]), ("undecided", -1)]
    buttons = [
        make_element(
            "button",
            context.words.say(key),
            make_element("span", f" {count:,}" if count >= 0 else "", class_="count"),
            type="button",
            data_show=key,
            aria_pressed="true" if key == "all" else "false",
        )
        for key, count in shown
    ]
    return make_element("div", buttons, class_="tools js-only")


def _make_script_box(context: PageContext) -> Markup:
    say = context.words.say
    box = make_element("textarea", "", id="script", rows=8, readonly=True, spellcheck="false", aria_label=say("script"))
    buttons = [
        make_element("button", say("copy"), type="button", data_copy_from="script"),
        make_element("button", say("download"), type="button", id="download"),
        make_element("button", say("clear"), type="button", id="clear"),
    ]
    head = [say("script"), " ", make_element("span", "0", id="decided", class_="count")]
    warning = make_element("p", say("not-kept"), id="not-kept", class_="warning", hidden=True)
    lead = make_element("p", say("script-lead"))
    return make_fold(head, warning, lead, box, make_element("p", buttons), class_="script js-only", id_="decisions")


def _make_pair(
    context: PageContext, given: DuplicatesInput, pair: NotePair, seen: Counter[str], *, opened: bool
) -> Markup:
    say, (one, other) = context.words.say, pair.paths
    name = say("within", path=one) if one == other else f"{one} ↔ {other}"
    ready = sum(review.kind == READY for review in pair.reviews)
    head = [
        make_element("span", name, class_="pair-name"),
        make_element("span", say("clusters", count=len(pair.reviews)), class_="count"),
        make_element("span", _format_share(context, given, pair), class_="share"),
    ]
    accept = make_element("button", say("accept-ready", count=ready), type="button", data_accept=True)
    rows = [_make_row(context, given, review, seen) for review in pair.reviews]
    tools = make_element("p", accept, class_="js-only") if ready else None
    return make_fold(head, tools, *rows, class_="pair", open_=opened)


def _format_share(context: PageContext, given: DuplicatesInput, pair: NotePair) -> str:
    copied = Counter[str]()
    for review in pair.reviews:
        for text in review.texts:
            for place in text.places:
                copied[place.path] += sum(len(line) + 1 for line in text.source)
    one, other = (min(100 * copied[path] // max(given.lengths.get(path, 0), 1), 100) for path in pair.paths)
    if not copied.total():
        return ""
    if pair.paths[0] == pair.paths[1]:
        return context.words.say("share-within", one=one)
    return context.words.say("share", one=one, other=other)


def _make_row(context: PageContext, given: DuplicatesInput, review: ClusterReview, seen: Counter[str]) -> Markup:
    """Return the row of a cluster; findings that read the same have one fingerprint, and so one decision."""
    say, number = context.words.say, seen[review.fingerprint]
    seen[review.fingerprint] += 1
    term = strip_term_markup(review.term).strip()
    snippet = _find_snippet(review, term)
    head = [
        make_element("span", say(review.kind), class_=f"kind {review.kind}"),
        make_text(context, "b", term),
        make_text(context, "span", snippet, class_="snippet"),
        make_element("span", say("copies", count=review.copies), class_="count"),
        make_element("span", "", class_="decided"),
    ]
    content = [*_iter_texts(context, review), *_iter_reasons(context, review), *_iter_result(context, review)]
    return make_element(
        "details",
        make_element("summary", head),
        make_element("div", content, _make_actions(context, given, review), class_="body"),
        class_="row cluster",
        id=f"c-{review.fingerprint}{f'-{number + 1}' if number else ''}",
        data_finding=review.fingerprint,
        data_kind=review.kind,
    )


def _find_snippet(review: ClusterReview, term: str) -> str:
    """Return the beginning of the kept copy without what stands beside it: its marker and its term."""
    if review.kind == WHOLE_NOTE:
        return " ↔ ".join(review.paths)
    text = _MARKER.sub("", " ".join(" ".join(review.texts[0].source).split()))
    if term and text.lstrip("*_").startswith(term):
        text = text.lstrip("*_")[len(term) :].lstrip("*_:： ")
    return text if len(text) <= _MAX_SNIPPET else f"{text[: _MAX_SNIPPET - 1]}…"


def _iter_texts(context: PageContext, review: ClusterReview) -> Iterator[Markup]:
    """Yield each text once, with its places; what the kept copy does not say is marked, and the other way round."""
    say, texts = context.words.say, review.texts
    found, compared = [], True
    for text in texts:
        other = texts[1 if text.kept else 0].source if len(texts) > 1 else ()
        marked = mark_differences(text.source, other) if len(texts) > 1 else None
        compared = compared and (marked is None or marked.compared)
        content = marked.content if marked else join_markup(text.source, "\n")
        caption = make_element("figcaption", _iter_places(context, text))
        pre = make_text(context, "pre", "\n".join(text.source), content) if text.source else None
        found.append(make_element("figure", caption, pre, class_="copy"))
    if len(texts) == 1 and review.kind != WHOLE_NOTE:
        yield make_element("p", say("identical"), class_="remark")
    yield make_element("div", found, class_="copies")
    if not compared:
        yield make_element("p", say("too-long"), class_="warning")


def _iter_places(context: PageContext, text: CopyText) -> Iterator[Markup]:
    for number, place in enumerate(text.places[:_MAX_PLACES]):
        stays = make_element("span", context.words.say("stays"), class_="stays") if text.kept and not number else None
        heading = make_text(context, "span", place.heading, class_="heading") if place.heading else None
        line = [make_place(context, place.path, place.line), Markup(" "), heading or Markup(), stays or Markup()]
        yield make_element("div", line)
    if len(text.places) > _MAX_PLACES:
        yield make_element("div", context.words.say("and-more", count=len(text.places) - _MAX_PLACES))


def _iter_reasons(context: PageContext, review: ClusterReview) -> Iterator[Markup]:
    if review.reason:
        key = "why-refused" if review.kind in (REFUSED, WHOLE_NOTE) else "why-read"
        said = [make_element("b", context.words.say(key)), ": ", _make_english(context, review.reason)]
        yield make_element("p", said, class_="warning")


def _make_english(context: PageContext, text: str) -> Markup:
    """Return a message of techstock, which is in English whatever the page's language."""
    return make_element("span", make_message(text), lang=None if context.words.language == "en" else "en")


def _iter_result(context: PageContext, review: ClusterReview) -> Iterator[Markup]:
    say = context.words.say
    if review.kind in (REFUSED, WHOLE_NOTE):
        return
    if review.outcome is None:
        yield make_element("p", say("not-planned"), class_="remark")
        return
    parts = list(_iter_outcome(context, review, review.outcome))
    yield make_element("div", make_element("h4", say("result")), parts, class_="result")


def _iter_outcome(context: PageContext, review: ClusterReview, outcome: MergeOutcome) -> Iterator[Markup]:
    say, home = context.words.say, review.texts[0].places[0]
    if outcome.kept:
        yield make_element("p", make_place(context, home.path, home.line), " ", say("becomes-kept"), ":")
        marked = mark_differences(outcome.kept, review.texts[0].source, "ins")
        yield make_text(context, "pre", "\n".join(outcome.kept), marked.content)
    else:
        yield make_element("p", make_place(context, home.path, home.line), ": ", say("unchanged"))
    for place, kind, text in outcome.others:
        end = "" if kind == REMOVED else ":"
        yield make_element("p", make_place(context, place.path, place.line), " ", say(kind), end)
        if kind != REMOVED:
            yield make_text(context, "pre", text)
    for one, other in outcome.near:
        yield make_element("p", say("near"), class_="remark")
        yield make_text(context, "pre", f"{' '.join(one.split())}\n{' '.join(other.split())}")
    for warning in outcome.warnings:
        yield make_element("p", _make_english(context, warning), class_="warning")


def _make_actions(context: PageContext, given: DuplicatesInput, review: ClusterReview) -> Markup:
    """Return the command and the comment to copy; the script adds the buttons, which are the same in each row."""
    say = context.words.say
    rows = []
    if review.kind not in (REFUSED, WHOLE_NOTE):
        rows.append((say("command"), join(["techstock", "merge", *given.choices, "--apply", review.fingerprint])))
    rows.append((say("comment"), format_ignore_comment([review.rule], f" {say('ignore-reason')}")))
    lines = [make_element("div", f"{name}: ", make_element("code", text)) for name, text in rows]
    return make_element("div", lines, class_="actions")
