"""The summary of the web's answers, as a sentence and as a table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from techstock.model.web import BLOCKED, OK, STATES, UNKNOWN, WebStatus
from techstock.text.width import pad_to_width, truncate_to_width

_HOST_WIDTH = 32  # columns


def format_web_summary(web: Mapping[str, WebStatus], *, table: bool) -> Iterator[str]:
    """Yield a sentence about all answers; with `table`, first a row for each host, with its reasons."""
    if not web:
        yield "no image leads to the web"
        return
    if table:
        yield from _format_host_table(web)
    yield _format_totals(web.values())


def _format_totals(answers: Iterable[WebStatus]) -> str:
    answers = list(answers)
    counts = Counter(answer.state for answer in answers)
    cached = sum(answer.cached for answer in answers)
    fresh = f" ({cached:,} asked in earlier runs)" if cached else ""
    parts = [f"{counts[OK]:,} of {len(answers):,} remote images ok{fresh}"]
    parts += [f"{counts[state]:,} {state} ({_format_reasons(answers, state)})" for state in STATES[1:] if counts[state]]
    missing = counts[UNKNOWN] + counts[BLOCKED]
    return "; ".join(parts) + (f"; {missing:,} not verified" if missing else "")


def _format_reasons(answers: Iterable[WebStatus], *states: str) -> str:
    counts = Counter(answer.reason for answer in answers if answer.state in states)
    return ", ".join(
        f"{count:,} {reason}" for reason, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair))
    )


def _format_host_table(web: Mapping[str, WebStatus]) -> Iterator[str]:
    by_host: dict[str, list[WebStatus]] = {}
    for answer in web.values():
        by_host.setdefault(answer.host or "(no host)", []).append(answer)
    yield _format_host_row("host", STATES)
    for host, answers in sorted(by_host.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        counts = Counter(answer.state for answer in answers)
        yield _format_host_row(host, [f"{counts[state]:,}" if counts[state] else "-" for state in STATES])
        if reasons := _format_reasons(answers, *STATES[1:]):
            yield f"  {reasons}"


def _format_host_row(host: str, cells: Iterable[str]) -> str:
    return pad_to_width(truncate_to_width(host, _HOST_WIDTH), _HOST_WIDTH) + "".join(f"{cell:>9}" for cell in cells)
