"""Start a browser once; tests are skipped with a reason where there is none."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.support import BROWSERS, NOTES, Visit, find_program, write_report

OpenVisit = Callable[..., Visit]


@pytest.fixture(scope="session", params=[*BROWSERS])
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Yield a running browser."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as play:
        kind = getattr(play, request.param)
        own = Path(kind.executable_path)  # that `playwright install` fetched
        program = str(own) if own.exists() else find_program(request.param)
        if not program:
            pytest.skip(f"there is no {request.param} on this machine")
        try:
            started = kind.launch(executable_path=program)
        except api.Error as error:
            pytest.skip(f"{request.param} does not start under playwright: {str(error).splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[OpenVisit]:
    """Yield a function that opens a window; its arguments are those of `browser.new_context`."""
    contexts: list[Any] = []

    def open_window(**given: Any) -> Visit:
        contexts.append(browser.new_context(**given))
        return Visit(contexts[-1].new_page())

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of a few notes."""
    folder: Path = tmp_path_factory.mktemp("report")
    return write_report(folder, NOTES, "--history", str(folder / "history.jsonl"))
