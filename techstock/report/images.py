"""The section on images: by state, broken first. Nothing on the web is loaded."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from techstock.links.image_checks import check_images
from techstock.links.image_states import ON_WEB, OTHER_FORMAT, UNKNOWN_FORMAT, VALID, CheckedImage
from techstock.model import Corpus
from techstock.model.files import UNCHECKED, UNTRACKED
from techstock.model.web import BLOCKED, BROKEN, OK, SKIPPED, UNKNOWN, WebStatus
from techstock.report.elements import PageContext, PageSection, make_fold, make_lead, make_long_list, make_place
from techstock.report.markup import Markup, make_element

MAX_THUMBNAILS = 1_000
STATES = ("broken", "doubtful", "unknown", "unasked", "ok")  # in the order of the page
_BY_WEB_STATE = {BROKEN: "broken", UNKNOWN: "unknown", BLOCKED: "unknown", SKIPPED: "unasked", OK: "ok"}
_DOUBTFUL = frozenset({UNTRACKED, OTHER_FORMAT, UNKNOWN_FORMAT})
_MAX_TARGET = 160  # characters; a `data:` URI may have a million


class ShownImage(NamedTuple):
    """An image with its state on the page, the reason in a few words, and the host if it is on the web."""

    image: CheckedImage
    state: str
    reason: str
    host: str = ""


def judge_images(corpus: Corpus, answers: Mapping[str, WebStatus], scope: frozenset[str] | None) -> list[ShownImage]:
    """Return all images in scope; `answers` are those of the last check of the web, by target."""
    return [
        _judge_image(image, answers.get(image.image.target))
        for image in check_images(corpus)
        if scope is None or image.note.path in scope
    ]


def _judge_image(image: CheckedImage, answer: WebStatus | None) -> ShownImage:
    if image.state == ON_WEB:
        if answer is None:
            return ShownImage(image, "unasked", "")
        return ShownImage(image, _BY_WEB_STATE.get(answer.state, "unknown"), answer.reason, answer.host)
    if image.state == VALID:
        return ShownImage(image, "ok", "")
    if image.state == UNCHECKED:
        return ShownImage(image, "unknown", image.content.detail)
    return ShownImage(image, "doubtful" if image.state in _DOUBTFUL else "broken", image.why or image.state)


def list_thumbnail_paths(images: Sequence[ShownImage]) -> list[str]:
    """Return the files to show as thumbnails, each once, in the order of the page."""
    shown = (one.image.path for state in STATES for one in images if one.state == state)
    return [path for path in dict.fromkeys(shown) if path and path[:5].lower() != "data:"][:MAX_THUMBNAILS]


def make_images_section(
    context: PageContext, images: Sequence[ShownImage], thumbnails: Mapping[str, bytes]
) -> PageSection:
    """Return the section on images; `thumbnails` are WebP or SVG files, by path."""
    say = context.words.say
    groups = {state: [one for one in images if one.state == state] for state in STATES}
    tiles = [
        make_element("li", make_element("b", f"{len(groups[state]):,}"), " ", say(f"state-{state}"), class_=state)
        for state in STATES
    ]
    content = [make_lead(context, "images-lead"), make_element("ul", tiles, class_="tiles")]
    for state, own in groups.items():
        if own:
            head = [say(f"state-{state}"), " ", make_element("span", f"{len(own):,}", class_="count")]
            rows = make_long_list(context, list(_iter_rows(context, own, thumbnails)), class_="images")
            content.append(make_fold(head, rows, open_=state == "broken"))
    return PageSection("images", len(images), make_element("div", content, class_="rows"))


def _iter_rows(context: PageContext, images: Sequence[ShownImage], thumbnails: Mapping[str, bytes]) -> Iterator[Markup]:
    for one in images:
        note, image = one.image.note, one.image.image
        target = image.target if len(image.target) <= _MAX_TARGET else f"{image.target[:_MAX_TARGET]}…"
        line, _ = note.lines.find_position(image.place.start)
        data = thumbnails.get(one.image.path)
        picture = make_element("img", src=make_data_address(data), alt=image.alt, loading="lazy") if data else Markup()
        about = [
            make_element("div", make_element("code", target)),
            make_element("div", make_place(context, note.path, line), " ", one.host, " ", one.reason),
            make_element("div", image.alt or context.words.say("no-alt"), class_="alt"),
        ]
        yield make_element("li", make_element("div", picture, class_="frame"), make_element("div", about))


def make_data_address(data: bytes) -> str:
    """Return the `data:` URI of a thumbnail. An SVG in an `img` runs no script and loads nothing."""
    media = "webp" if data[:4] == b"RIFF" else "svg+xml"
    return f"data:image/{media};base64,{b64encode(data).decode('ascii')}"
