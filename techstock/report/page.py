"""The page: one HTML file that works from a disk, makes no request, and shows everything without JavaScript."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from shlex import quote

import msgspec

from techstock.report.elements import PageContext, PageSection
from techstock.report.markup import Markup, make_element, make_raw_element
from techstock.report.package_files import read_package_file


class PageHeader(msgspec.Struct, frozen=True):
    """The top of the page: the name of the collection, the commit and its date, and counts as texts."""

    name: str
    commit: str
    date: str
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    version: str
    choices: str = ""  # options that the script repeats, quoted for a shell


def render_page(context: PageContext, header: PageHeader, sections: Sequence[PageSection]) -> Iterator[str]:
    """Yield the page in pieces."""
    style, script = read_package_file("report.css"), read_package_file("report.js")
    yield "<!DOCTYPE html>\n"
    yield f'<html lang="{context.words.language}">\n'
    yield _make_head(context, header, style, script)
    yield f"\n{_open_body(context, header)}\n"
    yield _make_banner(context, header, sections)
    yield '\n<main id="main">\n'
    for section in sections:
        yield _make_section(context, section)
        yield "\n"
    yield "</main>\n"
    yield make_element("footer", make_element("p", context.words.say("made-by", version=header.version)))
    yield "\n"
    yield make_raw_element("script", script)
    yield "\n</body>\n</html>\n"


def make_policy(style: str, script: str) -> str:
    """Return the content security policy: this style, this script and embedded images, and nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash_source(script)}'; style-src '{_hash_source(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash_source(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"


def _make_head(context: PageContext, header: PageHeader, style: str, script: str) -> Markup:
    return make_element(
        "head",
        make_element("meta", charset="utf-8"),
        make_element("meta", http_equiv="Content-Security-Policy", content=make_policy(style, script)),
        make_element("meta", name="referrer", content="no-referrer"),
        make_element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        make_element("meta", name="color-scheme", content="light dark"),
        make_element("title", context.words.say("title", name=header.name)),
        make_raw_element("style", style),
    )


def _open_body(context: PageContext, header: PageHeader) -> str:
    """Return the opening tag of the body; its attributes hold what the script writes: it has no words of its own."""
    say = context.words.say
    given = {
        "data-name": header.name,
        "data-choices": header.choices,
        "data-script-head": say("script-head", name=header.name),
        "data-reason": quote(say("ignore-reason")),
        "data-copy": say("copy"),
        "data-copied": say("copied"),
        "data-decision": say("decision"),
        "data-found": say("found", count="{count}"),
        "data-first-shown": say("first-shown", count="{count}"),
        "data-merge": say("merge"),
        "data-ignore": say("ignore"),
        "data-later": say("later"),
    }
    closed = make_element("body", **given)
    return closed.removesuffix("</body>")


def _make_banner(context: PageContext, header: PageHeader, sections: Sequence[PageSection]) -> Markup:
    say = context.words.say
    facts = [make_element("li", fact) for fact in (header.commit, header.date, *header.facts) if fact]
    tabs = [
        make_element(
            "a", say(section.key), " ", make_element("span", f"{section.total:,}", class_="count"),
            href=f"#{section.key}", data_tab=section.key,
        )
        for section in sections
    ]  # fmt: skip
    search = make_element(
        "input", type="search", id="search", placeholder=say("search"), aria_label=say("search-hint"),
        autocomplete="off", class_="js-only",
    )  # fmt: skip
    top = make_element(
        "header",
        make_element("h1", header.name),
        make_element("ul", facts, class_="facts"),
        [make_element("p", warning, class_="warning") for warning in header.warnings],
        _make_key_help(context),
    )
    return Markup(top + make_element("nav", tabs, search, class_="tabs", aria_label=say("sections")))


def _make_key_help(context: PageContext) -> Markup:
    say = context.words.say
    keys = [("j k", "key-next"), ("o", "key-open"), ("m i l", "key-decide"), ("/", "key-search")]
    parts = [[make_element("dt", name), make_element("dd", say(key))] for name, key in keys]
    rows = [part for pair in parts for part in pair]
    summary = make_element("summary", say("keys"))
    return make_element("details", summary, make_element("dl", rows), class_="keys js-only")


def _make_section(context: PageContext, section: PageSection) -> Markup:
    say = context.words.say
    title = make_element("h2", say(section.key), id=f"title-{section.key}")
    empty = make_element("p", say("nothing"), class_="remark") if not section.total else None
    hits = make_element("div", "", class_="hits", hidden=True, role="status")
    return make_element(
        "section", title, empty, hits, section.content, id=section.key, class_="view",
        aria_labelledby=f"title-{section.key}",
    )  # fmt: skip
