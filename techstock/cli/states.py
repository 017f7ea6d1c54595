"""The summary of the web's answers, as a sentence and as a table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from techstock.model.web import BLOCKED, OK, STATES, UNKNOWN, Answer
from techstock.text.width import cut, padded

_HOST = 32  # columns


def told(web: Mapping[str, Answer], *, table: bool) -> Iterator[str]:
    """Yield a sentence about all answers; with `table`, first a row for each host, with its reasons."""
    if not web:
        yield "no image leads to the web"
        return
    if table:
        yield from _table(web)
    yield _sentence(web.values())


def _sentence(answers: Iterable[Answer]) -> str:
    answers = list(answers)
    counts = Counter(answer.state for answer in answers)
    cached = sum(answer.cached for answer in answers)
    fresh = f" ({cached:,} asked in earlier runs)" if cached else ""
    parts = [f"{counts[OK]:,} of {len(answers):,} remote images ok{fresh}"]
    parts += [f"{counts[state]:,} {state} ({_reasons(answers, state)})" for state in STATES[1:] if counts[state]]
    missing = counts[UNKNOWN] + counts[BLOCKED]
    return "; ".join(parts) + (f"; {missing:,} not verified" if missing else "")


def _reasons(answers: Iterable[Answer], *states: str) -> str:
    counts = Counter(answer.reason for answer in answers if answer.state in states)
    return ", ".join(
        f"{count:,} {reason}" for reason, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair))
    )


def _table(web: Mapping[str, Answer]) -> Iterator[str]:
    by_host: dict[str, list[Answer]] = {}
    for answer in web.values():
        by_host.setdefault(answer.host or "(no host)", []).append(answer)
    yield _row("host", STATES)
    for host, answers in sorted(by_host.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        counts = Counter(answer.state for answer in answers)
        yield _row(host, [f"{counts[state]:,}" if counts[state] else "-" for state in STATES])
        if reasons := _reasons(answers, *STATES[1:]):
            yield f"  {reasons}"


def _row(host: str, cells: Iterable[str]) -> str:
    return padded(cut(host, _HOST), _HOST) + "".join(f"{cell:>9}" for cell in cells)
