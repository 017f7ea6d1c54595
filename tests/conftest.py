"""Set how many examples properties try, and which; measure no test marked `no_cover`; hide the machine's git settings.

In every run the same hundred, so that a change that touches nothing fails nowhere. `HYPOTHESIS_PROFILE=thorough`, for
a scheduled run: thirty times as many, others each time.
"""

import os
import sys
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine, and who else uses it, than about techstock.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", UNTIMED, max_examples=100, derandomize=True, database=None)
settings.register_profile("thorough", UNTIMED, max_examples=3000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the git variables and the git configuration of this machine."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Measure no test marked `no_cover`: in a worker, `patch = subprocess` starts one that pytest-cov forgets."""
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(trace)
