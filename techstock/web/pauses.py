"""How long a server asks us to stay away."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_LONGEST = 3600.0  # seconds; who says more means: not today


def pause(headers: Mapping[str, str], status: int, wall: float) -> float:
    """Seconds to stay away, 0 where the server asks for nothing that can be understood; at most an hour.

    `wall` is Unix time. `Retry-After` counts on 429 and 503, in seconds or as a date; what is left of a limit that
    resets (`X-RateLimit-Remaining: 0`) on every answer.
    """
    seconds = 0.0
    if status in (429, 503):
        seconds = _retry_after(headers.get("retry-after", "").strip(), wall)
    if headers.get("x-ratelimit-remaining", "").strip() == "0":
        reset = headers.get("x-ratelimit-reset", "").strip()
        seconds = max(seconds, _digits(reset) - wall if len(reset) > 9 else _digits(reset))
    return min(max(seconds, 0.0), _LONGEST)


def _digits(text: str) -> float:
    """A number of seconds; 0 for whatever is none."""
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0.0


def _retry_after(text: str, wall: float) -> float:
    if seconds := _digits(text):
        return seconds
    try:
        return parsedate_to_datetime(text).timestamp() - wall
    except (TypeError, ValueError, OverflowError, OSError):
        return 0.0
