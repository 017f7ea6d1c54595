"""The format `markdown`: a summary that is text wherever the text is not ours."""

from collections import Counter

from markdown_it import MarkdownIt

from techstock import formats
from techstock.model import Corpus, Diagnostic, Note, RelatedSpan, Span
from tests.formats.support import HOSTILE, TEXT, make_diagnostic, make_diagnostics, render_report

_GITHUB = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def test_nothing_found() -> None:
    assert "### " not in render_report("markdown", TEXT, [])
    assert render_report("markdown", TEXT, []).startswith("## techstock\n\nNo problems in 1 note: ")


def test_change_against_an_earlier_run() -> None:
    corpus = Corpus((Note("notes/01-10.md", TEXT),))
    report = formats.Report(make_diagnostics(), corpus, before=Counter({"section-empty": 3, "fence-broken": 1}))
    output = "".join(formats.load_format("markdown").render(report))
    assert "| `section-empty` | error | 2 |  | -1 |\n" in output
    assert "| `duplicate-definition` | warning | 1 | 1 fixable (1 unsafe) | +1 |\n" in output
    assert "| `fence-broken` |  | 0 |  | -1 |\n" in output


def test_largest_clusters() -> None:
    copies = tuple(RelatedSpan(Span(i, i, "a.md"), "copy") for i in range(7))
    output = render_report("markdown", {"a.md": TEXT}, [make_diagnostic(Span(0, 1, "a.md"), related=copies)])
    assert "| 8 | `a-rule` | `a.md:1:1`, `a.md:1:1`, `a.md:1:1`, `a.md:1:2`, `a.md:1:3` and 3 more |\n" in output


def _hostile() -> list[Diagnostic]:
    texts = (HOSTILE, "<script>", "` `` | ```` @everyone #1", "[a](javascript:x)", "| --- |", "\n# a", "`", "a" * 9_999)
    copies = tuple(RelatedSpan(Span(0, 0, text), text) for text in texts)
    return [make_diagnostic(Span(0, 1, text), text, related=copies) for text in texts]


def test_text_from_notes_is_code_and_nothing_else() -> None:
    tokens = _GITHUB.parse(render_report("markdown", dict.fromkeys((HOSTILE,), TEXT), _hostile()))
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} == {"text", "code_inline"}
    assert {token.type for token in tokens}.isdisjoint({"html_block", "fence", "code_block", "bullet_list_open"})
    words = " ".join(child.content for child in inline if child.type == "text")
    assert set(words) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,.()")
    rows = [line for line in render_report("markdown", TEXT, _hostile()).split("\n") if line.startswith("| warning")]
    assert len(rows) == len(_hostile())


def test_it_fits_into_a_step_summary() -> None:
    many = [make_diagnostic(Span(0, 1, "停" * 400), "\U000e0001" * 5_000) for _ in range(5_000)]
    output = render_report("markdown", TEXT, many)
    assert len(output.encode()) < 1_048_576
    assert output.endswith("\n4,800 more are not listed.\n")
