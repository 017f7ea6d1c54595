"""Limits of a run: requests to others, and waiting times; all times in seconds."""

import msgspec


class WebLimits(msgspec.Struct, frozen=True):
    """Limits of a run. The defaults are polite: whoever maintains a server should not notice the requests."""

    slots: int = 16  # requests in flight
    per_host: int = 2  # of these at one host
    gap: float = 0.25  # between two requests to one host
    jitter: float = 0.2  # share by which a gap or a lifetime varies
    connect: float = 5.0  # name and connection
    read: float = 10.0  # between two pieces of an answer
    attempt: float = 20.0  # all hops of one attempt, without the waiting before each
    body: int = 65_536  # bytes of a body that are read
    hops: int = 5  # redirects that are followed
    retries: int = 2
    backoff: tuple[float, ...] = (1.0, 4.0)  # the longest pause before each retry
    second_look: float = 10.0  # before something is called broken
    patience: float = 30.0  # the longest `Retry-After` that is waited for
    failures: int = 3  # in a row, after which a host is left alone for the rest of the run
    cooldown: float = 1800.0  # the longest time that a host is left alone in later runs
    budget: float = 900.0  # of the whole run; 0: none
