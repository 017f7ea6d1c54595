"""Time and chance, in one place so that tests need neither."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import msgspec


class Clock(msgspec.Struct, frozen=True):
    """`now` counts seconds of this run, `wall` is Unix time, `chance` draws evenly between its two numbers."""

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    chance: Callable[[float, float], float] = random.uniform
