"""Delay that a server asks for before the next request."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_MAX_DELAY = 3600.0  # seconds; who says more means: not today


def parse_retry_delay(headers: Mapping[str, str], status: int, wall: float) -> float:
    """Return the seconds to wait before the next request, at most an hour; 0 if the server asks for no valid delay.

    `wall` is Unix time. `Retry-After` counts on 429 and 503, in seconds or as a date; the reset time of an exhausted
    limit (`X-RateLimit-Remaining: 0`) counts on every answer.
    """
    seconds = 0.0
    if status in (429, 503):
        seconds = _parse_retry_after(headers.get("retry-after", "").strip(), wall)
    if headers.get("x-ratelimit-remaining", "").strip() == "0":
        reset = headers.get("x-ratelimit-reset", "").strip()
        seconds = max(seconds, _parse_number(reset) - wall if len(reset) > 9 else _parse_number(reset))
    return min(max(seconds, 0.0), _MAX_DELAY)


def _parse_number(text: str) -> float:
    """Return the number that the text spells; 0 if it is not a number."""
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0.0


def _parse_retry_after(text: str, wall: float) -> float:
    if seconds := _parse_number(text):
        return seconds
    try:
        return parsedate_to_datetime(text).timestamp() - wall
    except (TypeError, ValueError, OverflowError, OSError):
        return 0.0
