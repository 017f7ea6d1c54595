"""What the tests of formats share: notes without a parser, diagnostics at marked text, rendered reports."""

from collections.abc import Sequence
from typing import Any

from techstock import formats
from techstock.model import ERROR, INFO, WARNING, Corpus, Diagnostic, Edit, Fix, Note, Problem, RelatedSpan, Span

PATH = "notes/01-10.md"


def find_place(text: str, marked: str, path: str = PATH) -> Span:
    """Return the place of the first `marked` in `text`."""
    start = text.index(marked)
    return Span(start, start + len(marked), path)


def make_diagnostic(
    place: Span, message: str = "wrong", *, rule: str = "a-rule", severity: str = WARNING, **more: Any
) -> Diagnostic:
    return Diagnostic(rule, severity, Problem(place, message, **more), ("here",))


def render_report(
    name: str,
    texts: str | dict[str, str],
    diagnostics: Sequence[Diagnostic],
    *,
    color: bool = False,
    width: int = 80,
    base: str = "",
) -> str:
    """Render a report in format `name` over notes with these texts; a text alone is that of `notes/01-10.md`."""
    by_path = {PATH: texts} if isinstance(texts, str) else texts
    corpus = Corpus(tuple(Note(path, text) for path, text in sorted(by_path.items())))
    return "".join(formats.load_format(name).render(formats.Report(diagnostics, corpus, color, width, base)))


HOSTILE = "##[add-mask]a\n::error::x\r::stop-commands::t\x1b[2J\u202e\u2028\ufffe\udc80]](x) %0A|`<b>@a&\"',=停止.md"
"""Text that every format must carry and nothing may obey."""


def make_diagnostics(path: str = PATH) -> list[Diagnostic]:
    """Return one problem that uses all fields, over `TEXT`; one without; one about a file that is no note."""
    place = find_place(TEXT, ": 👍", path)
    return [
        make_diagnostic(
            find_place(TEXT, "停止", path),
            "`停止` is wrong",
            rule="duplicate-definition",
            related=(RelatedSpan(find_place(TEXT, "また\r\n動く", path), "the other half"),),
            help="keep one",
            fix=Fix("write it\nwell", (Edit(place, "：\n"), Edit(Span(0, 0, path), "")), safe=False),
            data={"score": 1.0, "terms": ("停止", None)},
        ),
        make_diagnostic(find_place(TEXT, "た\r\n", path), "line end", rule="section-empty", severity=ERROR),
        make_diagnostic(Span(7, 9, "images/\udc80.png"), "is broken", rule="section-empty", severity=INFO),
    ]


TEXT = "\ufeff停止: 👍 止まること。\r\n再開: また\r\n動くこと。\r\n"


def render_problem(text: str, marked: str, *, width: int = 80, **more: Any) -> str:
    """Render one problem at `marked` in the format `full`, without its first two rows."""
    return render_report("full", text, [make_diagnostic(find_place(text, marked), **more)], width=width).split("\n", 2)[
        2
    ]
