"""Counts that are kept from run to run."""

import pytest

from techstock.report.history import HistoryError, RunCounts, format_history, make_trend_section, parse_history
from tests.report.support import make_context, read_page

RUNS = [
    RunCounts("2026-01-02T03:04:05Z", "a" * 40, 3, 20, 2, {"colon-style": 4, "duplicate-term": 2}),
    RunCounts("2026-02-02T03:04:05Z", "b" * 40, 4, 25, 1, {"colon-style": 1}),
]


def test_a_history_is_read_as_it_was_written() -> None:
    data = format_history(RUNS)
    assert data.count(b"\n") == 2
    assert parse_history(data + b"\n") == RUNS
    assert parse_history(b"") == []


@pytest.mark.parametrize("data", [b"{}", b"x", b'{"date":1}', b"\xff", b"[" * 9999])
def test_what_is_no_history_is_named_by_its_line(data: bytes) -> None:
    with pytest.raises(HistoryError, match="line 3"):
        parse_history(format_history(RUNS) + data)


def test_the_plot() -> None:
    page = read_page(make_trend_section(make_context(), RUNS).content)
    assert len(page.find_all("circle")) == 2
    assert "Problems: from 6 to 1" in page.text
    assert "colon-style -3" in page.text
    assert "duplicate-term -2" in page.text
    assert "2026-02-02" in page.text


def test_one_run_is_a_plot_too() -> None:
    page = read_page(make_trend_section(make_context(), RUNS[:1]).content)
    assert len(page.find_all("circle")) == 1
