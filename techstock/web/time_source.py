"""Time and random numbers in one place, so that tests can replace both."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import msgspec


class TimeSource(msgspec.Struct, frozen=True):
    """Source of time and random numbers.

    `now` counts seconds of this run, `wall` is Unix time, `chance` draws evenly between its two numbers.
    """

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    chance: Callable[[float, float], float] = random.uniform
